/** What there is to say where there is no content: nothing yet, or a failure with its remedy. */

import type { ComponentChildren } from "preact";
import type { Problem } from "../api/http";

export const Notice = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="notice" role="status">
    <h2>{title}</h2>
    {children}
  </div>
);

export const Failure = ({ problem, retry }: { problem: Problem; retry: () => void }) => (
  <div class="notice" role="alert">
    <h2>{problem.title}</h2>
    <p class="text">{problem.detail}</p>
    <button type="button" class="button" onClick={retry}>
      Try again
    </button>
  </div>
);
