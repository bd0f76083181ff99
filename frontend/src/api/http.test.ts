import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { get, getRoot, isAborted, onUnauthorised, post, Problem, remove, setToken } from "./http";

// A real server of this machine: a page's relative addresses are its own.
let server: Server;
let asked: IncomingMessage[];
let answer: (response: ServerResponse) => void;
const plain = globalThis.fetch;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request);
    answer(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  globalThis.fetch = (path, options) => plain(`http://127.0.0.1:${port}${String(path)}`, options);
});

afterEach(async () => {
  globalThis.fetch = plain;
  setToken("");
  onUnauthorised(() => undefined);
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

function says(status: number, body: string, type = "application/json"): void {
  answer = (response) => response.writeHead(status, { "Content-Type": type }).end(body);
}

const failing = async (attempt: Promise<unknown>): Promise<Problem> => {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
};

describe("a request", () => {
  test("reads JSON below /api/v1, or at the root", async () => {
    says(200, '{"items":[]}');
    expect(await get("/mails?limit=1")).toEqual({ items: [] });
    expect(await getRoot("/ready")).toEqual({ items: [] });
    expect(asked.map(({ url }) => url)).toEqual(["/api/v1/mails?limit=1", "/ready"]);
    expect(asked[0]?.headers.authorization).toBeUndefined();
  });

  test("acts with a JSON content type, which no form can send, and with the token", async () => {
    setToken("pdg_x");
    says(202, "{}");
    await post("/dead-letters/1/resend");
    answer = (response) => response.writeHead(204).end();
    expect(await remove("/dead-letters/1")).toBeUndefined();
    expect(asked.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
    for (const { headers } of asked) {
      expect(headers["content-type"]).toBe("application/json");
      expect(headers.authorization).toBe("Bearer pdg_x");
    }
  });
});

describe("a failure", () => {
  test("has the words of the server's problem document", async () => {
    says(422, '{"title":"Unprocessable","status":422,"detail":"refused again: not-json","reason":"not-json"}');
    const problem = await failing(post("/dead-letters/1/resend"));
    expect([problem.status, problem.detail, problem.said.reason]).toEqual([422, "refused again: not-json", "not-json"]);
    expect(problem.passing).toBe(false);
  });

  test.each([
    ["a page of a proxy", "<html>Bad gateway</html>"],
    ["nothing", ""],
    ["null", "null"],
  ])("that is explained by %s has words all the same", async (_, body) => {
    says(502, body, "text/html");
    const problem = await failing(get("/stats"));
    expect([problem.status, problem.title, problem.passing]).toEqual([502, "Error 502", true]);
  });

  test("is an answer that is no JSON", async () => {
    says(200, "<html>Sign in to the wifi</html>", "text/html");
    expect((await failing(get("/stats"))).status).toBe(0);
  });

  test("is an answer that breaks off", async () => {
    answer = (response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write('{"items":');
      setTimeout(() => response.destroy(), 5);
    };
    expect((await failing(get("/stats"))).status).toBe(0);
  });

  test("is a server that is not there", async () => {
    globalThis.fetch = () => plain("http://127.0.0.1:1/");
    const problem = await failing(get("/stats"));
    expect([problem.status, problem.passing]).toEqual([0, true]);
  });

  test("is none where the page gave up itself", async () => {
    answer = () => undefined;
    const giving = new AbortController();
    const attempt = get("/stats", giving.signal);
    setTimeout(() => giving.abort(), 5);
    const error: unknown = await attempt.catch((thrown: unknown) => thrown);
    expect(isAborted(error)).toBe(true);
  });
});

describe("401", () => {
  test("is told to whoever asks for a token", async () => {
    let told = 0;
    onUnauthorised(() => (told += 1));
    says(401, '{"title":"Unauthorized","status":401,"detail":"a token is needed"}');
    expect((await failing(get("/stats"))).status).toBe(401);
    expect(told).toBe(1);
  });

  test("to a token that is not used any more says nothing of the new one", async () => {
    let told = 0;
    onUnauthorised(() => (told += 1));
    setToken("old");
    answer = (response) => {
      setToken("new");
      response.writeHead(401).end();
    };
    await failing(get("/stats"));
    expect(told).toBe(0);
  });
});
