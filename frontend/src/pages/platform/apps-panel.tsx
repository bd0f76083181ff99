/** The apps and their queues: who takes, what waits, and for how long. */

import type { Queue } from "../../api/types";
import { count, duration } from "../../logic/formats";
import { series } from "./history";
import { isDead, type Pace, paceOf, takerOf, titleOf } from "./queues";
import { SparkLine } from "./spark-line";
import { checks, samples, stats } from "./store";
import type { Tone } from "./verdict";
import { ToneMark } from "./verdict-panel";

const PACES: Record<Pace, [tone: Tone, words: string]> = {
  idle: ["good", "idle"],
  working: ["good", "working"],
  behind: ["warning", "behind"],
  stuck: ["bad", "does not move"],
  unattended: ["bad", "nobody takes"],
};

export function AppsPanel() {
  const queues = [...(stats.value?.queues ?? [])].sort((a, b) => Number(isDead(a.name)) - Number(isDead(b.name)));
  return (
    <section class="panel" aria-labelledby="apps-title">
      <header>
        <h2 id="apps-title">Apps and their queues</h2>
      </header>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="apps-title">
        <table class="table queues">
          <thead>
            <tr>
              <th scope="col">App</th>
              <th scope="col">State</th>
              <th scope="col" class="right">Ready</th>
              <th scope="col" class="right">In work</th>
              <th scope="col" class="right">Consumers</th>
              <th scope="col" class="right">Oldest</th>
              <th scope="col">Waiting, last minutes</th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <QueueRow key={queue.name} queue={queue} />
            ))}
          </tbody>
        </table>
        {!queues.length && <p class="quiet none">{stats.value ? "There are no queues." : "Not known yet."}</p>}
      </div>
    </section>
  );
}

function QueueRow({ queue }: { queue: Queue }) {
  const failed = checks.value?.results[`app ${takerOf(queue.name)}`];
  const broken = !isDead(queue.name) && failed !== undefined && failed !== "ok" ? failed : null;
  const pace = paceOf(queue);
  const [tone, words] = broken ? (["bad", "not at work"] as const) : PACES[pace];
  const old = pace === "behind" || pace === "stuck";
  return (
    <tr data-queue={queue.name} data-pace={broken ? "broken" : pace}>
      <td>
        <span class={isDead(queue.name) ? "text quiet" : "text app"}>{titleOf(queue.name)}</span>
        <span class="small quiet mono clip queue-name">{queue.name}</span>
      </td>
      <td title={broken ?? undefined}>
        <span class="pace">
          <ToneMark tone={tone} />
          {words}
        </span>
      </td>
      <td class="right number">{count(queue.ready)}</td>
      <td class="right number">{count(queue.unacked)}</td>
      <td class={`right number ${queue.consumers === 0 ? "mark-bad" : ""}`}>
        {queue.consumers === 0 ? "none" : count(queue.consumers)}
      </td>
      <td class={`right number ${pace === "stuck" ? "mark-bad" : old ? "mark-late" : ""}`}>
        {queue.oldest_age === null ? "–" : duration(Math.round(queue.oldest_age))}
      </td>
      <td class="at-spark">
        <SparkLine points={series(samples.value, waitingIn(queue.name))} label={`Waiting in ${queue.name}`} words={count} />
      </td>
    </tr>
  );
}

const waitingIn = (name: string) => (stats: { queues: Queue[] }) => {
  const queue = stats.queues.find((one) => one.name === name);
  return queue ? queue.ready + queue.unacked : null;
};
