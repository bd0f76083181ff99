/** Whether a token is asked for, and the one that was given: kept until the browser is closed. */

import { signal } from "@preact/signals";
import { onUnauthorised, setToken } from "../api/http";

const NAME = "prodiguer.token";

/** The platform asks for a token. */
export const locked = signal(false);

setToken(sessionStorage.getItem(NAME) ?? "");
onUnauthorised(() => {
  locked.value = true;
});

export function signIn(token: string): void {
  sessionStorage.setItem(NAME, token);
  setToken(token);
  locked.value = false;
}

export function signOut(): void {
  sessionStorage.removeItem(NAME);
  setToken("");
  locked.value = true;
}
