/** The HTTP API from a page: JSON in, JSON out, every failure a `Problem` with words to show. */

import type { ProblemDocument } from "./types";

const ROOT = "/api/v1";

/** A request that failed; `status` 0 means that the server could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(`${title}: ${detail}`);
  }
}

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
  return request<T>("GET", path, signal);
}

/** Ask for an action without a body. */
export function post<T>(path: string): Promise<T> {
  return request<T>("POST", path);
}

/** Remove a resource. */
export function remove(path: string): Promise<void> {
  return request<void>("DELETE", path);
}

async function request<T>(method: string, path: string, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  if (token) headers["Authorization"] = `Bearer ${token}`;
  const answer = await reach(ROOT + path, { method, headers, ...(signal ? { signal } : {}) });
  if (answer.status === 401) unauthorised();
  if (!answer.ok) throw await problemOf(answer);
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
}

async function reach(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "No answer", "The platform cannot be reached just now.");
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  const said: Partial<ProblemDocument> = await answer.json().catch(() => ({}));
  const title = said.title ?? `Error ${answer.status}`;
  return new Problem(answer.status, title, said.detail ?? "The platform gave no reason.");
}
