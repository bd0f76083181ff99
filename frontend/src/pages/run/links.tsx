/** Links from one part of the page to another. */

import type { ComponentChildren } from "preact";
import type { Job } from "../../api/types";
import { addressWith, setQuery } from "../../state/location";
import { Link } from "../../ui/link";
import { jobTitle } from "./job-words";
import { inspecting } from "./place";

/** Opens a job beside what is shown. */
export const JobLink = ({ job, children }: { job: Job; children?: ComponentChildren }) => (
  <Link to={addressWith(inspecting("job", job.uid))} class="text">
    {children ?? jobTitle(job)}
  </Link>
);

/** Opens a message beside what is shown. */
export const MessageLink = ({ uid, children }: { uid: string; children: ComponentChildren }) => (
  <Link to={addressWith(inspecting("message", uid))} class="text">
    {children}
  </Link>
);

export const inspect = (kind: "job" | "message", uid: string): void => setQuery(inspecting(kind, uid));

/** A press anywhere on a row opens it; links and buttons in it keep their own meaning. */
export const rowPress = (kind: "job" | "message", uid: string) => (event: MouseEvent) => {
  const pressed = event.target as Element;
  if (pressed.closest("a, button, summary")) return;
  // Whoever marks text does not want to go anywhere.
  if (window.getSelection()?.toString()) return;
  inspect(kind, uid);
};
