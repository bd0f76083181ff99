/**
 * A page's own live stream: opened with the page, closed with it.
 *
 * `load` reads the page's content by HTTP. It is called once the stream stands, so that nothing
 * falls between the two, and again after a `reset`. Events that come while it runs wait for it.
 */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { noteServerTime } from "../state/clock";
import { browserWorld } from "./browser";
import { Feed, type Health } from "./feed";
import type { LiveEvent } from "./protocol";

/** How the stream of the page that is shown stands. */
export const health = signal<Health>("connecting");

export interface Live {
  /** The query of the stream; another one is another stream. */
  query: Record<string, string>;
  /** Reads all by HTTP; shows its own failures. */
  load: () => Promise<void>;
  apply: (events: LiveEvent[]) => void;
  stats?: (data: unknown) => void;
}

export function useLive({ query, load, apply, stats }: Live): void {
  const address = new URLSearchParams(query).toString();
  useEffect(() => {
    let waiting: LiveEvent[] | null = null;
    let loading = 0;
    const reload = async () => {
      const mine = ++loading;
      waiting = [];
      await load();
      if (mine !== loading) return;
      const missed = waiting ?? [];
      waiting = null;
      if (missed.length) apply(missed);
    };
    const feed = new Feed(new URLSearchParams(address), browserWorld, {
      events: (events) => (waiting ? waiting.push(...events) : apply(events)),
      reload: () => void reload(),
      health: (now) => {
        health.value = now;
      },
      serverTime: noteServerTime,
      ...(stats ? { stats } : {}),
    });
    const hurry = () => {
      if (document.visibilityState === "visible") feed.hurry();
    };
    health.value = "connecting";
    feed.start();
    // A page without a stream shows its content all the same.
    const patience = window.setTimeout(() => {
      if (loading === 0) void reload();
    }, 2_000);
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      window.clearTimeout(patience);
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      loading = -1;
      feed.stop();
    };
    // A page's functions do not change with its state: the address alone names the stream.
  }, [address]);
}
