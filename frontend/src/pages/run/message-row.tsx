/** One message as a row, and on a phone as a card. */

import type { Message } from "../../api/types";
import { Moment } from "../../ui/when";
import { flagMeaning } from "./flags";
import { sentence, toneOf } from "./happenings";
import { jobTitle } from "./job-words";
import { JobLink, MessageLink, rowPress } from "./links";
import type { RunStore } from "./store";

export function MessageRow({ message, store }: { message: Message; store: RunStore }) {
  const job = message.job_uid === null ? undefined : store.content.value.jobs.get(message.job_uid);
  return (
    <tr data-message={message.uid} class={`pressable tone-${toneOf(message.routed_as)}`} onClick={rowPress("message", message.uid)}>
      <td data-label="Time">
        <Moment at={message.timestamp} />
      </td>
      <td data-label="Code">
        <code class="text">{message.code}</code>
        {message.code !== message.routed_as && <span class="small quiet"> as {message.routed_as}</span>}
      </td>
      <td data-label="Message" class="wide">
        <MessageLink uid={message.uid}>{sentence(message)}</MessageLink>
      </td>
      <td data-label="Job" class="text">
        {job ? <JobLink job={job}>{jobTitle(job)}</JobLink> : <span class="quiet">–</span>}
      </td>
      <td data-label="Producer" class="small quiet text">
        {message.producer} {message.producer_version}
      </td>
      <td data-label="Flags" class="text">
        {message.flags.map((flag) => (
          <span key={flag} class="flag-chip" title={flagMeaning("message", flag) ?? undefined}>
            {flag}
          </span>
        ))}
      </td>
    </tr>
  );
}
