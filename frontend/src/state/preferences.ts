/** What a reader has chosen, kept in this browser: times and colours. */

import { effect, signal } from "@preact/signals";
import { forGood } from "./keeping";

export type Zone = "local" | "utc";
export type Theme = "auto" | "light" | "dark";

function kept<T extends string>(name: string, words: readonly T[], first: T) {
  const before = forGood.read(name);
  const found = words.find((word) => word === before) ?? first;
  const choice = signal<T>(found);
  effect(() => forGood.write(name, choice.value));
  return choice;
}

export const zone = kept<Zone>("prodiguer.zone", ["local", "utc"], "local");
export const theme = kept<Theme>("prodiguer.theme", ["auto", "light", "dark"], "auto");

const darkness = window.matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(darkness.matches);
darkness.addEventListener("change", (event) => {
  systemDark.value = event.matches;
});

/** Whether the page is dark now. */
export const dark = signal(false);

effect(() => {
  dark.value = theme.value === "dark" || (theme.value === "auto" && systemDark.value);
  document.documentElement.dataset["theme"] = dark.value ? "dark" : "light";
});
