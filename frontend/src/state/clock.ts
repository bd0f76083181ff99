/** Now, by the server's clock: a browser whose clock is wrong by a year shows the right ages. */

import { computed, signal } from "@preact/signals";

const browserNow = signal(Date.now());
const offset = signal(0);

/** Milliseconds since the epoch, by the server; moves once a second. */
export const now = computed(() => browserNow.value + offset.value);

/** The server said what time it is. */
export function noteServerTime(at: string): void {
  const server = Date.parse(at);
  if (Number.isFinite(server)) offset.value = server - Date.now();
}

window.setInterval(() => {
  browserNow.value = Date.now();
}, 1000);
