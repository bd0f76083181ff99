/**
 * One live stream that survives its connections.
 *
 * The feed knows the number of the last event that it passed on. However a connection ends, the
 * next one goes on from there, and the server tells what was missed or says `reset`. It has no
 * DOM: sockets, time and chance come in from outside.
 */

import { backoff } from "./backoff";
import { type Frame, type LiveEvent, parseFrame } from "./protocol";

/** `live`: frames come; `stale`: silence for too long; `lost`: no connection. */
export type Health = "connecting" | "live" | "stale" | "lost";

/** What a feed needs of a WebSocket. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export interface World {
  /** Opens a socket with this query; may have to ask for a ticket first. */
  connect(query: string): Promise<Socket>;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  after(milliseconds: number, then: () => void): () => void;
  chance(): number;
}

export interface Listener {
  /** New events, in their order, each object's newest. */
  events(events: LiveEvent[]): void;
  /** Everything must be loaded by HTTP: at the beginning, and when what was missed is not known. */
  reload(): void;
  health(health: Health): void;
  /** The server's time, as text. */
  serverTime?(at: string): void;
  stats?(data: unknown): void;
}

/** Milliseconds between pings. */
export const PING = 4_000;
/** Milliseconds of silence after which what is shown may be old. */
export const SILENCE = 9_000;
/** Milliseconds of silence after which another connection is worth trying. */
export const GIVEN_UP = 20_000;

export class Feed {
  private seq: number | null = null;
  private socket: Socket | null = null;
  private failures = 0;
  private heard = 0;
  private closed = false;
  private state: Health = "connecting";
  private cancelRetry: (() => void) | null = null;
  private cancelBeat: (() => void) | null = null;
  private attempt = 0;

  constructor(
    private readonly query: URLSearchParams,
    private readonly world: World,
    private readonly listener: Listener,
  ) {}

  start(): void {
    this.heard = this.world.now();
    this.beat();
    void this.connect();
  }

  /** Try now: the network is back, or somebody looks at the page again. */
  hurry(): void {
    if (this.closed || this.socket || !this.cancelRetry) return;
    this.cancelRetry();
    this.cancelRetry = null;
    void this.connect();
  }

  stop(): void {
    this.closed = true;
    this.cancelRetry?.();
    this.cancelBeat?.();
    this.drop();
  }

  private async connect(): Promise<void> {
    const attempt = ++this.attempt;
    const query = new URLSearchParams(this.query);
    if (this.seq !== null) query.set("since", String(this.seq));
    let socket: Socket;
    try {
      socket = await this.world.connect(query.toString());
    } catch {
      // Whatever the reason, the answer is the same: say so on the page and try again.
      if (attempt === this.attempt) this.lost();
      return;
    }
    if (this.closed || attempt !== this.attempt) {
      socket.close();
      return;
    }
    this.socket = socket;
    this.heard = this.world.now();
    socket.onmessage = (message) => this.receive(socket, message.data);
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
  }

  private receive(socket: Socket, data: unknown): void {
    const frame = typeof data === "string" ? parseFrame(data) : null;
    if (frame === null || this.socket !== socket) return;
    this.heard = this.world.now();
    this.take(frame);
    this.tell("live");
  }

  private take(frame: Frame): void {
    if ("at" in frame && (frame.type === "hello" || frame.type === "pong")) {
      this.listener.serverTime?.(frame.at);
    }
    switch (frame.type) {
      case "hello":
        this.hello((frame as { seq: number }).seq);
        return;
      case "reset":
        this.seq = (frame as { seq: number }).seq;
        this.listener.reload();
        return;
      case "stats":
        this.listener.stats?.((frame as { data: unknown }).data);
        return;
      case "batch":
        this.pass((frame as { events: LiveEvent[] }).events);
        return;
      case "pong":
      case "error":
        return;
      default:
        this.pass([frame as LiveEvent]);
    }
  }

  private hello(seq: number): void {
    this.failures = 0;
    if (this.seq !== null) return;
    this.seq = seq;
    this.listener.reload();
  }

  /** What was passed on before a cut may come again: its number says so. */
  private pass(events: LiveEvent[]): void {
    const last = this.seq ?? -1;
    const fresh = events.filter((event) => event.seq > last);
    const newest = fresh.at(-1);
    if (!newest) return;
    this.seq = newest.seq;
    this.listener.events(fresh);
  }

  private lost(): void {
    this.drop();
    if (this.closed) return;
    this.tell("lost");
    this.cancelRetry?.();
    this.cancelRetry = this.world.after(backoff(this.failures++, this.world.chance()), () => {
      this.cancelRetry = null;
      void this.connect();
    });
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private beat(): void {
    this.cancelBeat = this.world.after(PING, () => {
      const silence = this.world.now() - this.heard;
      if (this.socket && silence > GIVEN_UP) this.lost();
      else if (this.socket) this.ping(silence);
      this.beat();
    });
  }

  private ping(silence: number): void {
    if (silence > SILENCE - PING) this.tell("stale");
    this.socket?.send('{"type":"ping"}');
  }

  private tell(health: Health): void {
    if (health === this.state) return;
    this.state = health;
    this.listener.health(health);
  }
}
