/**
 * A page's own live stream: opened with the page, closed with it.
 *
 * `load` reads the page's content by HTTP. It is called once the stream stands, so that nothing
 * falls between the two, and again after a `reset`; how events and loads meet is told in
 * `content.ts`.
 */

import { useEffect, useRef } from "preact/hooks";
import { noteServerTime } from "../state/clock";
import { browserWorld } from "./browser";
import { Content, type Source } from "./content";
import { Feed, type Health } from "./feed";
import { noteHealth } from "./health";
import { overheard } from "./overheard";

/** Milliseconds after which a page without a stream shows its content all the same. */
const PATIENCE = 2_000;
/** Milliseconds between loads where no stream can be had. */
const WITHOUT_STREAM = 30_000;

const FRAME_TYPES = ["dead-letter"];

export interface Live extends Pick<Source, "load" | "apply"> {
  /** The query of the stream; another one is another stream. */
  query: Record<string, string>;
  stats?: (data: unknown) => void;
}

/**
 * @returns loads everything again, as for other filters that the stream knows nothing of
 */
export function useLive(live: Live): () => void {
  const latest = useRef(live);
  latest.current = live;
  const content = useRef<Content | null>(null);
  const address = new URLSearchParams(live.query).toString();
  useEffect(() => {
    const stream = open(new URLSearchParams(address), latest);
    content.current = stream.content;
    return stream.close;
  }, [address]);
  return useRef(() => void content.current?.reload()).current;
}

function open(query: URLSearchParams, latest: { readonly current: Live }) {
  const owner = {};
  let health: Health = "connecting";
  let current = true;
  const tell = () => noteHealth(owner, health === "live" && !current ? "stale" : health);
  const content = new Content(
    {
      load: (signal) => latest.current.load(signal),
      apply: (events) => latest.current.apply(events),
      current: (now) => {
        current = now;
        tell();
      },
    },
    browserWorld,
  );
  const loadOnce = () => {
    if (!content.begun) void content.reload();
  };
  const asked = query.get("type")?.split(",") ?? null;
  if (asked) query.set("type", streamed(asked, query).join(","));
  const feed = new Feed(query, browserWorld, {
    events: (events) => {
      overheard(events);
      const own = asked ? events.filter(({ type }) => asked.includes(type)) : events;
      if (own.length) content.events(own);
    },
    reload: () => void content.reload(),
    health: (now) => {
      health = now;
      tell();
      if (now === "live") content.hurry();
      else if (now === "lost") loadOnce();
    },
    serverTime: noteServerTime,
    stats: (data) => latest.current.stats?.(data),
  });
  const hurry = () => {
    if (document.visibilityState === "visible") feed.hurry();
  };
  tell();
  feed.start();
  const patience = window.setTimeout(loadOnce, PATIENCE);
  const instead = window.setInterval(() => {
    if (health === "lost") void content.reload();
  }, WITHOUT_STREAM);
  window.addEventListener("online", hurry);
  window.addEventListener("offline", hurry);
  document.addEventListener("visibilitychange", hurry);
  const close = () => {
    window.clearTimeout(patience);
    window.clearInterval(instead);
    window.removeEventListener("online", hurry);
    window.removeEventListener("offline", hurry);
    document.removeEventListener("visibilitychange", hurry);
    content.stop();
    feed.stop();
    noteHealth(owner, null);
  };
  return { content, close };
}

/** With the types that the frame around the page listens for; none of them belongs to a run. */
const streamed = (asked: readonly string[], query: URLSearchParams): string[] =>
  query.has("simulation") ? [...asked] : [...new Set([...asked, ...FRAME_TYPES])];
