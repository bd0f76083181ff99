"""The ways from a computing centre to the platform: HTTP and mail."""

from __future__ import annotations

import base64
import json
import smtplib
import urllib.error
import urllib.request
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import Any, NamedTuple, Protocol


class SendError(Exception):
    """The platform could not be reached, or did not take what was sent: it may be sent again."""


class Denied(SendError):
    """The platform asks for a token, or for one that may do this: send it again with that."""


class Refusal(Exception):
    """The platform answered that it will never take this: correct it; do not send it again."""


class Receipt(NamedTuple):
    """What the platform said to a batch; a mail's relay says only that it took it."""

    accepted: int
    duplicates: int
    dead: tuple[tuple[int, str], ...]


class Channel(Protocol):
    """A way to send messages, each a JSON object with its ``msg…`` fields."""

    def send(self, messages: Sequence[bytes]) -> Receipt:
        """Return when the other side has confirmed.

        Raises:
            SendError: it did not: try again, or spool.
            Refusal: it never will.
        """
        ...


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: the token is for one address, and only that one can take messages."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        said = f"{msg}: use the address that it leads to, {newurl}"
        raise urllib.error.HTTPError(req.full_url, code, said, headers, fp)


#: As `urllib.request.urlopen`, but redirections are errors.
open_url = urllib.request.build_opener(_NoDetours).open


class HttpChannel:
    """POST to the intake of the API.

    Args:
        url: of the platform, such as ``http://127.0.0.1:8080``.
        token: an API token of scope ``ingest``; empty where none is asked for.
        timeout: seconds for a whole request.
    """

    def __init__(self, url: str, token: str = "", timeout: float = 30.0) -> None:
        self._url = url.rstrip("/") + "/api/v1/messages"
        self._token = token
        self._timeout = timeout

    def send(self, messages: Sequence[bytes]) -> Receipt:
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked where the URL is read
            self._url,
            data=b"\n".join(messages) + b"\n",
            headers={"Content-Type": "application/x-ndjson"},
            method="POST",
        )
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with open_url(request, timeout=self._timeout) as answer:
                return _receipt(json.load(answer))
        except urllib.error.HTTPError as error:
            with error:
                text = _detail(error)
            if error.code < 400 or error.code in (408, 429) or error.code >= 500:
                raise SendError(text) from None
            if error.code in (401, 403):
                raise Denied(text) from None
            raise Refusal(text) from None
        except (LookupError, TypeError):  # somebody else answers there
            raise SendError(f"{self._url}: this is no answer of the platform") from None
        except (OSError, ValueError) as error:
            raise SendError(f"{self._url}: {getattr(error, 'reason', error)}") from None


def _receipt(answer: dict[str, Any]) -> Receipt:
    dead = tuple((item["index"], item["reason"]) for item in answer["dead"])
    return Receipt(answer["accepted"], answer["duplicates"], dead)


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.load(error)
        return f"{error.code}: {problem.get('detail') or problem.get('title') or error.reason}"
    except ValueError:
        return f"{error.code}: {error.reason}"


class MailChannel:
    """A mail to a relay or straight to the platform, one base64 line a message.

    Args:
        host: of the SMTP server.
        port: of the SMTP server.
        sender: the address that the mail comes from.
        recipient: the address that the platform reads.
        timeout: seconds for each step of the session.
    """

    def __init__(
        self, host: str, port: int, sender: str, recipient: str, timeout: float = 30.0
    ) -> None:
        self._host, self._port, self._timeout = host, port, timeout
        self._sender, self._recipient = sender, recipient

    def send(self, messages: Sequence[bytes]) -> Receipt:
        self.send_mail(self._compose(messages))
        return Receipt(len(messages), 0, ())

    def send_mail(self, mail: bytes) -> None:
        """Send a mail that is there already, byte for byte."""
        try:
            with smtplib.SMTP(self._host, self._port, timeout=self._timeout) as session:
                session.sendmail(self._sender, [self._recipient], mail)
        except smtplib.SMTPRecipientsRefused as error:
            _raise(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            _raise(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            raise SendError(f"{self._host}:{self._port}: {error}") from None

    def _compose(self, messages: Sequence[bytes]) -> bytes:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"] = self._sender, self._recipient
        mail["Subject"] = "[prodiguer]"
        mail["Date"] = formatdate(usegmt=True)
        mail["Message-ID"] = make_msgid(domain="prodiguer")
        lines = b"".join(base64.b64encode(message + b"\n") + b"\n" for message in messages)
        # Quoted-printable, so that relays that wrap long lines cannot hurt.
        mail.set_content(lines.decode("ascii"), cte="quoted-printable")
        return mail.as_bytes()


def _raise(code: int, text: bytes | str) -> None:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = SendError if 400 <= code < 500 else Refusal
    raise kind(f"{code} {said}") from None
