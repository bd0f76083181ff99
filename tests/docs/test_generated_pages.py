"""The pages that are made from the code say what the code says; `scripts/docs` writes them."""

from pathlib import Path

from prodiguer.cli.main import cli
from prodiguer.cli.manual import commands_page
from prodiguer.config.page import configuration_page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_commands_is_current() -> None:
    assert (DOCS / "commands.md").read_text("utf-8") == commands_page(cli)


def test_the_page_of_settings_is_current() -> None:
    assert (DOCS / "configuration.md").read_text("utf-8") == configuration_page()
