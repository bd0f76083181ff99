import { describe, expect, test } from "vitest";
import { Ear, FakeSocket, FakeWorld, settle } from "../../tests/fake-world";
import { Feed, GIVEN_UP, PING, STEADY } from "./feed";

/** In which a reader must be told that what is shown may be old. */
const LIMIT = 10_000;
/** After which the first attempt after a cut has been made. */
const RETRIED = 500;

function stage(query = "type=simulation") {
  const world = new FakeWorld();
  const ear = new Ear();
  const feed = new Feed(new URLSearchParams(query), world, ear);
  return { world, ear, feed };
}

/** A feed that has been greeted at 7, by a server that answers pings. */
async function greeted() {
  const all = stage();
  all.feed.start();
  await settle();
  const first = all.world.last;
  first.hello(7);
  return { ...all, first };
}

const answering = (socket: FakeSocket) => {
  const send = socket.send.bind(socket);
  socket.send = (text) => {
    send(text);
    socket.pong();
  };
};

describe("a stream that stands", () => {
  test("asks for what the page wants, from the beginning without a number", async () => {
    const { first } = await greeted();
    expect(first.query.toString()).toBe("type=simulation");
  });

  test("loads once, then passes on events one by one and in batches", async () => {
    const { first, ear } = await greeted();
    first.event(8);
    first.batch(9, 11);
    expect(ear.reloads).toBe(1);
    expect(ear.seqs).toEqual([8, 9, 11]);
    expect(ear.healths).toEqual(["live"]);
  });

  test("passes on figures and the server's time", async () => {
    const { first, ear } = await greeted();
    first.say({ type: "stats", seq: 8, at: "T", data: { spool: 3 } });
    first.pong();
    expect(ear.figures).toEqual([{ spool: 3 }]);
    expect(ear.times).toEqual(["2026-03-01T12:00:00Z", "2026-03-01T12:00:05Z"]);
  });

  test("figures are no position: what follows them is passed on", async () => {
    const { first, ear } = await greeted();
    first.say({ type: "stats", seq: 100, at: "T", data: {} });
    first.event(8);
    expect(ear.seqs).toEqual([8]);
  });

  test.each([
    ["no JSON", "<html>502</html>"],
    ["not an object", "[1,2]"],
    ["null", "null"],
    ["without a type", '{"seq":9}'],
    ["an event without a number", '{"type":"job","uid":"x"}'],
    ["a batch without events", '{"type":"batch","seq":9}'],
    ["a hello without a number", '{"type":"hello"}'],
  ])("a frame that is %s is silence, and harms nothing", async (_, text) => {
    const { first, ear } = await greeted();
    first.say(text);
    first.onmessage?.({ data: new ArrayBuffer(3) });
    first.event(8);
    expect(ear.seqs).toEqual([8]);
    expect(ear.reloads).toBe(1);
  });

  test("of a batch the events that are none are left out", async () => {
    const { first, ear } = await greeted();
    first.say({ type: "batch", seq: 9, events: [null, { type: "job" }, { seq: 9, type: "job", uid: "a", data: null }] });
    expect(ear.seqs).toEqual([9]);
  });

  test("an error that the server says is heard and nothing more", async () => {
    const { first, ear } = await greeted();
    first.say({ type: "error", title: "Bad", detail: "no" });
    expect(ear.now).toBe("live");
  });

  test("is asked every four seconds, and stays live as long as it answers", async () => {
    const { world, first, ear } = await greeted();
    answering(first);
    await world.pass(60_000);
    expect(first.pings).toBeGreaterThanOrEqual(60_000 / (PING + 500) - 1);
    expect(ear.healths).toEqual(["live"]);
    expect(world.sockets).toHaveLength(1);
  });
});

