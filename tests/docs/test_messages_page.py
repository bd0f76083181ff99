"""The page of message types says what their class lines say."""

import re
from pathlib import Path

from prodiguer.wire.catalog import Catalog
from prodiguer.wire.catalog_page import messages_page

PAGE = Path(__file__).parents[2] / "docs" / "messages.md"


def test_the_page_of_messages_is_current() -> None:
    assert PAGE.read_text("utf-8") == messages_page(Catalog()), "run scripts/docs"


def test_the_page_names_each_code_and_each_field() -> None:
    page = messages_page(Catalog())

    for type_ in Catalog():
        declared = type_.TYPE
        for word in (declared.code, *declared.required, *declared.optional):
            assert f"`{word}`" in page


def test_the_page_names_each_flag() -> None:
    page = messages_page(Catalog())
    source = Path(__file__).parents[2] / "prodiguer" / "wire"
    declared = re.compile(r'^[A-Z_]+ = "([a-z]+-[a-z]+)"$', re.MULTILINE)
    flags = {flag for path in source.rglob("*.py") for flag in declared.findall(path.read_text())}

    assert len(flags) == 9
    for flag in flags:
        assert f"| `{flag}` |" in page
