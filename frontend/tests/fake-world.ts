/** A world for feeds in which time passes when it is told to, and sockets do what a test says. */

import type { Health, Listener, Socket, World } from "../src/live/feed";
import type { LiveEvent } from "../src/live/protocol";

export class FakeSocket implements Socket {
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: string[] = [];
  closed = false;
  greeted = false;

  constructor(readonly query: URLSearchParams) {}

  send(text: string): void {
    // As a browser's does before it is open.
    if (!this.greeted) throw new Error("InvalidStateError");
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  // -- what the other end does

  say(frame: unknown): void {
    if (this.closed) return;
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }

  hello(seq: number): void {
    this.greeted = true;
    this.say({ type: "hello", seq, at: "2026-03-01T12:00:00Z" });
  }

  event(seq: number, uid = `object-${seq}`): void {
    this.say(event(seq, uid));
  }

  batch(...seqs: number[]): void {
    this.say({ type: "batch", seq: seqs.at(-1), events: seqs.map((seq) => event(seq)) });
  }

  pong(): void {
    this.say({ type: "pong", seq: 0, at: "2026-03-01T12:00:05Z" });
  }

  /** The connection is gone, and the browser has noticed. */
  die(): void {
    this.closed = true;
    this.onclose?.();
  }

  get pings(): number {
    return this.sent.filter((text) => text.includes("ping")).length;
  }
}

export const event = (seq: number, uid = `object-${seq}`): LiveEvent => ({
  seq,
  type: "simulation",
  at: "2026-03-01T12:00:00Z",
  uid,
  data: { uid },
});

interface Timer {
  at: number;
  then: () => void;
}

export class FakeWorld implements World {
  time = 0;
  luck = 1;
  sockets: FakeSocket[] = [];
  /** What the next attempts meet; without a word they get a socket at once. */
  attempts: (() => Promise<FakeSocket>)[] = [];
  /** How each socket behaves as soon as it is there. */
  serve: (socket: FakeSocket) => void = () => undefined;
  private timers = new Set<Timer>();

  connect(query: string): Promise<Socket> {
    const make = () => {
      const socket = new FakeSocket(new URLSearchParams(query));
      this.sockets.push(socket);
      // After the feed has put its ears on.
      void Promise.resolve().then(() => Promise.resolve().then(() => this.serve(socket)));
      return socket;
    };
    const next = this.attempts.shift();
    return next ? next() : Promise.resolve().then(make);
  }

  now(): number {
    return this.time;
  }

  chance(): number {
    return this.luck;
  }

  after(milliseconds: number, then: () => void): () => void {
    const timer = { at: this.time + milliseconds, then };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get waiting(): number {
    return this.timers.size;
  }

  /** Let time pass, timer by timer. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await settle();
      const due = [...this.timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.then();
    }
    this.time = end;
    await settle();
  }

  /** The machine sleeps: time goes on, timers fire late and all at once. */
  async sleep(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    await this.pass(0);
  }

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("nothing was opened");
    return socket;
  }
}

/** Whatever was promised has happened. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

export class Ear implements Listener {
  seqs: number[] = [];
  reloads = 0;
  healths: Health[] = [];
  times: string[] = [];
  figures: unknown[] = [];

  events(events: LiveEvent[]): void {
    this.seqs.push(...events.map((event) => event.seq));
  }
  reload(): void {
    this.reloads += 1;
  }
  health(health: Health): void {
    this.healths.push(health);
  }
  serverTime(at: string): void {
    this.times.push(at);
  }
  stats(data: unknown): void {
    this.figures.push(data);
  }
  get now(): Health {
    return this.healths.at(-1) ?? "connecting";
  }
}
