"""`doctor`: each thing that the platform needs, checked, with a remedy where it fails."""

from __future__ import annotations

from prodiguer.bootstrap.checkup import checkup
from prodiguer.cli import output
from prodiguer.cli.state import State, command, pass_state
from prodiguer.errors import ProdiguerError


@command()
@pass_state
def doctor(state: State) -> None:
    """Check configuration, disk, broker, database, apps, ports, clock and versions."""
    findings = checkup(state.load())
    rows = [
        {
            "check": finding.name,
            "result": "ok" if finding.ok else "FAILED",
            "detail": finding.detail,
            "remedy": finding.remedy,
        }
        for finding in findings
    ]
    if state.json:
        output.json_line(rows)
    else:
        output.table(rows, ("check", "result", "detail", "remedy"))
    failed = [f"{finding.name} ({finding.remedy})" for finding in findings if not finding.ok]
    if failed:
        checks = "1 check" if len(failed) == 1 else f"{len(failed)} checks"
        raise ProdiguerError(f"{checks} failed: {', '.join(failed)}")


COMMANDS = (doctor,)
