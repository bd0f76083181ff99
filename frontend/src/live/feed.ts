/**
 * One live stream that survives its connections.
 *
 * The feed knows the number of the last event that it passed on. However a connection ends, the
 * next one goes on from there, and the server tells what was missed or says `reset`. It has no
 * DOM: sockets, time and chance come in from outside.
 */

import { backoff } from "./backoff";
import { type Frame, type LiveEvent, parseFrame } from "./protocol";

/** `live`: frames come; `stale`: a ping is not answered; `lost`: no connection. */
export type Health = "connecting" | "live" | "stale" | "lost";

/** What a feed needs of a WebSocket. */
export interface Socket {
  send(text: string): void;
  close(): void;
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

// Milliseconds. A server that falls silent is seen after PING + ANSWER + TICK at the latest, and
// that is less than the 10 s in which a reader must be told.
const TICK = 500;
/** Between pings. */
export const PING = 4_000;
/** A ping without an answer for so long: what is shown may be old. */
export const ANSWER = 4_000;
/** An attempt, or a ping, without an answer for so long: another connection is worth trying. */
export const GIVEN_UP = 9_000;
/** A connection that held for so long was a good one: the next failure is a first one. */
export const STEADY = 5_000;

export class Feed {
  private seq: number | null = null;
  private socket: Socket | null = null;
  private attempt = 0;
  private failures = 0;
  private closed = false;
  private state: Health = "connecting";
  /** When the present attempt began; null between two attempts. */
  private begun: number | null = null;
  /** When the present connection said hello. */
  private greeted: number | null = null;
  private pinged = 0;
  /** When the oldest ping without an answer was sent. Only that is silence: a page whose timers
   * are slowed down in the background asks rarely, and is answered all the same. */
  private asked: number | null = null;
  private cancelRetry: (() => void) | null = null;
  private cancelTick: (() => void) | null = null;

  constructor(
    private readonly query: URLSearchParams,
    private readonly world: World,
    private readonly listener: Listener,
  ) {}

  start(): void {
    this.tick();
    void this.connect();
  }

  /** The network is back, or somebody looks at the page again: try now, or ask whether it holds. */
  hurry(): void {
    if (this.closed) return;
    if (this.greeted !== null) this.ping();
    else if (this.begun === null) void this.connect();
  }

  stop(): void {
    this.closed = true;
    this.cancelTick?.();
    this.drop();
  }

  private async connect(): Promise<void> {
    this.drop();
    const attempt = this.attempt;
    const query = new URLSearchParams(this.query);
    if (this.seq !== null) query.set("since", String(this.seq));
    this.begun = this.world.now();
    let socket: Socket;
    try {
      socket = await this.world.connect(query.toString());
    } catch {
      // Whatever the reason, the answer is the same: say so on the page and try again.
      if (attempt === this.attempt) this.lost();
      return;
    }
    if (attempt !== this.attempt) {
      socket.close();
      return;
    }
    this.socket = socket;
    socket.onmessage = (message) => this.receive(socket, message.data);
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
  }

  private receive(socket: Socket, data: unknown): void {
    const frame = typeof data === "string" ? parseFrame(data) : null;
    if (frame === null || this.socket !== socket) return;
    this.asked = null;
    this.take(frame);
    if (this.greeted !== null) this.tell("live");
  }

  private take(frame: Frame): void {
    switch (frame.type) {
      case "hello":
        this.listener.serverTime?.(frame.at);
        return this.hello(frame.seq);
      case "pong":
        return this.listener.serverTime?.(frame.at);
      case "reset":
        return this.reload(frame.seq);
      case "stats":
        return this.listener.stats?.(frame.data);
      case "batch":
        return this.pass(frame.events);
      case "event":
        return this.pass([frame.event]);
      case "error":
        return;
    }
  }

  private hello(seq: number): void {
    this.greeted = this.pinged = this.world.now();
    // A stream that goes on from elsewhere than asked cannot tell what was between.
    if (seq !== this.seq) this.reload(seq);
  }

  private reload(seq: number): void {
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
    const held = this.greeted === null ? 0 : this.world.now() - this.greeted;
    if (held >= STEADY) this.failures = 0;
    this.drop();
    this.cancelRetry = this.world.after(backoff(this.failures++, this.world.chance()), () => void this.connect());
    this.tell("lost");
  }

  /** Back to nothing: no attempt, no socket, no plan. */
  private drop(): void {
    const socket = this.socket;
    // A socket that the world still works on is closed when it comes.
    this.attempt += 1;
    this.socket = this.begun = this.greeted = this.asked = null;
    this.cancelRetry?.();
    this.cancelRetry = null;
    socket?.close();
  }

  private tick(): void {
    this.cancelTick = this.world.after(TICK, () => {
      this.tick();
      this.watch(this.world.now());
    });
  }

  private watch(now: number): void {
    const waiting = this.greeted === null ? this.begun : this.asked;
    if (waiting !== null && now - waiting >= GIVEN_UP) this.lost();
    else if (this.asked !== null && now - this.asked >= ANSWER) this.tell("stale");
    else if (this.greeted !== null && now - this.pinged >= PING) this.ping();
  }

  private ping(): void {
    this.pinged = this.world.now();
    this.asked ??= this.pinged;
    this.socket?.send('{"type":"ping"}');
  }

  private tell(health: Health): void {
    if (health === this.state || this.closed) return;
    this.state = health;
    this.listener.health(health);
  }
}
