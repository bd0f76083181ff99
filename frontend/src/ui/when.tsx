/** A time: how long ago, with the whole time to be seen beside it. */

import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { ago, moment } from "../logic/formats";
import { now } from "../state/clock";
import { zone } from "../state/preferences";

/** `5 min ago`; the exact time on hover. */
export function Ago({ at }: { at: string | null }) {
  // Of hundreds on a page only those are drawn again, each second, whose words have changed.
  const words = useMemo(() => computed(() => (at === null ? "" : ago(Date.parse(at), now.value))), [at]);
  if (at === null) return <span class="quiet">–</span>;
  return (
    <time dateTime={at} title={`${moment(at, zone.value === "utc")} ${zone.value === "utc" ? "UTC" : "local time"}`}>
      {words}
    </time>
  );
}

/** `2026-03-01 14:05:09`; how long ago on hover. */
export function Moment({ at }: { at: string | null }) {
  if (at === null) return <span class="quiet">–</span>;
  return (
    <time dateTime={at} class="number" title={ago(Date.parse(at), now.value)}>
      {moment(at, zone.value === "utc")}
    </time>
  );
}
