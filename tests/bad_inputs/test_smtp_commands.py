"""What the SMTP door says to commands that are wrong: refused with a code, or the line is cut."""

from __future__ import annotations

import base64
import os
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from prodiguer.ingest.inbox import Inbox
from prodiguer.ingest.smtp import SmtpDoor
from prodiguer.ingest.smtp.passwords import password_line
from support.ingest import RECIPIENT, SENDER, Client, flooded, mail, opened, send, stored
from support.needs import missing

HELLO = b"EHLO node1"
FROM = f"MAIL FROM:<{SENDER}>".encode()
TO = f"RCPT TO:<{RECIPIENT}>".encode()


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox")


@pytest.fixture
def door(inbox: Inbox) -> Iterator[SmtpDoor]:
    with opened(inbox) as door:
        yield door


def still_open(door: SmtpDoor, inbox: Inbox) -> None:
    """An honest mail comes in, and it is the only one."""
    send(door.address, mail(b"honest"))
    assert len(stored(inbox)) == 1


@pytest.mark.bad_input("B001")
@pytest.mark.parametrize(
    "noise",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),
        b"\x00" * 100,
        b"\xff\xfe\xfd\r\n" * 3,
    ],
    ids=["a TLS hello", "zeros", "bytes"],
)
def test_another_protocol_is_told_off_and_cut(door: SmtpDoor, inbox: Inbox, noise: bytes) -> None:
    with Client(door.address) as client:
        client.reply()
        client.write(noise)

        assert client.reply()[:3] == "500"
        assert client.closed
    still_open(door, inbox)


@pytest.mark.bad_input("B001")
def test_an_http_request_ends_after_five_lines_that_are_no_commands(door: SmtpDoor) -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nX-A: 1\r\nX-B: 2\r\nX-C: 3\r\n\r\n"
    with Client(door.address) as client:
        client.reply()
        client.write(request)

        assert [client.reply()[:3] for _ in range(6)] == ["500"] * 5 + [""]


@pytest.mark.bad_input("B002")
@pytest.mark.parametrize(
    ("commands", "code"),
    [
        ((b"MAIL FROM:<a@b.c>",), "503"),
        ((b"DATA",), "503"),
        ((TO,), "503"),
        ((HELLO, TO), "503"),
        ((HELLO, b"DATA"), "503"),
        ((HELLO, FROM, b"DATA"), "503"),
        ((HELLO, FROM, FROM), "503"),
    ],
)
def test_commands_in_a_wrong_order_are_503(
    door: SmtpDoor, commands: tuple[bytes, ...], code: str
) -> None:
    with Client(door.address) as client:
        client.reply()

        assert client.codes(*commands)[-1] == code


@pytest.mark.bad_input("B003")
@pytest.mark.parametrize(
    "line",
    [b"NOOP\n", b"NOOP\rNOOP\r\n", b"NO\x00OP\r\n", b"\xffNOOP\r\n", b"NOOP\x00\r\n", b"\r\n"],
)
def test_a_line_that_is_no_command_line_is_500(door: SmtpDoor, line: bytes) -> None:
    with Client(door.address) as client:
        client.greet().write(line)

        assert client.reply()[:3] == "500"
        assert client.ask(b"NOOP")[:3] == "250"


@pytest.mark.bad_input("B004")
@pytest.mark.parametrize("length", [513, 60_000])
def test_a_command_line_that_is_too_long_is_500(door: SmtpDoor, length: int) -> None:
    with Client(door.address) as client:
        client.greet().write(b"NOOP " + b"x" * (length - 7) + b"\r\n")

        assert client.reply()[:3] == "500"
        assert client.ask(b"NOOP")[:3] == "250"


@pytest.mark.bad_input("B004")
def test_a_command_line_of_512_bytes_is_taken(door: SmtpDoor) -> None:
    with Client(door.address) as client:
        client.greet().write(b"NOOP " + b"x" * 505 + b"\r\n")

        assert client.reply()[:3] == "250"


