"""One batch: lock its runs, join, save, and say what changed.

Nothing here looks at a state to decide whether a message counts: facts are joined, and the states
are computed from the joined facts. Retries and repetitions are safe by that alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from prodiguer import Context, Message
from prodiguer.domain import job_facts, job_state, simulation_facts, simulation_state
from prodiguer.domain.job import JobFacts
from prodiguer.domain.simulation import SimulationFacts
from prodiguer_sim_mon.hearing import Heard, JobKey, hear
from prodiguer_sim_mon.placing import place

Runs = Mapping[str, SimulationFacts]


def fold(messages: Sequence[Message], context: Context) -> None:
    """Bring every run and job that these messages speak of up to date."""
    heard = hear(messages)
    before = context.runs.lock(sorted(heard.runs))
    after = {
        uid: simulation_facts.join(before[uid], facts) if uid in before else facts
        for uid, facts in heard.runs.items()
    }
    jobs = _save_jobs(heard, before, after, context)
    _save_rows(heard, context)
    _save_simulations(heard, after, context)
    moved = place(before, after, context)
    _tell(heard, jobs, moved, context)


def _save_jobs(heard: Heard, before: Runs, after: Runs, context: Context) -> Collection[JobKey]:
    """Return the jobs that have changed."""
    known = context.runs.jobs(sorted(heard.jobs)) if heard.jobs else {}
    joined = {
        key: job_facts.join(known[key], facts) if key in known else facts
        for key, facts in heard.jobs.items()
    }
    changed = {key: facts for key, facts in joined.items() if facts != known.get(key)}
    for facts in _inheriting(before, after, context):
        key = (facts.simulation_uid, facts.uid)
        changed[key] = joined.get(key, facts)
    delays = {uid: simulation_facts.run_delay(facts) for uid, facts in after.items()}
    context.runs.save_jobs([job_state.job(changed[key], delays[key[0]]) for key in sorted(changed)])
    return changed


def _inheriting(before: Runs, after: Runs, context: Context) -> Sequence[JobFacts]:
    """The saved jobs that take their delay from their run's 0000, where that delay has changed."""
    runs = [
        uid
        for uid, facts in before.items()
        if simulation_facts.run_delay(facts) != simulation_facts.run_delay(after[uid])
    ]
    return context.runs.waiting_for_delay(sorted(runs)) if runs else ()


def _save_rows(heard: Heard, context: Context) -> None:
    if heard.periods:
        context.runs.add_periods(heard.periods)
    if heard.commands:
        context.runs.add_failed_commands(heard.commands)
    if heard.cards:
        context.runs.save_cards(heard.cards)


def _save_simulations(heard: Heard, after: Runs, context: Context) -> None:
    uids = sorted(after)
    deciding = context.runs.compute_jobs(uids)
    context.runs.save_simulations(
        [simulation_state.simulation(after[uid], deciding.get(uid, ())) for uid in uids],
        messages=heard.messages,
    )


def _tell(heard: Heard, jobs: Collection[JobKey], moved: Collection[str], context: Context) -> None:
    """One event for each object that a reader may see change."""
    events = context.events
    failing = {(command.simulation_uid, command.job_uid) for command in heard.commands}
    for period in heard.periods:
        events.add("period", period.message_uid, simulation_uid=period.simulation_uid)
    for run, job in sorted({*jobs, *failing}):
        events.add("job", job, simulation_uid=run)
    for run in sorted({*heard.runs, *moved}):
        events.add("simulation", run, simulation_uid=run)
