"""Sending the outbox by SMTP: never inside a transaction, one mail at a time, tried again later when it
fails."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import Policy
from urllib.parse import unquote, urlsplit

from cstrain.config import ConfigError, Settings
from cstrain.extensions import session
from cstrain.kernel.ids import PersonId
from cstrain.notifications.facts import MailReport
from cstrain.notifications.models import MailOutbox
from cstrain.notifications.queries import waiting_mail
from cstrain.notifications.service import address_of, settings
from cstrain.unit_of_work import unit_of_work

MOST_TRIES = 8
_TIMEOUT_SECONDS = 20
_BATCH = 50

Transport = Callable[[EmailMessage], None]


class _Subject(str):
    """A subject whose every sign is sent encoded, by rules of our own.

    The library reads ``=?utf-8?q?…?=`` in a text as encoded already, so that a title could bring lines of
    its own into the head of a mail; and it loses blanks where a long line is folded.
    """

    name = "subject"

    def fold(self, *, policy: Policy) -> str:
        """Return the header's lines; the library asks headers that have a name for them."""
        said = Header(str(self), "utf-8", header_name="Subject").encode(linesep=policy.linesep)
        return f"Subject: {said}{policy.linesep}"


def smtp_transport(settings: Settings) -> Transport:
    """Return a function that sends one mail by ``CSTRAIN_MAIL_URL`` (``smtp://`` with STARTTLS, or ``smtps://``).

    A password is only ever sent over TLS. Raises ``ConfigError`` for an unusable address.
    """
    parts = urlsplit(settings.mail_url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ConfigError("CSTRAIN_MAIL_URL must look like smtp://user:password@host:587 or smtps://…:465")
    host, port = parts.hostname, parts.port or (465 if parts.scheme == "smtps" else 587)

    def send(message: EmailMessage) -> None:
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=_TIMEOUT_SECONDS)
        with server:
            encrypted = parts.scheme == "smtps"
            server.ehlo()
            if not encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                encrypted = True
            if parts.username:
                if not encrypted:
                    raise smtplib.SMTPException("the mail server offers no TLS; the password was not sent")
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)

    return send


def send_mail(now: datetime, transport: Transport | None = None) -> MailReport:
    """Send what waits in the outbox (at most fifty); does nothing where no mail is configured.

    The text of a sent mail is not kept: it may hold a one-time link.
    """
    if transport is None and not settings().mail_url:
        return MailReport(0, 0)
    deliver = transport or smtp_transport(settings())
    waiting = waiting_mail(_BATCH, MOST_TRIES)
    session().rollback()
    sent = sum(_send_one(mail_id, now, deliver) for mail_id in waiting)
    return MailReport(sent, len(waiting) - sent)


def _send_one(mail_id: int, now: datetime, deliver: Transport) -> bool:
    message = _compose(mail_id)
    session().rollback()  # nothing is held open while the network is waited for
    error = "no address" if message is None else None
    if message is not None:
        try:
            deliver(message)
        except (OSError, smtplib.SMTPException) as problem:
            error = type(problem).__name__
    with unit_of_work():
        row = session().get_one(MailOutbox, mail_id)
        row.tries += 1
        row.last_error = error
        if error is None:
            row.sent_at, row.body = now, ""
    return error is None


def _compose(mail_id: int) -> EmailMessage | None:
    row = session().get_one(MailOutbox, mail_id)
    address = address_of(PersonId(row.to_person_id))
    if address is None or not address.email:
        return None
    message = EmailMessage()
    message["From"] = settings().mail_from or "cstrain@localhost"
    message["To"] = address.email
    message["Subject"] = _Subject(row.subject)
    message.set_content(row.body)
    return message