@pytest.mark.bad_input("B004")
def test_a_command_line_without_end_is_500_and_cut(door: SmtpDoor, inbox: Inbox) -> None:
    with Client(door.address) as client:
        client.greet()

        assert flooded(client, b"x" * 65_536, 100_000_000) < 100_000_000
        assert client.closed
    still_open(door, inbox)


@pytest.mark.bad_input("B005")
@pytest.mark.parametrize("command", [b"NOOP", b"RSET", b"VRFY x", HELLO, b"HELP"])
def test_commands_without_a_mail_end_with_421(door: SmtpDoor, command: bytes) -> None:
    with Client(door.address) as client:
        client.greet()

        codes = client.codes(*[command] * 100)

        assert codes[-1] == "421"
        assert "421" not in codes[:98]
        assert client.closed


@pytest.mark.bad_input("B005")
def test_a_relay_that_sends_mails_has_no_budget(door: SmtpDoor, inbox: Inbox) -> None:
    with Client(door.address) as client:
        client.greet()
        for _ in range(60):
            client.envelope().write(b"text\r\n.\r\n")
            assert client.reply()[:3] == "250"
    assert inbox.count() == 60


@pytest.mark.bad_input("B006")
def test_the_51st_recipient_and_all_after_it_are_452(door: SmtpDoor, inbox: Inbox) -> None:
    with Client(door.address) as client:
        client.greet()
        assert client.ask(FROM)[:3] == "250"
        client.write(b"".join(b"RCPT TO:<box%d@x.y>\r\n" % i for i in range(5000)))

        codes = [client.reply()[:3] for _ in range(5000)]

        assert codes == ["250"] * 50 + ["452"] * 4950
        assert client.ask(b"DATA")[:3] == "354"
        client.write(b"text\r\n.\r\n")
        assert client.reply()[:3] == "250"
    assert len(stored(inbox)) == 1


@pytest.mark.bad_input("B006")
def test_the_same_recipient_many_times_is_one_mail(door: SmtpDoor, inbox: Inbox) -> None:
    with Client(door.address) as client:
        client.greet()
        codes = client.codes(FROM, *[TO] * 60, b"DATA")
        client.write(b"text\r\n.\r\n")

        assert client.reply()[:3] == "250"
    assert codes == ["250"] * 51 + ["452"] * 10 + ["354"]
    assert stored(inbox) == [b"text\r\n"]


@pytest.mark.bad_input("B007")
@pytest.mark.parametrize(
    "address",
    [
        b"victim%other.example@platform.example",
        b"other.example!victim@platform.example",
        b"@a.example,@b.example:c@d.example",
        b'"quoted box"@platform.example',
        b'""@x',
        "böx@platform.example".encode(),
        "box@plätform.example".encode(),
        b"x" * 400 + b"@platform.example",
        b"no-domain",
        b"two@at@platform.example",
        b"",
        b"@",
        b"box@",
        b"box@-bad.example",
        b"box@platform..example",
        b"box@platform.example\x7f",
    ],
)
def test_a_recipient_that_is_no_plain_address_is_553(door: SmtpDoor, address: bytes) -> None:
    with Client(door.address) as client:
        client.greet()

        assert client.codes(FROM, b"RCPT TO:<" + address + b">") == ["250", "553"]


@pytest.mark.bad_input("B007")
@pytest.mark.parametrize("address", [b"other@platform.example", b"prodiguer@relay.example"])
def test_who_is_not_in_the_list_of_recipients_gets_550(inbox: Inbox, address: bytes) -> None:
    allowed = ("prodiguer@platform.example", "@second.example")
    with opened(inbox, allowed_recipients=allowed) as door, Client(door.address) as client:
        client.greet()
        codes = client.codes(
            FROM,
            b"RCPT TO:<" + address + b">",
            b"RCPT TO:<PRODIGUER@Platform.example>",
            b"RCPT TO:<any@second.example>",
        )

    assert codes == ["250", "550", "250", "250"]


