/** The number of dead letters that wait, beside their place in the bar. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get } from "../api/http";
import type { DeadLetter, Page } from "../api/types";
import { overhear } from "../live/overheard";
import { count } from "../logic/formats";
import { DeadTally, type Tally } from "./dead-tally";

/** Milliseconds: however many events come, it is not counted more often. */
const REST = 5_000;
/** Milliseconds between counts where a page's stream tells of no dead letters. */
const LOOK = 60_000;

const tally = new DeadTally();
const shown = signal<Tally | null>(null);

/** @param page counted anew when another page is shown */
export function DeadCount({ page }: { page: string }) {
  useEffect(() => {
    void recount();
    let timer = 0;
    const deaf = overhear((events) => {
      if (!tally.told(events)) return;
      shown.value = tally.now;
      timer ||= window.setTimeout(() => {
        timer = 0;
        void recount();
      }, REST);
    });
    const looks = window.setInterval(() => {
      if (document.visibilityState === "visible") void recount();
    }, LOOK);
    return () => {
      deaf();
      window.clearInterval(looks);
      window.clearTimeout(timer);
    };
  }, [page]);
  const now = shown.value;
  if (!now?.count) return null;
  return (
    <span class="nav-count number" data-waiting={now.count}>
      {count(now.count)}
      {now.atLeast && "+"}
      <span class="unseen"> waiting</span>
    </span>
  );
}

/** Best effort: where it fails the number stays, and the stream moves it. */
async function recount(): Promise<void> {
  const page = await get<Page<DeadLetter>>("/dead-letters?resent=false&limit=1").catch(() => null);
  if (!page) return;
  tally.counted({ count: page.total ?? page.total_at_least ?? 0, atLeast: page.total === undefined });
  shown.value = tally.now;
}
