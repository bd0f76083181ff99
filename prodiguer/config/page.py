"""The page of the manual that lists every setting, made from the sections themselves."""

from __future__ import annotations

import dataclasses
from typing import Any, get_type_hints

from prodiguer.config.sections import Settings

HEAD = """# Configuration

Made from the settings themselves: `scripts/docs` writes this page.

One TOML file: the one that `--config` or `$PRODIGUER_CONFIG` names, else `./prodiguer.toml`, else
`/etc/prodiguer/prodiguer.toml`. `PRODIGUER_SECTION__OPTION` in the environment wins over the file
(`PRODIGUER_SMTP__PORT=2526`, `PRODIGUER_APPS__SMTP_NOTIFY__TO=a@b.example`). Unknown keys are
refused. Files with secrets must be readable by their owner alone. `prodiguer config show` prints
every setting and where it came from.

The variables `PRODIGUER_CONFIG`, `PRODIGUER_DATA`, `PRODIGUER_URL`, `PRODIGUER_TOKEN` and
`PRODIGUER_SPOOL` stand for the options of the command line and of the client; `PRODIGUER_DEBUG`
shows where an internal error arose.
"""

APPS = """
## `[apps.NAME]`

Each app's own options. `smtp-notify` mails when a run fails or completes:

| option | default | what |
|---|---|---|
| `to` | none: no mail is sent | list of addresses |
| `from` | `prodiguer@localhost` | the address that mails come from |
| `host` | `127.0.0.1` | the SMTP server |
| `port` | `25` | its port |
| `starttls` | `false` | ask for TLS; the certificate is verified |
| `username` | none | for AUTH |
| `password_file` | none | file with the password, readable by its owner alone |

`webhook` calls another program at the same moments ([webhook.md](webhook.md)):

| option | default | what |
|---|---|---|
| `url` | none: nobody is called | `https://…` of the receiver |
| `secret_file` | none | file with the secret of the signatures, readable by its owner alone |
| `allow_private` | `false` | the receiver may be on the site's own network or this machine |
| `ca_file` | the system's | PEM file with the authorities to trust |
"""


def configuration_page() -> str:
    """Markdown: a table a section."""
    plain = [f for f in dataclasses.fields(Settings) if "help" in f.metadata]
    hints = get_type_hints(Settings)
    sections = [
        (entry.name, hints[entry.name])
        for entry in dataclasses.fields(Settings)
        if dataclasses.is_dataclass(hints[entry.name])
    ]
    text = HEAD + "\n## Without a section\n\n" + _table(plain)
    for name, section in sections:
        doc = (section.__doc__ or "").partition(": ")[2]
        text += f"\n## `[{name}]`\n\n{doc}\n\n" + _table(dataclasses.fields(section))
    return text + APPS


def _table(options: Any) -> str:
    rows = "".join(
        f"| `{option.name}` | {_default(option.default)} | {option.metadata['help']} |\n"
        for option in options
    )
    return "| option | default | what |\n|---|---|---|\n" + rows


def _default(value: Any) -> str:
    if isinstance(value, tuple):
        value = list(value)
    return "empty" if value in ("", []) else f"`{value}`"