@pytest.mark.bad_input("B008")
@pytest.mark.parametrize(
    "argument",
    [
        b"FROM:<@>",
        b"FROM:<a@b",
        b"FROM:a@b>",
        b"FROM:<a b@c>",
        b"FROM:<a@>",
        b"FROM:",
        b"",
        b"TO:<a@b>",
        b"FROM:<" + b"a" * 400 + b"@b>",
    ],
)
def test_a_sender_that_breaks_the_grammar_is_501(door: SmtpDoor, argument: bytes) -> None:
    with Client(door.address) as client:
        client.greet()

        assert client.ask(b"MAIL " + argument)[:3] == "501"


@pytest.mark.bad_input("B008")
@pytest.mark.parametrize("line", [b"MAIL FROM:<a\x00@b>", b"MAIL FROM:<a@b>\rRCPT TO:<c@d>"])
def test_a_sender_with_nul_or_a_line_break_is_500(door: SmtpDoor, line: bytes) -> None:
    with Client(door.address) as client:
        client.greet()

        assert client.ask(line)[:3] == "500"


@pytest.mark.bad_input("B008")
def test_the_null_sender_is_taken_as_nobody(door: SmtpDoor, inbox: Inbox) -> None:
    with Client(door.address) as client:
        client.greet()
        assert client.codes(b"MAIL FROM:<>", TO, b"DATA") == ["250", "250", "354"]
        client.write(b"text\r\n.\r\n")
        assert client.reply()[:3] == "250"

    with inbox.read(inbox.pending()[0]) as letter:
        assert (letter.arrival.sender, letter.arrival.principal) == ("", None)


@pytest.mark.bad_input("B009")
@pytest.mark.parametrize(
    ("size", "code"),
    [
        (b"0", "250"),
        (b"1000", "250"),
        (b"-1", "501"),
        (b"abc", "501"),
        (b"1e3", "501"),
        (b"", "501"),
        (b"9" * 300, "501"),
        ("²".encode(), "501"),
        (b"1001", "552"),
        (b"99999999999999999999", "552"),
    ],
)
def test_the_size_that_is_announced(inbox: Inbox, size: bytes, code: str) -> None:
    with opened(inbox, max_size=1000) as door, Client(door.address) as client:
        client.greet()

        assert client.ask(FROM + b" SIZE=" + size)[:3] == code


@pytest.mark.bad_input("B009")
def test_the_size_counts_that_comes_not_the_one_that_is_announced(inbox: Inbox) -> None:
    with opened(inbox, max_size=1000) as door, Client(door.address) as client:
        client.greet()
        assert client.codes(FROM + b" SIZE=10", TO, b"DATA") == ["250", "250", "354"]
        client.write(b"x" * 998 + b"\r\n.\r\n")
        assert client.reply()[:3] == "250"
        assert client.codes(FROM + b" SIZE=10", TO, b"DATA") == ["250", "250", "354"]
        client.write(b"x" * 999 + b"\r\n.\r\n")
        assert client.reply()[:3] == "552"

    assert [len(content) for content in stored(inbox)] == [1000]


@pytest.mark.bad_input("B010")
@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        (b"BODY=8BITMIME", "250"),
        (b"BODY=7BIT SIZE=10", "250"),
        (b"BODY=BINARYMIME", "501"),
        (b"BODY=8BITMIME BODY=7BIT", "501"),
        (b"SMTPUTF8", "555"),
        (b"SMTPUTF8=1", "555"),
        (b"RET=FULL", "555"),
        (b"=x", "501"),
        (b"a b", "555"),
    ],
)
def test_parameters_of_mail(door: SmtpDoor, parameters: bytes, code: str) -> None:
    with Client(door.address) as client:
        client.greet()

        assert client.ask(FROM + b" " + parameters)[:3] == code


@pytest.mark.bad_input("B010")
def test_parameters_of_rcpt_are_555(door: SmtpDoor) -> None:
    with Client(door.address) as client:
        client.greet()

        assert client.codes(FROM, TO + b" NOTIFY=NEVER") == ["250", "555"]


# -- AUTH and STARTTLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PEM file with a key and a certificate for localhost."""
    place = tmp_path_factory.mktemp("tls")
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", place / "key.pem", "-out", place / "certificate.pem"),
        ],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        missing("openssl cannot make a certificate here")
    return place


