/** A run as a row of the table. All of it leads to the run's page; the name is the link. */

import { runAddress } from "../../logic/routes";
import { go } from "../../state/location";
import { Progress } from "../../ui/progress";
import { StateMark } from "../../ui/state-mark";
import { Ago } from "../../ui/when";
import { FateTag, Jobs, NameLink, Science, Try, Word, lit } from "./cells";
import type { Row } from "./row";

export function RunRow({ row }: { row: Row }) {
  const run = row.run.value;
  const fate = row.fate.value;
  return (
    <tr
      class={`run-row ${fate}${row.fresh.value ? " row-fresh" : ""}`}
      data-uid={run.uid}
      onClick={(event) => follow(event, run.uid)}
      onAuxClick={(event) => follow(event, run.uid)}
    >
      <td class={lit(row, "state")}>
        <StateMark state={run.state} />
      </td>
      <td class={lit(row, "name")}>
        <span class="row-two">
          <NameLink run={run} />
          <span class="row-second">
            <FateTag fate={fate} />
            <Science run={run} />
          </span>
        </span>
      </td>
      <td class={lit(row, "progress")}>
        <Progress share={run.progress} state={run.state} />
      </td>
      <td class={lit(row, "jobs")}>
        <Jobs run={run} />
      </td>
      <td class={lit(row, "try")}>
        <Try run={run} />
      </td>
      <td class={lit(row, "place")}>
        <span class="row-two">
          <Word word={run.machine} />
          <Word word={run.centre} quiet />
        </span>
      </td>
      <td>
        <span class="row-two">
          <Word word={run.login} />
          <Word word={run.space} quiet />
        </span>
      </td>
      <td>
        <span class="row-two">
          <Ago at={run.started_at} />
          <span class="quiet small">
            <Ago at={run.last_message_at} />
          </span>
        </span>
      </td>
    </tr>
  );
}

/** Goes to the run, in another tab with the keys and buttons that mean that. */
function follow(event: MouseEvent, uid: string): void {
  const onLink = event.target instanceof Element && event.target.closest("a, button");
  if (event.defaultPrevented || onLink || event.button > 1) return;
  // Who marks a text does not want to leave.
  if (!window.getSelection()?.isCollapsed) return;
  if (event.button === 1 || event.ctrlKey || event.metaKey) window.open(runAddress(uid), "_blank", "noopener");
  else go(runAddress(uid));
}
