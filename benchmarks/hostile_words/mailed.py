"""The strings in mail: as names and titles of notices, as whole subjects, and what else waits to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

from benchmarks.hostile_words.typed import Ask, Road, expected
from cstrain.extensions import now
from cstrain.notifications.mail import send_mail
from cstrain.notifications.service import notify, queue_mail
from cstrain.unit_of_work import unit_of_work

_HEADS = {"from", "to", "subject", "content-type", "content-transfer-encoding", "mime-version"}


def with_mail(app: Any, ask: Ask) -> None:
    """Let the site send mail, and the writer of reports have an address."""
    settings = app.extensions["cstrain.settings"]
    app.extensions["cstrain.settings"] = replace(settings, mail_url="smtp://127.0.0.1:9", mail_from="a@b.cn")
    ask("UPDATE person SET email = 'x@example.com' WHERE staff_no = 'HM041'")


def mail(app: Any, ask: Ask, words: Sequence[str]) -> Road:
    """Send what waits, and each string as a name and a title in notices and as a whole subject."""
    road, out = Road("mail"), []
    (person,) = ask("SELECT id FROM person WHERE staff_no = 'HM041'")[0]
    with app.app_context():
        for word in map(expected, words):
            with unit_of_work():
                notify(
                    person,
                    "%(name)s完成了第%(number)s天，等你签核。",
                    now=now(),
                    values={"name": word, "number": 3},
                )
                notify(person, "试卷“%(title)s”等你批准。", now=now(), values={"title": word})
                queue_mail(person, word, word, now())
        waiting = ask("SELECT subject, body FROM mail_outbox WHERE sent_at IS NULL ORDER BY id")
        while send_mail(now(), lambda message: out.append(message.as_bytes())).sent:
            pass
    for (subject, body), raw in zip(waiting, out, strict=True):
        read = message_from_bytes(raw)
        content = read.get_payload(decode=True)
        whole = content.decode() if isinstance(content, bytes) else ""
        named = str(make_header(decode_header(read["Subject"] or "")))
        if {each.lower() for each in read} == _HEADS and named == subject and whole == f"{body}\n":
            road.kept += 1
        else:
            road.wrong.append(f"{subject!r} sent as {read.keys()} {named!r}")
    return road
