"""The list of bad inputs is a contract: each of its rows is a test that bears its id."""

import re
from pathlib import Path

HERE = Path(__file__).parent

#: SMTP sessions and mails; messages at any door; HTTP; commands, files and environment.
#: B081-B106 (AMQP) and B130-B132 (notifications) come with those doors; B133 and B134
#: are of the pages.
ROWS = [*range(1, 81), *range(107, 130), *range(133, 153)]


def test_each_row_has_a_test() -> None:
    marked = {
        int(number)
        for path in HERE.parent.rglob("test_*.py")
        for number in re.findall(r'bad_input\(\s*"B(\d{3})"', path.read_text("utf-8"))
    }

    missing = [f"B{row:03d}" for row in ROWS if row not in marked]

    assert missing == []
