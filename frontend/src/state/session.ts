/** Whether a token is asked for, and the one that was given: kept until the browser is closed. */

import { signal } from "@preact/signals";
import { onUnauthorised, setToken } from "../api/http";
import { forNow } from "./keeping";

const NAME = "prodiguer.token";

/** The platform asks for a token. */
export const locked = signal(false);

/** A token is in use. */
export const signedIn = signal(false);

/** The token that was given is none, or is none any more. */
export const refused = signal(false);

use(forNow.read(NAME) ?? "");
onUnauthorised(() => {
  refused.value = signedIn.value;
  forget();
});

/** What no token is made of cannot even be sent. */
const SENDABLE = /^[\x21-\x7e]+$/;

export function signIn(token: string): void {
  refused.value = !SENDABLE.test(token);
  if (refused.value) return;
  forNow.write(NAME, token);
  use(token);
  locked.value = false;
}

export function signOut(): void {
  refused.value = false;
  forget();
}

function forget(): void {
  forNow.clear(NAME);
  use("");
  locked.value = true;
}

function use(token: string): void {
  setToken(token);
  signedIn.value = token !== "";
}
