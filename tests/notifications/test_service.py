"""Notices, reminders with escalation, and the mail outbox."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
import sqlalchemy as sa

from cstrain.config import ConfigError, Settings
from cstrain.extensions import session
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.registry import Registry
from cstrain.notifications import jobs, mail, queries, service
from cstrain.notifications.facts import Bundle, Due
from cstrain.notifications.models import MailOutbox
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import make_person
from tests.racing import race

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def with_mail(app):
    settings: Settings = app.extensions["cstrain.settings"]
    app.extensions["cstrain.settings"] = replace(
        settings,
        mail_url="smtp://127.0.0.1:2525",
        mail_from="hr@example.com",
        public_url="https://train.example.com",
    )


@pytest.fixture
def own_reminders(monkeypatch):
    registry = Registry("reminder")
    monkeypatch.setattr(service, "reminders", registry)
    return registry


def test_a_notice_with_a_key_is_sent_once():
    person = make_person()
    with unit_of_work():
        assert service.notify(person, "已签核%(n)s天。", now=NOW, values={"n": 17}, key="day:17")
        assert not service.notify(person, "已签核%(n)s天。", now=NOW, values={"n": 17}, key="day:17")
    page = queries.notices(person)
    assert (page.total, page.unread, queries.unread(person)) == (1, 1, 1)


def test_two_who_tell_the_same_key_at_once_keep_one_and_nobody_is_refused(app, with_mail):
    person = make_person(email="lin@example.com")
    words, day = "第%(number)s天已签核。", {"number": 17}
    told = [lambda: service.notify(person, words, values=day, now=NOW, key="day:17")] * 3
    won, refused = race(app, *told)
    assert (sorted(won), refused) == ([False, False, True], [])
    assert queries.notices(person).total == 1
    assert len(session().scalars(sa.select(MailOutbox)).all()) == 1


def test_an_act_that_tells_what_a_reminder_tells_just_now_is_kept_whole(app):
    person, other = make_person(), make_person("周子昂")

    def act():
        service.notify(other, "另一条。", now=NOW, key="act")
        return service.notify(person, "到期了。", now=NOW, key="due")

    won, refused = race(app, act, lambda: service.notify(person, "到期了。", now=NOW, key="due"))
    assert sorted(won) == [False, True] and refused == []
    assert [queries.notices(each).total for each in (person, other)] == [1, 1]


def signed(person, number, minute=0):
    with unit_of_work():
        service.notify(
            person,
            "第%(number)s天已签核。",
            now=NOW + timedelta(minutes=minute),
            values={"number": number},
            url=f"/programme/days/{number}",
            bundle=Bundle("signed:1", "已签核%(n)s天，最近的是第%(number)s天。", "/programme"),
        )


def test_unread_notices_of_a_bundle_are_one_that_counts():
    person, other = make_person(), make_person()
    for number in (1, 2, 3):
        signed(person, number, minute=number)
    signed(other, 1)
    (notice,) = queries.notices(person).notices
    assert notice.message % notice.values == "已签核3天，最近的是第3天。"
    assert (notice.url, notice.created_at) == ("/programme", NOW + timedelta(minutes=3))
    (alone,) = queries.notices(other).notices
    assert (alone.message % alone.values, alone.url) == ("第1天已签核。", "/programme/days/1")


def test_a_bundle_begins_anew_once_it_was_read():
    person = make_person()
    signed(person, 1)
    with unit_of_work():
        service.mark_read(person, queries.notices(person).notices[0].id, NOW)
    signed(person, 2, minute=1)
    assert [notice.values["number"] for notice in queries.notices(person).notices] == [2, 1]
    assert queries.unread(person) == 1


def test_a_bundle_has_no_key():
    with pytest.raises(ValueError, match="sent once"):
        service.notify(make_person(), "x", now=NOW, key="k", bundle=Bundle("b", "x%(n)s", "/notices"))


@pytest.mark.usefixtures("with_mail")
def test_a_bundle_is_mailed_when_it_begins():
    person = make_person(email="li@example.com")
    for number in (1, 2):
        signed(person, number)
    assert [row.subject for row in waiting()] == ["第1天已签核。"]


@pytest.mark.usefixtures("with_mail")
def test_each_of_a_bundle_is_mailed_where_each_is_worth_it():
    person = make_person(email="li@example.com")
    exams = Bundle("exams", "给你安排了%(n)s场考试，最近的是《%(title)s》。", "/exams", mail_each=True)
    with unit_of_work():
        for title in ("甲卷", "乙卷"):
            values = {"paper": title, "title": title}
            service.notify(person, "《%(paper)s》成绩已发布。", now=NOW, values=values, bundle=exams)
    assert [row.subject for row in waiting()] == ["《甲卷》成绩已发布。", "《乙卷》成绩已发布。"]
    assert queries.unread(person) == 1


def test_a_notice_whose_matter_is_done_is_read():
    person = make_person()
    with unit_of_work():
        service.notify(person, "等你签核。", now=NOW, key="sign:5:3")
        service.notify(person, "等你签核。", now=NOW, key="sign:5:33")
        service.settle({"sign:5:3", "sign:5:4"}, NOW)
    assert [notice.read_at for notice in reversed(queries.notices(person).notices)] == [NOW, None]


def test_a_notice_is_undone_with_what_it_tells_of():
    person = make_person()

    def broken():
        with unit_of_work():
            service.notify(person, "x", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert queries.unread(person) == 0


def test_values_are_said_in_the_readers_words(app):
    from flask_babel import force_locale

    from cstrain.notifications.wording import says

    person = make_person()
    values = {"day": date(2026, 11, 23), "at": NOW, "mark": Decimal("79.5"), "n": 3}
    with unit_of_work():
        service.notify(person, "%(day)s|%(at)s|%(mark)s|%(n)s", now=NOW, values=values)
    kept = queries.notices(person).notices[0]
    with app.test_request_context():
        assert says(kept.message, kept.values) == "11月23日 周一|11月20日 周五 09:00|79.5|3"
        with force_locale("en"):
            assert says(kept.message, kept.values).startswith("Mon 23 Nov|Fri 20 Nov 09:00")


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "javascript:1"])
def test_a_notice_leads_to_this_site_only(url):
    with pytest.raises(ValueError, match="path of this site"):
        service.notify(make_person(), "x", now=NOW, url=url)
    with pytest.raises(ValueError, match="path of this site"):
        service.notify(make_person(), "x", now=NOW, bundle=Bundle("b", "x%(n)s", url))


def test_others_notices_are_not_found():
    mine, other = make_person(), make_person()
    with unit_of_work():
        service.notify(mine, "x", now=NOW, url="/notices")
    notice = queries.notices(mine).notices[0]
    with pytest.raises(NotFoundError), unit_of_work():
        service.mark_read(other, notice.id, NOW)
    with unit_of_work():
        assert service.mark_read(mine, notice.id, NOW) == "/notices"
    assert queries.unread(mine) == 0


def test_pages_hold_the_newest_first():
    person = make_person()
    with unit_of_work():
        for number in range(35):
            service.notify(person, str(number), now=NOW + timedelta(minutes=number))
    page = queries.notices(person, 2)
    assert (page.total, page.pages, len(page.notices)) == (35, 2, 5)
    assert queries.notices(person).notices[0].message == "34"
    assert len(queries.latest_unread(person, 3)) == 3


def test_a_reminder_repeats_nothing_and_escalates_with_its_own_key(own_reminders):
    mentor, boss = make_person("导师"), make_person("主管")
    waiting_since = NOW - timedelta(days=1)

    def due(now):
        days = (now - waiting_since).days
        found = [Due(mentor, "请签核。", "sign:5", url="/notices")]
        if days >= 3:
            found.append(
                Due(boss, "%(name)s还没有签核。", "sign:5:escalated", {"name": "导师"}, kind="escalation")
            )
        return found

    own_reminders.add("onboarding.sign_offs", due)
    assert service.run_reminders(NOW).sent == 1
    assert service.run_reminders(NOW + timedelta(days=1)).sent == 0
    assert service.run_reminders(NOW + timedelta(days=3)).sent == 1
    assert queries.notices(boss).notices[0].kind == "escalation"


def test_one_reminder_that_fails_does_not_stop_the_others(own_reminders):
    person = make_person()

    def broken(now):
        raise KeyError("x")

    own_reminders.add("a.broken", broken)
    own_reminders.add("b.good", lambda now: [Due(person, "x", "k")])
    report = service.run_reminders(NOW)
    assert (report.sent, report.failed) == (1, (("a.broken", "KeyError"),))


def test_the_job_asks_the_reminders_every_quarter_of_an_hour(own_reminders):
    asked = []
    own_reminders.add("x", lambda now: asked.append(now) or [])
    for minutes in (0, 5, 14, 15, 20, 31):
        jobs.run(NOW + timedelta(minutes=minutes))
    assert asked == [NOW, NOW + timedelta(minutes=15), NOW + timedelta(minutes=31)]


def waiting():
    return session().scalars(sa.select(MailOutbox).order_by(MailOutbox.id)).all()


def test_without_mail_nothing_is_queued():
    person = make_person(email="li@example.com")
    with unit_of_work():
        service.notify(person, "x", now=NOW)
    assert waiting() == []
    assert mail.send_mail(NOW).sent == 0


@pytest.mark.usefixtures("with_mail")
def test_a_notice_is_mailed_with_its_address_and_its_text_not_kept():
    person, other = make_person("李娜", email="li@example.com"), make_person("没有邮箱")
    with unit_of_work():
        service.notify(person, "已签核%(n)s天。", now=NOW, values={"n": 3}, url="/days/3")
        service.notify(other, "x", now=NOW)
    sent = []
    assert mail.send_mail(NOW, sent.append).sent == 1
    assert sent[0]["To"] == "li@example.com"
    assert sent[0]["Subject"] == "已签核3天。"
    assert "https://train.example.com/days/3" in sent[0].get_content()
    row = waiting()[0]
    assert (row.body, row.sent_at, row.tries, row.last_error) == ("", NOW, 1, None)
    assert mail.send_mail(NOW, sent.append).sent == 0


@pytest.mark.usefixtures("with_mail")
def test_a_mail_that_fails_is_tried_again_and_given_up_in_the_end():
    person = make_person(email="li@example.com")
    with unit_of_work():
        service.queue_mail(person, "主题", "正文", NOW)

    def broken(message):
        raise ConnectionRefusedError

    for _ in range(mail.MOST_TRIES):
        assert mail.send_mail(NOW, broken).failed == 1
    assert mail.send_mail(NOW, broken).failed == 0
    assert (waiting()[0].tries, waiting()[0].last_error) == (mail.MOST_TRIES, "ConnectionRefusedError")


@pytest.mark.usefixtures("with_mail")
def test_a_subject_cannot_add_header_lines():
    person = make_person(email="li@example.com")
    with unit_of_work():
        service.queue_mail(person, "a\r\nBcc: x@example.com", "b", NOW)
    sent = []
    mail.send_mail(NOW, sent.append)
    assert sent[0]["Subject"] == "a Bcc: x@example.com"
    assert sent[0]["Bcc"] is None


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?a=0ABcc:_x@example.com?=",
        "=?utf-8?b?YQ0KQmNjOiB4QGV4YW1wbGUuY29t?= 的夜班",
        "👾 🙇 💁 🙅 🙆 🙋 🙎 🙍 👾 🙇 💁 🙅 🙆 🙋 🙎 🙍",
        "Ｔｈｅ ｑｕｉｃｋ ｂｒｏｗｎ ｆｏｘ ｊｕｍｐｓ ｏｖｅｒ ｔｈｅ ｌａｚｙ ｄｏｇ",
    ],
)
def test_a_subject_arrives_whole_and_what_looks_encoded_is_not_decoded(subject):
    person = make_person(email="li@example.com")
    with unit_of_work():
        service.queue_mail(person, subject, "b", NOW)
    sent = []
    mail.send_mail(NOW, sent.append)
    lines = sent[0].as_bytes().split(b"\n\n")[0].split(b"\n")
    assert {line.partition(b":")[0] for line in lines if line[:1] != b" "} == {
        b"From",
        b"To",
        b"Subject",
        b"Content-Type",
        b"Content-Transfer-Encoding",
        b"MIME-Version",
    }
    arrived = message_from_bytes(sent[0].as_bytes())
    assert str(make_header(decode_header(arrived["Subject"]))) == subject


class TinySmtp(threading.Thread):
    """A server for one mail, without TLS."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lines: list[str] = []

    def run(self):
        connection, _address = self.listener.accept()
        with connection, connection.makefile("rwb") as stream:
            self.say(stream, "220 ready")
            in_data = False
            for raw in stream:
                line = raw.decode().rstrip("\r\n")
                self.lines.append(line)
                if in_data:
                    if line == ".":
                        in_data = False
                        self.say(stream, "250 kept")
                elif line.upper() == "DATA":
                    in_data = True
                    self.say(stream, "354 go on")
                elif line.upper() == "QUIT":
                    self.say(stream, "221 bye")
                    return
                else:
                    self.say(stream, "250 ok")

    @staticmethod
    def say(stream, line):
        stream.write(f"{line}\r\n".encode())
        stream.flush()


