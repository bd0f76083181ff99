"""`apps --json`: what programs read of the installed apps."""

import json
from pathlib import Path

from live import prodiguer


def test_the_filters_of_an_app_are_a_list_for_programs(tmp_path: Path) -> None:
    done = prodiguer("--data", str(tmp_path / "data"), "--json", "apps")

    apps = {app["name"]: app for app in json.loads(done.stdout)}
    assert done.returncode == 0
    assert apps["archive"]["filters"] == ["#"]
    assert "prod.*.*.monitoring.1999" in apps["sim-mon"]["filters"]