@pytest.fixture
def guarded(inbox: Inbox, certificate: Path, tmp_path: Path) -> Iterator[SmtpDoor]:
    """A door with TLS and passwords."""
    passwords = tmp_path / "passwords"
    passwords.write_text(password_line("tgcc", "secret") + "\n")
    passwords.chmod(0o600)
    with opened(
        inbox,
        tls="starttls",
        tls_certificate=str(certificate / "certificate.pem"),
        tls_key=str(certificate / "key.pem"),
        auth=str(passwords),
    ) as door:
        yield door


def secured(client: Client, certificate: Path, **versions: ssl.TLSVersion) -> None:
    """Switch a connection to TLS."""
    context = ssl.create_default_context(cafile=str(certificate / "certificate.pem"))
    for name, version in versions.items():
        setattr(context, name, version)
    client.socket = context.wrap_socket(client.socket, server_hostname="localhost")


def plain(name: bytes, password: bytes) -> bytes:
    return b"AUTH PLAIN " + base64.b64encode(b"\0" + name + b"\0" + password)


@pytest.mark.bad_input("B011")
def test_auth_where_none_is_configured_is_502(door: SmtpDoor) -> None:
    with Client(door.address) as client:
        assert client.greet().ask(plain(b"a", b"b"))[:3] == "502"


@pytest.mark.bad_input("B011")
def test_auth_before_tls_is_538_and_a_mail_without_it_530(guarded: SmtpDoor) -> None:
    with Client(guarded.address) as client:
        client.reply()
        offers = client.ask(HELLO)

        assert "STARTTLS" in offers
        assert "AUTH" not in offers
        assert client.codes(plain(b"tgcc", b"secret"), FROM) == ["538", "530"]


@pytest.mark.bad_input("B011")
@pytest.mark.parametrize(
    ("commands", "codes"),
    [
        ((b"AUTH",), ["501"]),
        ((b"AUTH CRAM-MD5",), ["504"]),
        ((b"AUTH PLAIN a b c",), ["501"]),
        ((b"AUTH PLAIN !!!!",), ["501"]),
        ((b"AUTH PLAIN", b"*"), ["334", "501"]),
        ((b"AUTH LOGIN", b"*"), ["334", "501"]),
        ((b"AUTH LOGIN", base64.b64encode(b"tgcc"), b"!"), ["334", "334", "501"]),
        ((plain(b"", b"secret"),), ["501"]),
        ((b"AUTH PLAIN " + base64.b64encode(b"\0" * 20),), ["501"]),
        ((plain(b"tgcc", b"wrong"), plain(b"tgcc", b"secret")), ["535", "235"]),
        ((plain(b"nobody", b"secret"),), ["535"]),
        (
            (b"AUTH LOGIN", base64.b64encode(b"tgcc"), base64.b64encode(b"secret")),
            ["334", "334", "235"],
        ),
        ((plain(b"tgcc", b"secret"), plain(b"tgcc", b"secret")), ["235", "503"]),
    ],
)
def test_auth_within_tls(
    guarded: SmtpDoor, certificate: Path, commands: tuple[bytes, ...], codes: list[str]
) -> None:
    with Client(guarded.address) as client:
        assert client.greet().ask(b"STARTTLS")[:3] == "220"
        secured(client, certificate)
        assert "AUTH PLAIN LOGIN" in client.ask(HELLO)

        assert client.codes(*commands) == codes


@pytest.mark.bad_input("B011")
def test_the_third_wrong_password_ends_the_connection(guarded: SmtpDoor, certificate: Path) -> None:
    with Client(guarded.address) as client:
        client.greet().ask(b"STARTTLS")
        secured(client, certificate)
        client.ask(HELLO)

        assert client.codes(*[plain(b"tgcc", b"guess")] * 3) == ["535"] * 3
        assert client.closed


@pytest.mark.bad_input("B011")
def test_who_proved_its_name_sends_under_it(
    guarded: SmtpDoor, certificate: Path, inbox: Inbox
) -> None:
    with Client(guarded.address) as client:
        client.greet().ask(b"STARTTLS")
        secured(client, certificate)
        client.ask(HELLO)
        assert client.ask(plain(b"tgcc", b"secret"))[:3] == "235"
        client.envelope().write(b"text\r\n.\r\n")
        assert client.reply()[:3] == "250"

    with inbox.read(inbox.pending()[0]) as letter:
        assert letter.arrival.principal == "tgcc"


