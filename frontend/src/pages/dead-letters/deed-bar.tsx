/** What can be done to the letters that are marked, how far it has come, and what came of it. */

import { count } from "../../logic/formats";
import { Icon } from "../../ui/icon";
import { summary } from "./deeds";
import { account, chosen, perform, running, unmarkAll } from "./store";

export function DeedBar({ askDrop }: { askDrop: (ids: string[]) => void }) {
  const ids = chosen.value.map((letter) => letter.id);
  return (
    <>
      {ids.length > 0 && !running.value && (
        <div class="panel deed-bar" role="group" aria-label="Selected letters">
          <strong class="number">{count(ids.length)} selected</strong>
          <button type="button" class="button" onClick={() => void perform("resend", ids)}>
            <Icon name="again" />
            Resend
          </button>
          <button type="button" class="button danger" onClick={() => askDrop(ids)}>
            <Icon name="bin" />
            Drop…
          </button>
          <button type="button" class="button bare" onClick={unmarkAll}>
            Clear selection
          </button>
        </div>
      )}
      <Running />
      <div role="status">
        <Result />
      </div>
    </>
  );
}

function Running() {
  const now = account.value;
  if (!running.value || !now) return null;
  const done = now.outcomes.length;
  return (
    <div class="panel deed-bar">
      <strong>{now.deed === "resend" ? "Resending" : "Dropping"}</strong>
      <span class="progress">
        <progress value={done} max={now.asked} aria-label="Letters dealt with" />
      </span>
      <span class="number">
        {count(done)} of {count(now.asked)}
      </span>
      <button type="button" class="button" onClick={() => running.value?.abort()}>
        Stop
      </button>
    </div>
  );
}

const SHAPES = { good: "is-complete", mixed: "is-late", bad: "is-error" } as const;

/** What came of the last deed; stays until the reader has done with it. */
export function Result() {
  const ended = account.value;
  if (!ended || running.value) return null;
  const { tone, text, detail } = summary(ended);
  return (
    <div class={`deed-result ${SHAPES[tone]}`} data-tone={tone}>
      <div>
        <strong>
          {ended.deed === "resend" ? "Resent" : "Dropped"}: <span class="text">{text}</span>
        </strong>
        {detail && <p class="text small">{detail}</p>}
      </div>
      <button
        type="button"
        class="button bare icon"
        aria-label="Dismiss"
        onClick={() => {
          account.value = null;
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
