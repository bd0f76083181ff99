"""Configurations that cannot be used: one line that names the setting, exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from live import prodiguer


def show(tmp_path: Path, content: bytes | None, **environ: str) -> tuple[int, str, str]:
    file = tmp_path / "settings.toml"
    if content is not None:
        file.write_bytes(content)
    done = prodiguer("config", "show", "--config", str(file), environ=environ)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.bad_input("B135")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"colour = 1\n", "unknown setting colour; valid ones are: mode, data"),
        (b"[smtp]\nprot = 25\n", "unknown setting smtp.prot; valid ones are: smtp.host"),
        (b"[smtp]\nport = 'x'\n", "smtp.port must be a whole number, not 'x'"),
        (b"[smtp]\nport = true\n", "smtp.port must be a whole number"),
        (b"[smtp]\nhost = 1\n", "smtp.host must be a text, not 1"),
        (b"[smtp]\nallowed_senders = [1]\n", "smtp.allowed_senders must be a list of texts"),
        (b"smtp = 1\n", "smtp is a section: write [smtp]"),
        (b"mode = 'production'\n", "mode: 'production' is none of dev, test, prod"),
        (b"mode = \n", "Invalid value"),
        (b"a = \xff\n", "is not UTF-8 (byte 4)"),
        (b"#" * (10 << 20), "is larger than 1048576 bytes"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_bad_file_is_one_line_and_exit_code_2(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    code, out, err = show(tmp_path, content)

    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.bad_input("B135")
@pytest.mark.parametrize(
    "content",
    [b"", b"\xef\xbb\xbfmode = 'test'\n", b"[smtp]\r\nport = 2526\r\n", b"[smtp]\n\tport = 2526\n"],
    ids=["empty", "byte order mark", "CRLF", "tabs"],
)
def test_what_editors_leave_behind_does_no_harm(tmp_path: Path, content: bytes) -> None:
    assert show(tmp_path, content)[0] == 0


@pytest.mark.bad_input("B135")
def test_a_directory_is_no_configuration(tmp_path: Path) -> None:
    done = prodiguer("config", "show", "--config", str(tmp_path))

    assert done.returncode == 2
    assert "is a directory: name a TOML file" in done.stderr


@pytest.mark.bad_input("B135")
def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    done = prodiguer("config", "show", cwd=tmp_path)

    assert done.returncode == 0
    assert "smtp.port\t2525\tdefault" in done.stdout


@pytest.mark.bad_input("B135")
def test_the_environment_wins_and_is_checked_as_well(tmp_path: Path) -> None:
    code, out, _ = show(tmp_path, b"[smtp]\nport = 2526\n", PRODIGUER_SMTP__PORT="2527")
    assert code == 0
    assert "smtp.port\t2527\t$PRODIGUER_SMTP__PORT" in out

    code, _, err = show(tmp_path, b"", PRODIGUER_SMTP__PROT="1")
    assert code == 2
    assert "unknown setting smtp.prot" in err


@pytest.mark.bad_input("B135")
def test_variables_that_are_no_settings_are_not_taken_for_some(tmp_path: Path) -> None:
    """All that the manual names; one that it does not is refused above."""
    named = dict.fromkeys(("URL", "TOKEN", "SPOOL", "DEBUG"), str(tmp_path))

    code, _, err = show(tmp_path, b"", **{f"PRODIGUER_{name}": v for name, v in named.items()})

    assert (code, err) == (0, "")


@pytest.mark.bad_input("B135")
@pytest.mark.bad_input("B149")
@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o600, "cannot be read"),
        ("secret", 0o644, "others can read"),
        ("  \n", 0o600, "is empty"),
    ],
    ids=["missing", "world-readable", "empty"],
)
def test_a_secret_must_be_there_and_its_owners_alone(
    tmp_path: Path, content: str | None, mode: int, said: str
) -> None:
    secret, settings = tmp_path / "token", tmp_path / "settings.toml"
    if content is not None:
        secret.write_text(content)
        secret.chmod(mode)
    settings.write_text(f'[send]\ntoken_file = "{secret}"\n')

    done = prodiguer("send", "1000", "--config", str(settings))

    assert done.returncode == 2
    assert "send.token_file" in done.stderr
    assert said in done.stderr
    assert "secret" not in done.stderr.replace(str(secret), "")


def test_a_password_in_a_url_is_not_shown(tmp_path: Path) -> None:
    _, out, _ = show(tmp_path, b"[database]\nurl = 'postgresql://me:hunter2@host/db'\n")

    assert "hunter2" not in out
    assert "postgresql://me@host/db" in out


@pytest.mark.bad_input("B135")
@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("[apps.nope]\n", "[apps.nope]: there is no such app; there are: archive, metrics"),
        ("[apps.smtp-notify]\ntoo = 'a@b.example'\n", "unknown setting apps.smtp-notify.too"),
        ("[apps.smtp-notify]\nto = 'nobody'\n", "'nobody' is no mail address"),
        ("[apps.smtp-notify]\nport = 'x'\n", "apps.smtp-notify.port: 'x' is no port"),
    ],
)
def test_settings_of_apps_are_checked_before_anything_runs(
    tmp_path: Path, section: str, said: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(section)

    done = prodiguer("up", "--config", str(file), "--data", str(tmp_path / "data"))

    assert done.returncode == 2
    assert said in done.stderr
