"""A test that cannot fail guards nothing: with one control removed, the test of it turns red.

Each test runs in a process of its own (`support/forks.py`), once as it is and once without the
control (`support/controls.py`).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache

import pytest

from live import ROOT
from support.controls import CONTROLS

pytestmark = pytest.mark.slow

#: Exit code and output of pytest.
Outcomes = Mapping[str, tuple[int, str]]

#: Of each door the controls, and of each control the test that guards it (file and name).
DOORS = {
    "SMTP session": {
        "number_of_recipients": "smtp_commands::the_same_recipient_many_times_is_one_mail",
        "size_of_the_text": (
            "smtp_commands::the_size_counts_that_comes_not_the_one_that_is_announced"
        ),
        "size_that_is_announced": "smtp_commands::the_size_that_is_announced",
        "form_of_command_lines": "smtp_commands::a_line_that_is_no_command_line_is_500",
        "form_of_recipients": "smtp_commands::a_recipient_that_is_no_plain_address_is_553",
        "number_of_commands": "smtp_commands::commands_without_a_mail_end_with_421",
        "end_of_the_text": "smtp_data::only_crlf_dot_crlf_ends_a_mail",
        "reply_to_a_failure": "smtp_door::an_error_that_nobody_expects_is_451_and_shows_nothing",
    },
    "mail reader": {
        "depth_of_parts": "mail_content::more_are_refused",
        "number_of_parts": "mail_content::a_thousand_parts_are_read_and_more_are_refused",
        "size_of_attachments": (
            "mail_content::an_attachment_beyond_a_mebibyte_is_kept_whole_and_not_joined"
        ),
        "alphabet_of_base64": "mail_content::a_broken_line_is_kept_byte_for_byte",
        "mails_that_are_no_batch": "mail_content::what_is_no_batch_is_refused_as_a_whole",
    },
    "decoder": {
        "duplicate_keys": "messages_json::the_same_key_twice_is_refused",
        "integers_beyond_doubles": "messages_json::greater_integers_are_refused",
        "numbers_that_are_none": "messages_json::numbers_that_are_none_are_refused",
        "depth_of_messages": "messages_json::32_levels_are_taken_and_33_are_not",
        "escaped_nul": "messages_json::a_nul_is_refused_wherever_it_hides",
        "size_of_messages": "messages_json::a_message_has_a_mebibyte_and_not_a_byte_more",
        "codes_of_the_platform": "messages_fields::nobody_outside_says_the_codes_of_the_platform",
        "required_fields": "messages_fields::a_message_without_its_run_is_refused_aloud",
        "content_of_a_known_id": "known_ids::another_content_under_a_known_id_is_one_dead_letter",
    },
    "HTTP": {
        "name_of_the_server": "http_wire::a_request_line_or_host_that_is_not_plain_is_400",
        "form_of_heads": "http_wire::headers_are_bounded_and_plain_and_cost_nothing",
        "compressed_bodies": "http_wire::a_compressed_body_is_415",
        "size_of_small_bodies": "http_wire::a_body_where_none_is_expected_has_64_kib",
        "origin_of_pages": "http_access::a_page_of_another_origin_is_403_for_every_method",
        "forms_of_other_sites": (
            "http_access::an_action_without_a_json_content_type_or_a_token_is_403"
        ),
        "rate_of_requests": (
            "http_access::more_requests_than_the_rate_are_429_and_say_when_to_come_again"
        ),
        "scopes_of_tokens": "http_access::a_scope_that_is_too_small_is_403_whatever_is_asked_for",
        "end_of_tokens": "http_access::every_failure_to_show_a_token_has_the_same_answer",
    },
    "command line": {
        "unknown_settings": "configuration::the_environment_wins_and_is_checked_as_well",
        "secrets_that_others_can_read": (
            "configuration::a_secret_must_be_there_and_its_owners_alone[world-readable]"
        ),
        "links_in_the_spool": (
            "command_data::foreign_things_in_the_spool_are_neither_sent_nor_followed"
        ),
        "formulas_in_csv": "command_output::a_formula_is_text_for_a_spreadsheet",
        "control_characters_on_a_terminal": "command_output::a_name_cannot_drive_a_terminal",
    },
}

#: What pytest says of a test whose own claim did not hold; an error of any other kind is none.
_RED = re.compile(
    r"^FAILED \S.* - (?:assert |AssertionError|Failed: DID NOT RAISE"
    r"|ValueError: (?:too many|not enough) values to unpack)",
    re.MULTILINE,
)


def node(guard: str) -> str:
    """``file::name`` without what all files and tests begin with."""
    file, name = guard.split("::")
    (path,) = (ROOT / "tests").rglob(f"test_{file}.py")
    return f"{path.relative_to(ROOT)}::test_{name}"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcomes]:
    """Of a door, what its tests said: by the control that was removed, and as it is (``""``)."""
    home = tmp_path_factory.mktemp("home")

    @cache
    def run(door: str) -> Outcomes:
        guards = DOORS[door]
        jobs = {"": [*map(node, guards.values())], **{c: [node(g)] for c, g in guards.items()}}
        done = subprocess.run(
            [sys.executable, "-m", "support.forks"],
            input=json.dumps(list(jobs.items())),
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT / "tests"),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                # What a careless command writes is written here.
                "HOME": str(home),
                "TMPDIR": str(home),
                "COLUMNS": "500",
            },
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return dict(zip(jobs, json.loads(done.stdout), strict=True))

    return run


@pytest.mark.parametrize("door", DOORS)
def test_with_all_controls_the_tests_of_a_door_pass(
    door: str, outcomes: Callable[[str], Outcomes]
) -> None:
    code, said = outcomes(door)[""]

    assert code == 0, said


@pytest.mark.parametrize(
    ("door", "control"),
    [
        pytest.param(door, control, id=f"{door}: {control}")
        for door, guards in DOORS.items()
        for control in guards
    ],
)
def test_without_a_control_its_test_is_red(
    door: str, control: str, outcomes: Callable[[str], Outcomes]
) -> None:
    code, said = outcomes(door)[control]

    assert code == 1, said
    assert _RED.search(said), said
    assert said.splitlines()[-1].startswith("1 failed"), said


def test_every_control_that_can_be_removed_is_removed() -> None:
    removed = [control for guards in DOORS.values() for control in guards]

    assert sorted(removed) == sorted(CONTROLS)
