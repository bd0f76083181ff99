/** Asks for a token where the platform wants one. */

import { useState } from "preact/hooks";
import { signIn } from "../state/session";

export function SignIn() {
  const [text, setText] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim()) signIn(text.trim());
  };
  return (
    <form class="panel sign-in" onSubmit={submit}>
      <h1>Sign in</h1>
      <p class="quiet">
        This platform asks for a token. Its operator makes one with{" "}
        <code>prodiguer token create NAME --scope read</code>.
      </p>
      <label>
        Token
        <input
          class="field"
          type="password"
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary">
        Sign in
      </button>
    </form>
  );
}
