"""`dead drop` in a script, which nobody can ask."""

from pathlib import Path
from subprocess import DEVNULL

from live import Up, prodiguer


def test_a_script_drops_dead_letters_without_being_asked(tmp_path: Path) -> None:
    up = Up(tmp_path)
    try:
        up.post([{"msgCode": "1100"}])
        (letter,) = up.get("/api/v1/dead-letters")["items"]
        first, again = (
            prodiguer("--url", up.url, "dead", "drop", letter["id"], stdin=DEVNULL)
            for _ in range(2)
        )
    finally:
        up.stop()

    assert (first.returncode, again.returncode) == (0, 5)
    told = next(line for line in up.said if line.startswith("session: "))
    assert "dead letters 0" in told