describe("a cut", () => {
  test("is said at once, and the next connection goes on from the last event", async () => {
    const { world, first, ear } = await greeted();
    first.event(12);
    first.die();
    expect(ear.now).toBe("lost");
    await world.pass(RETRIED);
    expect(world.last.query.get("since")).toBe("12");
    world.last.hello(12);
    world.last.batch(13, 14);
    expect(ear.reloads).toBe(1);
    expect(ear.seqs).toEqual([12, 13, 14]);
    expect(ear.now).toBe("live");
  });

  test("before the first event goes on from the greeting", async () => {
    const { world, first } = await greeted();
    first.die();
    await world.pass(RETRIED);
    expect(world.last.query.get("since")).toBe("7");
  });

  test("what comes twice is passed on once", async () => {
    const { world, first, ear } = await greeted();
    first.batch(8, 9);
    first.die();
    await world.pass(RETRIED);
    world.last.hello(9);
    world.last.batch(8, 9, 10);
    world.last.event(9);
    expect(ear.seqs).toEqual([8, 9, 10]);
  });

  test("reset: everything is loaded again, and the stream goes on from there", async () => {
    const { world, first, ear } = await greeted();
    first.event(900);
    first.die();
    await world.pass(RETRIED);
    world.last.hello(900);
    world.last.say({ type: "reset", seq: 3 });
    world.last.event(4);
    expect(ear.reloads).toBe(2);
    expect(ear.seqs).toEqual([900, 4]);
  });

  test("a stream that goes on from elsewhere cannot tell what was between: load", async () => {
    const { world, first, ear } = await greeted();
    first.die();
    await world.pass(RETRIED);
    world.last.hello(2);
    world.last.event(3);
    expect(ear.reloads).toBe(2);
    expect(ear.seqs).toEqual([3]);
  });

  test("frames of a connection that was given up are not listened to", async () => {
    const { world, first, ear } = await greeted();
    const late = first.onmessage;
    first.die();
    await world.pass(RETRIED);
    late?.({ data: JSON.stringify({ type: "reset", seq: 0 }) });
    expect(ear.reloads).toBe(1);
  });

  test("waits half a second, then twice as long each time, up to ten seconds", async () => {
    const { world, feed } = stage();
    world.serve = (socket) => socket.die();
    const times: number[] = [];
    const connect = world.connect.bind(world);
    world.connect = (query) => {
      times.push(world.time);
      return connect(query);
    };
    feed.start();
    await world.pass(60_000);
    const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(waits.slice(0, 7)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  test("with luck it is sooner: all pages do not come at once", async () => {
    const { world, feed } = stage();
    world.luck = 0;
    world.serve = (socket) => socket.die();
    feed.start();
    await world.pass(2_000);
    expect(world.sockets.length).toBeGreaterThan(5);
  });

  test("a server that greets and drops is not hammered", async () => {
    const { world, feed } = stage();
    world.serve = (socket) => {
      socket.hello(1);
      socket.die();
    };
    feed.start();
    await world.pass(30_000);
    expect(world.sockets.length).toBeLessThan(9);
  });

  test("after a connection that held, the next wait is a short one", async () => {
    const { world, feed } = stage();
    world.serve = (socket) => socket.die();
    feed.start();
    await world.pass(20_000);
    world.serve = (socket) => {
      answering(socket);
      socket.hello(1);
    };
    await world.pass(10_000 + STEADY);
    const before = world.sockets.length;
    world.last.die();
    await world.pass(500);
    expect(world.sockets.length).toBe(before + 1);
  });

  test("an attempt that fails before there is a socket is tried again", async () => {
    const { world, feed, ear } = stage();
    world.attempts = [() => Promise.reject(new Error("no ticket"))];
    feed.start();
    await settle();
    expect(ear.now).toBe("lost");
    await world.pass(500);
    world.last.hello(1);
    expect(ear.now).toBe("live");
  });
});

describe("the badge is right within ten seconds", () => {
  test.each([0, 1, 1_999, 3_499, 3_999, 4_001, 7_777])(
    "when the server freezes %i ms after the greeting",
    async (delay) => {
      const { world, first, ear } = await greeted();
      const send = first.send.bind(first);
      let frozen = false;
      first.send = (text) => {
        send(text);
        if (!frozen) first.pong();
      };
      await world.pass(delay);
      frozen = true;
      await world.pass(LIMIT - 500);
      expect(["stale", "lost"]).toContain(ear.now);
    },
  );

  test("and when it goes on, all is well again without another connection", async () => {
    const { world, first, ear } = await greeted();
    await world.pass(PING + 5_000);
    expect(ear.now).toBe("stale");
    first.pong();
    expect(ear.now).toBe("live");
    expect(world.sockets).toHaveLength(1);
  });

  test("when it stays frozen, another connection is tried, and the old one closed", async () => {
    const { world, first, ear } = await greeted();
    await world.pass(PING + GIVEN_UP + 2_000);
    expect(first.closed).toBe(true);
    expect(ear.now).toBe("lost");
    expect(world.sockets.length).toBeGreaterThan(1);
  });

  test("when the first connection is never answered", async () => {
    const { world, feed, ear } = stage();
    feed.start();
    await world.pass(LIMIT);
    expect(ear.now).toBe("lost");
    expect(world.sockets[0]?.closed).toBe(true);
  });

  test("when the ticket is never answered; a late one opens nothing", async () => {
    const { world, feed, ear } = stage();
    let late: (socket: FakeSocket) => void = () => undefined;
    world.attempts = [() => new Promise((resolve) => (late = resolve))];
    feed.start();
    await world.pass(LIMIT);
    expect(ear.now).toBe("lost");
    const socket = new FakeSocket(new URLSearchParams());
    late(socket);
    await settle();
    expect(socket.closed).toBe(true);
    expect(socket.onmessage).toBeNull();
  });

  test("when the cable is pulled while it reconnects", async () => {
    const { world, first, ear } = await greeted();
    first.die();
    await world.pass(120_000);
    expect(ear.healths).toEqual(["live", "lost"]);
    // Each attempt was given up and closed: one may be open.
    expect(world.sockets.filter((socket) => !socket.closed).length).toBeLessThanOrEqual(1);
    world.serve = (socket) => {
      answering(socket);
      socket.hello(7);
    };
    await world.pass(2 * LIMIT);
    expect(ear.now).toBe("live");
  });

  test("when the machine has slept and the connection is dead without a word", async () => {
    const { world, first, ear } = await greeted();
    answering(first);
    await world.pass(10_000);
    first.send = () => undefined;
    await world.sleep(8 * 3_600_000);
    await world.pass(LIMIT - 500);
    expect(["stale", "lost"]).toContain(ear.now);
  });

  test("when somebody looks again after a sleep, sooner", async () => {
    const { world, first, feed, ear } = await greeted();
    await world.pass(1_000);
    world.time += 3_600_000;
    feed.hurry();
    expect(first.pings).toBe(1);
    await world.pass(5_000);
    expect(ear.now).toBe("stale");
  });

  test("a page in the background, whose timers fire once a minute, is not taken for silent", async () => {
    const { world, first, ear } = await greeted();
    answering(first);
    for (let minute = 0; minute < 10; minute++) await world.sleep(60_000);
    expect(ear.healths).toEqual(["live"]);
    expect(world.sockets).toHaveLength(1);
  });
});

describe("hurry and stop", () => {
  test("hurry tries at once instead of waiting", async () => {
    const { world, first, feed } = await greeted();
    first.die();
    feed.hurry();
    await settle();
    expect(world.sockets).toHaveLength(2);
    await world.pass(500);
    expect(world.sockets).toHaveLength(2);
  });

  test("hurry during an attempt makes no second one", async () => {
    const { world, feed } = stage();
    feed.start();
    feed.hurry();
    await settle();
    feed.hurry();
    await settle();
    expect(world.sockets).toHaveLength(1);
  });

  test("stop closes, and nothing happens after it", async () => {
    const { world, first, feed, ear } = await greeted();
    feed.stop();
    expect(first.closed).toBe(true);
    first.onclose?.();
    feed.hurry();
    await world.pass(60_000);
    expect(ear.healths).toEqual(["live"]);
    expect(world.sockets).toHaveLength(1);
    expect(world.waiting).toBe(0);
  });

  test("a socket that opens after stop is closed", async () => {
    const { world, feed, ear } = stage();
    feed.start();
    feed.stop();
    await settle();
    expect(world.last.closed).toBe(true);
    world.last.onmessage?.({ data: '{"type":"hello","seq":1}' });
    expect(ear.reloads).toBe(0);
  });
});
