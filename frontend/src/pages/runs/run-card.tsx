/** A run as a card, where the window is too narrow for a table. */

import { Progress } from "../../ui/progress";
import { StateMark } from "../../ui/state-mark";
import { Ago } from "../../ui/when";
import { FateTag, Jobs, NameLink, Pair, Science, Try, lit } from "./cells";
import type { Row } from "./row";

export function RunCard({ row }: { row: Row }) {
  const run = row.run.value;
  const fate = row.fate.value;
  return (
    <li class={`run-card panel ${fate}${row.fresh.value ? " row-fresh" : ""}`} data-uid={run.uid}>
      <div class="head">
        <span class={lit(row, "state")}>
          <StateMark state={run.state} />
        </span>
        <FateTag fate={fate} />
        <span class="quiet small">
          <Ago at={run.last_message_at} />
        </span>
      </div>
      <NameLink run={run} />
      <span class="row-second">
        <Science run={run} />
      </span>
      <Progress share={run.progress} state={run.state} />
      <Jobs run={run} />
      <dl class="card-facts">
        <dt>Machine</dt>
        <dd>
          <Pair one={run.machine} other={run.centre} />
        </dd>
        <dt>Login</dt>
        <dd>
          <Pair one={run.login} other={run.space} />
        </dd>
        <dt>Try</dt>
        <dd>
          <Try run={run} />
        </dd>
        <dt>Started</dt>
        <dd>
          <Ago at={run.started_at} />
        </dd>
      </dl>
    </li>
  );
}
