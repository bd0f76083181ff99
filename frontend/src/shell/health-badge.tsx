/** Whether what is shown is true now. */

import type { Health } from "../live/feed";
import { health } from "../live/health";

const WORDS: Record<Health, [label: string, meaning: string]> = {
  connecting: ["Connecting", "The live stream is being opened"],
  live: ["Live", "Changes are shown as they happen"],
  stale: ["Stale", "What is shown may be old: the platform does not answer just now"],
  lost: ["Reconnecting", "The connection is lost: what is shown may be old. It is tried again by itself"],
};

export function HealthBadge() {
  const now = health.value;
  // Stays in the page all the same: a status that comes with its words is not always read out.
  if (now === null) return <span role="status" />;
  const [label, meaning] = WORDS[now];
  return (
    <span class={`health ${now}`} title={meaning} role="status" data-health={now}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {now === "live" ? (
          <circle cx="5" cy="5" r="4" fill="currentColor" />
        ) : (
          <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" stroke-width="2" />
        )}
      </svg>
      {label}
    </span>
  );
}
