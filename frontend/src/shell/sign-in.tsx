/** Asks for a token where the platform wants one. */

import { useEffect, useRef, useState } from "preact/hooks";
import { refused, signIn } from "../state/session";

export function SignIn() {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim()) signIn(text.trim());
  };
  return (
    <form class="panel sign-in" onSubmit={submit}>
      <h1>Sign in</h1>
      <p class="quiet">
        This platform asks for a token. Its operator makes one with{" "}
        <code>prodiguer token create NAME --scope read</code>; to resend or drop dead letters it
        needs <code>--scope operate</code> as well.
      </p>
      <label for="token">Token</label>
      <input
        ref={field}
        id="token"
        class="field mono"
        type="password"
        autocomplete="off"
        spellcheck={false}
        aria-describedby={refused.value ? "token-refused" : undefined}
        aria-invalid={refused.value}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {refused.value && (
        <p id="token-refused" class="warning" role="alert">
          This token was not accepted: it is mistyped, has expired or was revoked.
        </p>
      )}
      <button type="submit" class="button primary" disabled={!text.trim()}>
        Sign in
      </button>
    </form>
  );
}