def test_a_mail_goes_out_by_smtp(app):
    server = TinySmtp()
    server.start()
    settings = app.extensions["cstrain.settings"]
    app.extensions["cstrain.settings"] = replace(
        settings, mail_url=f"smtp://127.0.0.1:{server.port}", mail_from="hr@example.com"
    )
    person = make_person(email="li@example.com")
    with unit_of_work():
        service.queue_mail(person, "Subject", "Body", NOW)
    assert mail.send_mail(NOW).sent == 1, (waiting()[0].last_error, server.lines)
    server.join(5)
    server.listener.close()
    assert any("rcpt to:<li@example.com>" in line.lower() for line in server.lines)


def test_a_password_is_not_sent_without_tls(app):
    server = TinySmtp()
    server.start()
    settings = app.extensions["cstrain.settings"]
    app.extensions["cstrain.settings"] = replace(
        settings, mail_url=f"smtp://me:secret@127.0.0.1:{server.port}"
    )
    person = make_person(email="li@example.com")
    with unit_of_work():
        service.queue_mail(person, "Subject", "Body", NOW)
    assert mail.send_mail(NOW).failed == 1
    server.join(5)
    server.listener.close()
    assert not [line for line in server.lines if "AUTH" in line or "secret" in line]


@pytest.mark.parametrize("url", ["http://x", "smtp://", "mail.example.com"])
def test_an_unusable_mail_address_is_named(app, url):
    settings = replace(app.extensions["cstrain.settings"], mail_url=url)
    with pytest.raises(ConfigError, match="CSTRAIN_MAIL_URL"):
        mail.smtp_transport(settings)


@pytest.mark.usefixtures("with_mail")
def test_a_lost_password_is_mailed_and_unknown_people_get_the_same_answer(app, client):
    make_person("李娜", "K002", email="li@example.com", password="海边有七只安静的骆驼")
    make_person("没有邮箱", "K003")
    assert "发送链接" in client.get("/lost-password")
    for username in ("K002", "K003", "NOBODY"):
        response = client.post("/lost-password", {"username": username}, audited=False)
        assert response.location == "/log-in"
    with unit_of_work():
        rows = waiting()
    assert len(rows) == 1
    token = rows[0].body.split("/links/")[1].split()[0]
    assert "请设置新密码" in client.get(f"/links/{token}")
    for _ in range(5):
        client.post("/lost-password", {"username": "K002"}, audited=False)
    assert len(waiting()) == 3
    assert "请填写" in client.post("/lost-password", {"username": ""}, 422).text
