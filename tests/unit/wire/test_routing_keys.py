import pytest

from prodiguer.errors import Refused
from prodiguer.wire import topics


def test_a_key_is_five_words() -> None:
    key = topics.parse("prod.hermes-mq-user.libigcm.monitoring.0000")

    assert key == ("prod", "hermes-mq-user", "libigcm", "monitoring", "0000")
    assert str(key) == "prod.hermes-mq-user.libigcm.monitoring.0000"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "prod",
        "prod.a.b.c",
        "prod.a.b.c.d.e",
        "prod.a..c.d",
        "prod.a.b.c.",
        "prod.a.b.c.D",
        "prod.a b.c.d.e",
        "prod.a.b.c.0000\n",
        "prod.#.b.c.d",
        "prod.*.b.c.d",
        "prod.é.b.c.d",
        "prod.a.b.c.\0",
        f"prod.{'a' * 240}.libigcm.app.0000",
    ],
)
def test_anything_else_is_refused(key: str) -> None:
    with pytest.raises(Refused) as caught:
        topics.parse(key)

    assert caught.value.reason == "bad-field: routing_key"


def test_a_key_may_have_255_bytes_and_no_more() -> None:
    rest = ".libigcm.monitoring.0000"
    words = ".".join(["prod", "a" * (255 - len("prod.") - len(rest))])

    assert len(str(topics.parse(words + rest))) == 255
    with pytest.raises(Refused):
        topics.parse("a" + words + rest)


def test_words_are_taken_apart_and_put_together_again() -> None:
    key = "prod.u.libigcm.internal.-1000"
    assert str(topics.parse(key)) == key
    with pytest.raises(Refused):
        topics.parse("prod.u.v.libigcm.monitoring.0000")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("tgcc", "tgcc"),
        ("J. Doe@TGCC", "j_doe_tgcc"),
        ("é", "unknown"),
        ("", "unknown"),
        ("a" * 300, "a" * 64),
        ("#.*", "unknown"),
    ],
)
def test_any_name_has_a_word_near_it(name: str, word: str) -> None:
    assert topics.as_word(name) == word
    assert topics.is_word(word)


@pytest.mark.parametrize("pattern", ["#", "prod.*.*.monitoring.1999", "#.1999", "prod.#"])
def test_a_filter_of_words_and_signs_is_one(pattern: str) -> None:
    assert topics.check_pattern(pattern) == pattern


@pytest.mark.parametrize("pattern", ["", "a..b", "a*", "A", "a b", "a." * 200])
def test_a_filter_that_no_key_can_match_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="no topic filter"):
        topics.check_pattern(pattern)
