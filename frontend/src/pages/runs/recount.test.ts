import { expect, it } from "vitest";
import { Recount } from "./recount";

/** Time that passes when it is told to. */
class Hours {
  time = 0;
  private timers: { at: number; then: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, then: () => void): () => void {
    const timer = { at: this.time + milliseconds, then };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.time = due.at;
      this.timers = this.timers.filter((timer) => timer !== due);
      due.then();
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    }
    this.time = end;
  }
}

function rig(answer: () => Promise<void> = async () => undefined) {
  const hours = new Hours();
  const asked: number[] = [];
  const recount = new Recount(() => {
    asked.push(hours.time);
    return answer();
  }, hours);
  return { hours, asked, recount };
}

it("asks at once, then no more often than every five seconds, however much happens", async () => {
  const { hours, asked, recount } = rig();
  for (let at = 0; at < 12_000; at += 100) {
    recount.want();
    await hours.pass(100);
  }

  expect(asked).toEqual([0, 5_000, 10_000]);
});

it("waits longer each time it fails, and goes on", async () => {
  const { hours, asked, recount } = rig(() => Promise.reject(new Error("503")));
  recount.want();
  await hours.pass(36_000);

  expect(asked).toEqual([0, 10_000, 30_000]);
});

it("does not ask what was just answered", async () => {
  const { hours, asked, recount } = rig();
  recount.fresh();
  recount.want();
  recount.fresh();
  await hours.pass(60_000);

  expect(asked).toEqual([]);
});

it("asks no more when it is stopped while it asks", async () => {
  const { hours, asked, recount } = rig(() => Promise.reject(new Error("503")));
  recount.want();
  const asking = hours.pass(0);
  recount.stop();
  await asking;
  await hours.pass(60_000);

  expect(asked.length).toBeLessThan(2);
});

it("asks no more when it is stopped", async () => {
  const { hours, asked, recount } = rig();
  recount.fresh();
  recount.want();
  recount.stop();
  await hours.pass(60_000);

  expect(asked).toEqual([]);
});