@pytest.mark.bad_input("B012")
def test_starttls_twice_is_503(guarded: SmtpDoor, certificate: Path) -> None:
    with Client(guarded.address) as client:
        assert client.greet().ask(b"STARTTLS")[:3] == "220"
        secured(client, certificate)

        assert client.codes(HELLO, b"STARTTLS") == ["250", "503"]


@pytest.mark.bad_input("B012")
def test_what_was_said_before_tls_is_forgotten(guarded: SmtpDoor, certificate: Path) -> None:
    with Client(guarded.address) as client:
        client.greet().ask(b"STARTTLS")
        secured(client, certificate)

        assert client.ask(plain(b"tgcc", b"secret"))[:3] == "503"


@pytest.mark.bad_input("B012")
def test_commands_pushed_in_before_tls_are_never_obeyed(
    guarded: SmtpDoor, certificate: Path, inbox: Inbox
) -> None:
    with Client(guarded.address) as client:
        client.greet().write(b"STARTTLS\r\nEHLO evil\r\nNOOP\r\n")
        assert client.reply()[:3] == "220"
        try:
            secured(client, certificate)
        except (ssl.SSLError, ConnectionError):
            return  # the plain text was taken for a hello: the line is cut
        assert client.codes(HELLO, b"NOOP") == ["250", "250"]


@pytest.mark.bad_input("B012")
def test_plain_text_after_starttls_ends_the_connection(guarded: SmtpDoor, inbox: Inbox) -> None:
    with Client(guarded.address) as client:
        assert client.greet().ask(b"STARTTLS")[:3] == "220"
        client.write(b"EHLO node1\r\nNOOP\r\n")

        assert client.closed
    with Client(guarded.address) as client:
        client.greet()


@pytest.mark.bad_input("B012")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1 is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_tls_1_0_is_refused(guarded: SmtpDoor, certificate: Path) -> None:
    with Client(guarded.address) as client:
        client.greet().ask(b"STARTTLS")

        with pytest.raises((ssl.SSLError, ConnectionError)):
            secured(
                client,
                certificate,
                minimum_version=ssl.TLSVersion.TLSv1,
                maximum_version=ssl.TLSVersion.TLSv1,
            )


@pytest.mark.bad_input("B013")
@pytest.mark.parametrize(
    "header",
    [
        b"PROXY TCP4 10.0.0.1 10.0.0.2 1 25\r\n",
        b"PROXY TCP4 " + b"1" * 10_000 + b"\r\n",
        b"\r\n\r\n\x00\r\nQUIT\n\x21\x11",
    ],
    ids=["version 1", "10 kB of it", "version 2, cut off"],
)
def test_a_proxy_header_ends_the_connection(door: SmtpDoor, header: bytes) -> None:
    with Client(door.address) as client:
        client.reply()
        client.write(header)

        assert client.reply()[:3] == "500"
        assert client.closed


@pytest.mark.bad_input("B014")
def test_bdat_and_data_with_an_argument_are_refused(door: SmtpDoor, inbox: Inbox) -> None:
    with Client(door.address) as client:
        client.greet()
        codes = client.codes(FROM, TO, b"BDAT 10 LAST", b"DATA now")
        assert codes == ["250", "250", "500", "501"]
        assert client.ask(b"DATA")[:3] == "354"
        client.write(b"text\r\n.\r\n")
        assert client.reply()[:3] == "250"
        assert client.ask(b"DATA")[:3] == "503"
    assert stored(inbox) == [b"text\r\n"]


def test_no_reply_shows_what_the_peer_sent(door: SmtpDoor) -> None:
    canary = os.urandom(8).hex().encode()
    with Client(door.address) as client:
        client.greet()
        replies = [
            client.ask(command + canary)
            for command in (b"X", b"VRFY ", b"EXPN ", b"HELP ", b"MAIL FROM:<@", b"AUTH ")
        ]

    assert not [reply for reply in replies if canary.decode() in reply.lower()]
