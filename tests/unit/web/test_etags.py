"""Entity tags."""

import pytest

from prodiguer.web.etags import etag_of, matches

TAG = etag_of(b"content")


@pytest.mark.parametrize(
    "header", [TAG, f"W/{TAG}", f'"a", {TAG}', f'"a",W/{TAG} , "b"', "*", " * "]
)
def test_a_header_that_names_the_tag_matches(header: str) -> None:
    assert matches(header, TAG)


@pytest.mark.parametrize("header", ["", '"a"', TAG.strip('"'), '"*"', TAG[:-2] + '"', "," * 9999])
def test_any_other_header_does_not(header: str) -> None:
    assert not matches(header, TAG)


def test_a_list_of_ten_thousand_tags_is_not_read_to_its_end() -> None:
    assert not matches(", ".join(['"a"'] * 10_000 + [TAG]), TAG)
