"""prodiguer.ksh in real shells: what jobs say arrives as it was said, and no job is harmed."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from live import Up, wait_for
from support.shells import SHELLS, Site, silent

RUN = {"simuid": str(uuid.uuid4()), "jobuid": str(uuid.uuid4())}
IDS = " ".join(f"{name}={value}" for name, value in RUN.items())
CODES = ["0000", "1001", "7000", "1900", "1100", "1000", "0100", "2000", "2900", "2999"]
HOSTILE = [
    "quotes \" and ' and ` and $(id) and ${HOME}",
    "\\ backslashes \\\\ \\n \\u0041 at the end \\",
    "several\nlines\n\nand\ttabs\r",
    "".join(map(chr, range(1, 32))) + "\x7f",
    "accents: é à ç œ ñ, ΔT = 2 °C, 雪, 🌧",
    "%s %d %% -n -e -- ] ^ [a-z] * ? !",
    "<img src=x onerror=alert(1)> &amp; '; --",
    "a=b=c",
    " spaces  around ",
]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    up = Up(tmp_path_factory.mktemp("platform"))
    yield up
    up.stop()


@pytest.fixture(params=SHELLS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    return Site(tmp_path, request.param)


def by_mail(site: Site, port: int) -> dict[str, str]:
    return {"PRODIGUER_SMTP": f"127.0.0.1:{port}", "PRODIGUER_SPOOL": str(site.spool)}


def without_python(site: Site) -> dict[str, str]:
    return {"PRODIGUER_PYTHON": "/nowhere/python3", "PRODIGUER_SPOOL": str(site.spool)}


@contextmanager
def answering() -> Iterator[tuple[str, list[Message]]]:
    """An HTTP server that takes everything; its address, and the heads of what came."""
    heads = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heads.append(self.headers)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(202)
            self.end_headers()
            self.wfile.write(b'{"accepted": 1, "duplicates": 0, "dead": []}')

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", heads
        server.shutdown()
        thread.join()


def message(platform: Up, uid: str) -> dict[str, Any]:
    path = f"/api/v1/messages/{uid}"
    wait_for(lambda: platform.status(path) == 200, f"message {uid}")
    return dict(platform.get(path))


def lines(site: Site) -> list[dict[str, Any]]:
    found = []
    for path in site.waiting():
        found += [json.loads(line) for line in path.read_bytes().splitlines()]
    return sorted(found, key=lambda each: each["msgTimestamp"])


def test_hostile_strings_arrive_as_they_are(site: Site, platform: Up) -> None:
    uids = [str(uuid.uuid4()) for _ in HOSTILE]
    script = (
        'while [ "$#" -gt 0 ]; do prodiguer_emit 1900 "msgUID=$1" "command=$2"; shift 2; done\n'
    )
    script += "prodiguer_flush wait"
    arguments = [each for pair in zip(uids, HOSTILE, strict=True) for each in pair]

    job = site.job(script, {**by_mail(site, platform.smtp), "PRODIGUER_SIMUID": RUN["simuid"],
                            "PRODIGUER_JOBUID": RUN["jobuid"]}, *arguments)  # fmt: skip

    assert silent(job)
    stored = [message(platform, uid)["body"]["command"] for uid in uids]
    assert stored == HOSTILE
    assert site.waiting() == []


def test_a_job_tells_all_of_its_life(site: Site, platform: Up, tmp_path: Path) -> None:
    card = tmp_path / "config.card"
    card.write_text('[UserChoices]\nJobName="é"\nCalendarType=noleap\n' + "#\n" * 4000, "utf-8")
    script = f"""
    prodiguer_simulation_start name=CM61 centre=TGCC machine=irene login=u model=IPSL-CM6A-LR \\
        space=PROD experiment=piControl startDate=1850-01-01 endDate=1850-12-31 "card={card}"
    prodiguer_period 1 18500101 18500630
    prodiguer_transfer IGCM_sys_Put_Out 512.25 4100 /scratch/a "/store/b c"
    prodiguer_failed 'rm -f "x"'
    first=$PRODIGUER_JOBUID
    prodiguer_job_end
    prodiguer_job_start jobSchedulerID=42
    prodiguer_simulation_end
    second=$PRODIGUER_JOBUID
    prodiguer_post_start create_ts postProcessingDate=18501231
    prodiguer_failed ncrcat
    prodiguer_fatal
    prodiguer_flush wait
    echo "$PRODIGUER_SIMUID $first $second $PRODIGUER_JOBUID"
    """

    job = site.job(script, by_mail(site, platform.smtp))
    run, first, second, post = job.stdout.decode().split()

    wait_for(
        lambda: (
            platform.status(f"/api/v1/jobs/{post}") == 200
            and len(platform.items(f"/api/v1/messages?simulation={run}")) == len(CODES)
        ),
        "all that the job said",
    )
    found = platform.get(f"/api/v1/simulations/{run}")
    states = {each: platform.get(f"/api/v1/jobs/{each}")["state"] for each in (first, second, post)}
    assert (found["name"], found["state"], found["progress"]) == ("CM61", "complete", 1)
    assert found["config_card"] == card.read_text("utf-8")
    assert states == {first: "complete", second: "complete", post: "error"}
    codes = sorted(m["code"] for m in platform.items(f"/api/v1/messages?simulation={run}"))
    assert codes == sorted(CODES)
    assert not job.stderr


def test_without_a_platform_nothing_is_done(site: Site, tmp_path: Path) -> None:
    job = site.job("prodiguer_job_start a=1; prodiguer_fatal; prodiguer_flush; echo on",
                   {"HOME": str(tmp_path / "home")})  # fmt: skip

    assert silent(job, b"on\n")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("options", ["set -eu", "set -euf; set -C; IFS=0123456789-", "set -x"])
def test_no_option_of_a_job_is_in_the_way(site: Site, options: str) -> None:
    script = f"""{options}
    trap 'echo trapped' EXIT
    prodiguer_job_start {IDS} 'command=a  b*'
    prodiguer_period 1 18500101 18501231 {IDS}
    prodiguer_emit
    prodiguer_period
    prodiguer_transfer
    prodiguer_flush"""

    job = site.job(script, {"PRODIGUER_SPOOL": str(site.spool)})

    assert (job.returncode, job.stdout) == (0, b"trapped\n")
    # `set -x` tells each call, and not what happens inside of it.
    assert b"msgUID" not in job.stderr
    told = [each for each in lines(site) if each.get("simuid") == RUN["simuid"]]
    assert [each["msgCode"] for each in told] == ["1000", "1001"]
    assert told[0]["command"] == "a  b*"


def test_a_text_that_is_not_utf_8_arrives_as_latin_1(site: Site, platform: Up) -> None:
    uid = str(uuid.uuid4())
    script = f"prodiguer_emit 1900 {IDS} msgUID={uid} \"command=$(printf 'g\\351n\\351 \\042')\"\n"

    site.job(script + "prodiguer_flush wait", by_mail(site, platform.smtp))

    assert message(platform, uid)["body"]["command"] == 'géné "'


def test_subshells_at_once_write_whole_lines(site: Site) -> None:
    each = f'prodiguer_emit 1900 {IDS} "command=$long"; i=$((i+1))'
    loop = f"( i=0; while [ $i -lt 20 ]; do {each}; done ) &\n"
    script = "long=$(printf '%03000d' 7)\n" + loop * 4 + "wait"

    job = site.job(script, {"PRODIGUER_SPOOL": str(site.spool)})

    assert silent(job)
    assert len({line["msgUID"] for line in lines(site)}) == 80


@pytest.mark.parametrize("way", ["python", "curl"])
def test_what_a_platform_that_was_away_missed_is_sent_later(
    site: Site, platform: Up, way: str
) -> None:
    closed = {"PRODIGUER_SPOOL": str(site.spool), "PRODIGUER_SMTP": "127.0.0.1:9"}
    if way == "curl":
        closed["PRODIGUER_PYTHON"] = "/nowhere/python3"
    uids = [str(uuid.uuid4()) for _ in range(30)]
    script = "".join(f"prodiguer_emit 1900 {IDS} msgUID={uid}\n" for uid in uids[:20])
    assert silent(site.job(script + "prodiguer_flush wait", closed))
    # Nobody flushed these: their job was killed.
    script = "".join(f"prodiguer_emit 1900 {IDS} msgUID={uid}\n" for uid in uids[20:])
    assert site.job(script + "kill -9 $$", closed).returncode != 0
    assert {line["msgUID"] for line in lines(site)} == set(uids)

    site.job("prodiguer_flush wait", {**closed, "PRODIGUER_SMTP": f"127.0.0.1:{platform.smtp}"})

    assert site.waiting() == []
    assert all(message(platform, uid) for uid in uids)


def test_http_without_python(site: Site, platform: Up) -> None:
    uid = str(uuid.uuid4())
    ways = {"PRODIGUER_URL": platform.url, **without_python(site)}
    script = f'prodiguer_emit 1900 {IDS} msgUID={uid} "command=é \\""; prodiguer_flush wait'

    assert silent(site.job(script, ways))

    assert message(platform, uid)["body"]["command"] == 'é "'
    assert site.waiting() == []


@pytest.mark.parametrize("python", [True, False])
def test_a_token_is_sent_and_shown_to_nobody(site: Site, tmp_path: Path, python: bool) -> None:
    (tmp_path / "token").write_text("pdg_secret\n")
    ways = {} if python else without_python(site)
    with answering() as (url, heads):
        ways |= {
            "PRODIGUER_URL": url,
            "PRODIGUER_SPOOL": str(site.spool),
            "PRODIGUER_TOKEN_FILE": str(tmp_path / "token"),
        }
        assert silent(site.job(f"prodiguer_emit 1900 {IDS}; prodiguer_flush wait", ways))

    assert [head["Authorization"] for head in heads] == ["Bearer pdg_secret"]
    assert site.waiting() == []


def test_sendmail_is_given_a_whole_mail(site: Site, tmp_path: Path) -> None:
    script = f'prodiguer_emit 1900 {IDS} "command=é"\nprodiguer_flush wait'
    ways = {"PRODIGUER_SENDMAIL": f"cat >'{tmp_path}/mail'", "PRODIGUER_SPOOL": str(site.spool)}

    assert silent(site.job(script, ways))

    head, _, body = (tmp_path / "mail").read_text("ascii").partition("\n\n")
    (line,) = base64.b64decode(body).split()
    assert json.loads(base64.b64decode(line))["command"] == "é"
    assert "Content-Transfer-Encoding: base64" in head


def test_a_detached_flush_is_not_waited_for(site: Site, platform: Up) -> None:
    uid = str(uuid.uuid4())
    script = f"prodiguer_job_start {IDS} msgUID={uid}; wait; echo over"

    assert silent(site.job(script, by_mail(site, platform.smtp)), b"over\n")

    assert message(platform, uid)["code"] == "1000"
    wait_for(lambda: site.waiting() == [], "an empty spool")


@pytest.mark.parametrize("python", [True, False], ids=["python", "curl"])
def test_nobody_waits_for_what_a_platform_that_is_silent_keeps_waiting(
    site: Site, tmp_path: Path, python: bool
) -> None:
    # Takes connections and never says a word: whoever sends is there for minutes.
    with socket.create_server(("127.0.0.1", 0)) as silence:
        ways = by_mail(site, silence.getsockname()[1]) | ({} if python else without_python(site))
        script = f"""exec 3>&1
        step() {{ prodiguer_job_start {IDS}; }}
        step >"{tmp_path}/log" 2>&1
        echo over"""

        # Its output is a pipe that is read to the end.
        assert silent(site.job(script, ways), b"over\n")


def test_a_card_that_has_no_end_keeps_no_job_waiting(site: Site, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(bytes(1_000_000))
    (tmp_path / "card").write_text("[UserChoices]\n")
    places = [*(tmp_path / name for name in ("pipe", "large", "none")), tmp_path, Path("/dev/zero")]
    script = "".join(f"prodiguer_simulation_start card='{path}'\n" for path in places)

    job = site.job(
        f"{script}prodiguer_simulation_start card='{tmp_path / 'card'}'",
        {"PRODIGUER_SPOOL": str(site.spool)},
    )

    assert silent(job)
    cards = [each.get("configuration") for each in lines(site)]
    assert cards == [None] * len(places) + [base64.b64encode(b"[UserChoices]\n").decode()]


def test_a_long_text_is_written_down_in_no_time(site: Site) -> None:
    text = "".join(f'line {i} of a \\ "log"\t\x1b[1mé\n' for i in range(2500))

    job = site.job(
        f'prodiguer_failed "$1$1$1$1$1$1$1$1" {IDS}', {"PRODIGUER_SPOOL": str(site.spool)}, text
    )

    assert silent(job)
    assert [each["command"] for each in lines(site)] == [text * 8]


def test_what_is_no_batch_is_left_alone_by_hand_too(
    site: Site, platform: Up, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("a key")
    site.spool.mkdir()
    (site.spool / "0.jsonl").symlink_to(tmp_path / "secret")
    os.mkfifo(site.spool / "1.jsonl")
    (site.spool / "2.jsonl").mkdir()
    uid = str(uuid.uuid4())

    job = site.job(
        f"prodiguer_emit 1000 {IDS} msgUID={uid}; prodiguer_flush wait",
        by_mail(site, platform.smtp) | without_python(site),
    )

    assert silent(job)
    assert message(platform, uid)["code"] == "1000"
    assert [path.name for path in site.waiting()] == ["0.jsonl", "1.jsonl", "2.jsonl"]


def test_a_spool_that_cannot_be_made_is_no_harm(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for spool in (tmp_path / "file" / "spool", Path("/proc/spool")):
        ways = {"PRODIGUER_SPOOL": str(spool), "PRODIGUER_SMTP": "127.0.0.1:9"}
        job = site.job("prodiguer_job_start a=1; prodiguer_flush wait; echo on", ways)
        assert silent(job, b"on\n")


def test_a_full_disk_costs_the_messages_that_do_not_fit(site: Site) -> None:
    small = ["unshare", "-rm", "sh", "-c"]
    mount = f"mkdir -p '{site.spool}' && mount -t tmpfs -o size=64k none '{site.spool}' && "
    if subprocess.run([*small, mount + "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    script = f"""set -eu; . "{site.hooks}/prodiguer.ksh"
    prodiguer_emit 1900 {IDS} command=before
    dd if=/dev/zero of="$PRODIGUER_SPOOL/ballast" 2>/dev/null || :
    long=$(printf %01000d 7)
    i=0; while [ $i -lt 20 ]; do prodiguer_emit 1900 {IDS} command=$long; i=$((i+1)); done
    rm "$PRODIGUER_SPOOL/ballast"
    prodiguer_emit 1900 {IDS} command=after
    """
    show = '; cd "$PRODIGUER_SPOOL"; for f in .open*; do cat "$f"; echo; done'

    job = subprocess.run(
        [*small, mount + f'"$0" -c "$1"{show}', site._shell, script],
        capture_output=True, env=site.environ({"PRODIGUER_SPOOL": str(site.spool)}),
        timeout=60, check=False,
    )  # fmt: skip

    assert job.stderr == b""
    kept = [json.loads(line)["command"] for line in job.stdout.splitlines() if line.endswith(b"}")]
    assert {"before", "after"} <= set(kept)
