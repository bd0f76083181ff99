import { describe, expect, test } from "vitest";
import { event, FakeWorld, settle } from "../../tests/fake-world";
import { Content } from "./content";

/** A page whose loads end when the test says so. */
function page() {
  const world = new FakeWorld();
  const loads: { signal: AbortSignal; end: (result?: unknown) => Promise<void>; fail: () => Promise<void> }[] = [];
  const applied: number[][] = [];
  const current: boolean[] = [];
  const content = new Content(
    {
      load: (signal) =>
        new Promise((resolve, reject) => {
          const end = (result?: unknown) => (resolve(result), settle());
          const fail = () => (reject(new Error("503")), settle());
          loads.push({ signal, end, fail });
        }),
      apply: (events) => applied.push(events.map(({ seq }) => seq)),
      current: (now) => current.push(now),
    },
    world,
  );
  return { world, loads, applied, current, content };
}

describe("the first load", () => {
  test("events wait for it", async () => {
    const { content, loads, applied } = page();
    void content.reload();
    content.events([event(1)]);
    content.events([event(2), event(3)]);
    expect(applied).toEqual([]);
    await loads[0]?.end();
    expect(applied).toEqual([[1, 2, 3]]);
    content.events([event(4)]);
    expect(applied).toEqual([[1, 2, 3], [4]]);
  });

  test.each(["false", "a rejection"])("that fails by %s is tried again until it succeeds", async (how) => {
    const { world, content, loads, current, applied } = page();
    void content.reload();
    const fail = (i: number) => (how === "false" ? loads[i]?.end(false) : loads[i]?.fail());
    await fail(0);
    expect(content.begun).toBe(false);
    content.events([event(1)]);
    await world.pass(500);
    expect(loads).toHaveLength(2);
    await fail(1);
    await world.pass(999);
    expect(loads).toHaveLength(2);
    await world.pass(1);
    await loads[2]?.end();
    expect(current).toEqual([false, false, true]);
    // What came before the load that succeeded is in it.
    expect(applied).toEqual([]);
  });

  test("that failed is tried at once when the server is heard again", async () => {
    const { content, loads } = page();
    void content.reload();
    await loads[0]?.fail();
    content.hurry();
    expect(loads).toHaveLength(2);
    content.hurry();
    expect(loads).toHaveLength(2);
  });
});

describe("a later load", () => {
  async function shown() {
    const all = page();
    void all.content.reload();
    await all.loads[0]?.end();
    return all;
  }

  test("hides no event while it runs, and undoes none when it ends", async () => {
    const { content, loads, applied } = await shown();
    void content.reload();
    content.events([event(5)]);
    expect(applied).toEqual([[5]]);
    await loads[1]?.end();
    expect(applied).toEqual([[5], [5]]);
  });

  test("that fails leaves the page to its events", async () => {
    const { content, loads, applied, current } = await shown();
    void content.reload();
    await loads[1]?.fail();
    content.events([event(6)]);
    expect(applied).toEqual([[6]]);
    expect(current.at(-1)).toBe(false);
  });

  test("makes the one before it void", async () => {
    const { content, loads, current } = await shown();
    void content.reload();
    void content.reload();
    expect(loads[1]?.signal.aborted).toBe(true);
    await loads[1]?.fail();
    await loads[2]?.end();
    expect(current).toEqual([true, true]);
  });

  test("stop: neither its end nor its failure does anything", async () => {
    const { world, content, loads, current } = await shown();
    void content.reload();
    content.stop();
    expect(loads[1]?.signal.aborted).toBe(true);
    await loads[1]?.fail();
    await world.pass(60_000);
    expect(loads).toHaveLength(2);
    expect(current).toEqual([true]);
    expect(world.waiting).toBe(0);
  });
});
