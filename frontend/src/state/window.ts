/** How much room there is, as a signal. */

import { signal } from "@preact/signals";

const narrowness = window.matchMedia("(max-width: 720px)");

/** A table does not fit: a phone, or a small window. */
export const narrow = signal(narrowness.matches);

narrowness.addEventListener("change", (event) => {
  narrow.value = event.matches;
});
