/** Whether what is shown is true now. */

import type { Health } from "../live/feed";
import { health } from "../live/use-live";

const WORDS: Record<Health, [label: string, meaning: string]> = {
  connecting: ["Connecting", "The live stream is being opened"],
  live: ["Live", "Changes are shown as they happen"],
  stale: ["Stale", "Nothing was heard for a while: what is shown may be old"],
  lost: ["Reconnecting", "The connection is lost: what is shown may be old. It is tried again by itself"],
};

export function HealthBadge() {
  const [label, meaning] = WORDS[health.value];
  return (
    <span class={`health ${health.value}`} title={meaning} role="status" data-health={health.value}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {health.value === "live" ? (
          <circle cx="5" cy="5" r="4" fill="currentColor" />
        ) : (
          <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" stroke-width="2" />
        )}
      </svg>
      {label}
    </span>
  );
}
