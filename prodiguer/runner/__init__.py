"""Running apps: batches from their queues through their handlers, each message's effects once."""

from prodiguer.runner.installed import installed_apps
from prodiguer.runner.loop import Halted, Runner
from prodiguer.runner.pace import LARGEST
from prodiguer.runner.queues import dead_queue, queue_of
from prodiguer.runner.rebuild import Log, Rebuilt, rebuild
from prodiguer.runner.rehearsal import Trial, rehearse
from prodiguer.runner.statistics import Statistics

__all__ = [
    "LARGEST",
    "Halted",
    "Log",
    "Rebuilt",
    "Runner",
    "Statistics",
    "Trial",
    "dead_queue",
    "installed_apps",
    "queue_of",
    "rebuild",
    "rehearse",
]
