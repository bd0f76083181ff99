/** The promise of the whole: however often the line is cut, every event is passed on once, in order. */

import { expect, test } from "vitest";
import { Ear, type FakeSocket, FakeWorld } from "../../tests/fake-world";
import { Feed } from "./feed";

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A server with a log: resumes from `since`, repeats a little now and then, and may freeze. */
class Server {
  head = 0;
  private readonly told = new Map<FakeSocket, number>();

  constructor(private readonly roll: () => number) {}

  welcome(socket: FakeSocket): void {
    if (this.roll() < 0.15) return; // accepted by the kernel, never answered
    if (this.roll() < 0.1) return socket.die();
    const since = socket.query.get("since");
    socket.hello(since === null ? this.head : Number(since));
    this.told.set(socket, since === null ? this.head : Math.max(0, Number(since) - Math.floor(this.roll() * 3)));
    const send = socket.send.bind(socket);
    socket.send = (text) => {
      send(text);
      if (this.told.has(socket)) socket.pong();
    };
  }

  happen(): void {
    this.head += 1 + Math.floor(this.roll() * 5);
    for (const [socket, from] of this.told) {
      if (this.roll() < 0.3) continue; // it is busy: more at once the next time
      const seqs = Array.from({ length: this.head - from }, (_, i) => from + 1 + i);
      if (seqs.length === 1) socket.event(seqs[0] ?? 0);
      else socket.batch(...seqs);
      this.told.set(socket, this.head);
    }
  }

  cut(): void {
    for (const socket of this.told.keys()) {
      this.told.delete(socket);
      // Cleanly, or without a word: the page must find out by itself.
      if (this.roll() < 0.6) socket.die();
    }
  }
}

test.each(Array.from({ length: 40 }, (_, seed) => seed))("cut at random, seed %i", async (seed) => {
  const roll = dice(seed);
  const world = new FakeWorld();
  const server = new Server(roll);
  world.chance = roll;
  world.serve = (socket) => server.welcome(socket);
  const ear = new Ear();
  const feed = new Feed(new URLSearchParams(), world, ear);
  feed.start();
  await world.pass(30_000);
  const from = server.head;

  for (let step = 0; step < 300; step++) {
    server.happen();
    if (roll() < 0.1) server.cut();
    if (roll() < 0.05) feed.hurry();
    await world.pass(Math.floor(roll() * 3_000));
  }
  for (let step = 0; step < 40; step++) {
    server.happen();
    await world.pass(3_000);
  }

  const all = Array.from({ length: server.head - from }, (_, i) => from + 1 + i);
  expect(ear.seqs.filter((seq) => seq > from)).toEqual(all.slice(0, ear.seqs.length));
  expect(ear.seqs.at(-1)).toBeGreaterThan(server.head - 20);
  expect(ear.reloads).toBe(1);
  expect(ear.now).toBe("live");
});
