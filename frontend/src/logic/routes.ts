/** The pages of the site: a closed list, the same as the server's. */

export type Route =
  | { page: "runs" }
  | { page: "run"; uid: string }
  | { page: "dead-letters" }
  | { page: "platform" }
  | { page: "unknown" };

const RUN = /^\/simulations\/([^/]+)$/;

export function routeOf(path: string): Route {
  const run = RUN.exec(path);
  if (run?.[1]) return { page: "run", uid: run[1] };
  if (path === "/") return { page: "runs" };
  if (path === "/dead-letters") return { page: "dead-letters" };
  if (path === "/platform") return { page: "platform" };
  return { page: "unknown" };
}

export const runAddress = (uid: string, tab?: string): string =>
  `/simulations/${encodeURIComponent(uid)}${tab ? `?tab=${tab}` : ""}`;
