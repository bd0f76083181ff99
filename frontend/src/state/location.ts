/** Where the reader is: path and query of the address, as signals. */

import { batch, signal } from "@preact/signals";

export const path = signal(window.location.pathname);
export const query = signal(window.location.search);

/** Both at once: no page ever sees the query of another. */
const read = (): void =>
  batch(() => {
    path.value = window.location.pathname;
    query.value = window.location.search;
  });

window.addEventListener("popstate", read);

/** Go to an address of this site; `replace` leaves no step to go back to. */
export function go(address: string, { replace = false } = {}): void {
  if (address === window.location.pathname + window.location.search) return;
  const moved = new URL(address, window.location.href).pathname !== window.location.pathname;
  window.history[replace ? "replaceState" : "pushState"](null, "", address);
  read();
  if (moved) window.scrollTo(0, 0);
}

/** This page's address with some parameters of the query changed; null or empty takes one away. */
export function addressWith(changes: Record<string, string | null>): string {
  const parameters = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) parameters.set(name, value);
    else parameters.delete(name);
  }
  const text = parameters.toString();
  return path.value + (text ? `?${text}` : "");
}

/** Change some parameters of the query; null or empty takes one away. */
export function setQuery(changes: Record<string, string | null>, options?: { replace?: boolean }): void {
  go(addressWith(changes), options);
}
