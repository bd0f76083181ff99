/** The HTTP API from a page: JSON in, JSON out, every failure a `Problem` with words to show. */

import type { ProblemDocument } from "./types";

const ROOT = "/api/v1";
/** Milliseconds: a query ends within 10 s on the server. */
const PATIENCE = 30_000;
/** Milliseconds: an action may move a mail of 96 MiB. */
const PATIENCE_TO_ACT = 120_000;

const SILENT = "The platform cannot be reached just now.";
const GARBLED = "What answered was not the platform: a proxy between, perhaps.";

/** A request that failed; `status` 0 means that the server could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** All that the server said. */
    readonly said: Partial<ProblemDocument> = {},
  ) {
    super(`${title}: ${detail}`);
  }

  /** The same request may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** What was thrown, as something to show. */
export function problemFrom(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(-1, "Something went wrong", String(error));
}

/** A request was given up because nobody waits for it any more. */
export const isAborted = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

let token = "";
let unauthorised: () => void = () => undefined;

/** Use this token for every request from now on; empty: none. */
export function setToken(text: string): void {
  token = text;
}

/** Called when a request is refused for want of a good token. */
export function onUnauthorised(then: () => void): void {
  unauthorised = then;
}

export function hasToken(): boolean {
  return token !== "";
}

/**
 * Read a resource.
 *
 * @param path below `/api/v1`, with its query
 * @throws Problem
 */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>("GET", ROOT + path, PATIENCE, signal);
}

/** Read what stands outside of `/api/v1`. */
export function getRoot<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>("GET", path, PATIENCE, signal);
}

/** Ask for an action without a body. */
export function post<T>(path: string): Promise<T> {
  return request<T>("POST", ROOT + path, PATIENCE_TO_ACT);
}

/** Remove a resource. */
export function remove(path: string): Promise<void> {
  return request<void>("DELETE", ROOT + path, PATIENCE_TO_ACT);
}

async function request<T>(method: string, url: string, patience: number, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  const used = token;
  if (used) headers["Authorization"] = `Bearer ${used}`;
  const limit = AbortSignal.timeout(patience);
  const either = signal ? AbortSignal.any([signal, limit]) : limit;
  const answer = await reach(url, { method, headers, signal: either });
  // An answer to an older token says nothing of the one that is used now.
  if (answer.status === 401 && used === token) unauthorised();
  if (!answer.ok) throw await problemOf(answer);
  return answer.status === 204 ? (undefined as T) : await bodyOf<T>(answer);
}

async function reach(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new Problem(0, "No answer", SILENT);
  }
}

async function bodyOf<T>(answer: Response): Promise<T> {
  try {
    return (await answer.json()) as T;
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new Problem(0, "No answer", error instanceof SyntaxError ? GARBLED : SILENT);
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  const said: Partial<ProblemDocument> = (await answer.json().catch(() => null)) ?? {};
  const title = said.title ?? `Error ${answer.status}`;
  return new Problem(answer.status, title, said.detail ?? "The platform gave no reason.", said);
}
