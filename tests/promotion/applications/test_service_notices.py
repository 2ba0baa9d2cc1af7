"""The public notice: what it shows, objections named and anonymous, the clock, the close."""

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, ForbiddenError
from cstrain.promotion.applications import queries, service
from cstrain.promotion.applications.facts import State
from cstrain.promotion.applications.models import NoticeObjection
from cstrain.unit_of_work import unit_of_work
from tests.factories import applications as road
from tests.factories.applications import at

pytestmark = pytest.mark.usefixtures("context")
LAST = date(2026, 12, 1)
AFTER = at(LAST + timedelta(days=1))


def act(does, *values, **named):
    with unit_of_work():
        return does(*values, **named)


@pytest.fixture
def up(cast):
    cast.notice, cast.now = road.to_notice(cast)
    return cast


def objected(up, *, anonymous: bool = False) -> int:
    return act(
        service.file_objection, up.colleague, up.now, up.notice, "他的改进是别人做的。", anonymous=anonymous
    )


def test_a_notice_shows_no_marks(up):
    content = json.dumps(dict(queries.notice(up.notice).content), ensure_ascii=False)
    assert "方可欣" in content and "中级客服" in content
    assert not any(mark in content for mark in ("84.2", "85.2", "86", "4分"))
    assert [one.id for one in queries.notices_up(LAST)] == [up.notice]
    assert queries.notices_up(LAST + timedelta(days=1)) == []


def test_an_anonymous_objection_leads_to_nobody(up):
    before = session().scalar(sa.select(sa.func.max(AuditEntry.seq)))
    objection = objected(up, anonymous=True)
    row = session().get_one(NoticeObjection, objection)
    held = [row.by_id, row.started_by, row.answered_by]
    assert held == [None, None, None]
    entries = session().scalars(sa.select(AuditEntry).where(AuditEntry.seq > before)).all()
    assert entries and all(one.actor_id is None for one in entries)
    assert queries.objections(up.notice)[0].by is None


def test_the_clock_of_an_objection_runs_in_working_days(up):
    objected(up)
    found = queries.objections(up.notice)[0]
    assert (found.filed_on, found.start_by, found.answer_by) == (
        date(2026, 11, 25),
        date(2026, 11, 28),
        date(2026, 12, 7),
    )


def test_a_notice_is_not_closed_while_an_objection_waits(up):
    objection = objected(up)
    with pytest.raises(ConflictError, match="没有答复"):
        act(service.close_notice, up.hr, AFTER, up.notice)
    with pytest.raises(ConflictError, match="先开始调查"):
        act(service.answer_objection, up.hr, AFTER, objection, "dismissed", "查无此事")
    act(service.start_investigation, up.hr, AFTER, objection)
    act(service.answer_objection, up.hr, AFTER, objection, "dismissed", "改进记录有签名")
    assert act(service.close_notice, up.hr, AFTER, up.notice) == "clean"
    assert queries.application(up.application).state is State.CLEARED


def test_an_upheld_objection_stops_the_appointment(up):
    objection = objected(up, anonymous=True)
    act(service.start_investigation, up.hr, AFTER, objection)
    act(service.answer_objection, up.hr, AFTER, objection, "upheld", "改进方案是同事写的")
    assert act(service.close_notice, up.hr, AFTER, up.notice) == "stopped"
    with pytest.raises(ConflictError):
        act(service.appoint, up.hr, AFTER, up.application, date(2026, 12, 10))
    act(service.file_appeal, up.applicant, AFTER, up.application, "两人合写，有记录")
    act(service.decide_appeal, up.deputy, AFTER, up.application, upheld=True, reason="确为合写")
    assert queries.application(up.application).state is State.DEFENDED


def test_who_may_not_object_or_investigate(up):
    with pytest.raises(ForbiddenError, match="自己的公示"):
        act(service.file_objection, up.applicant, up.now, up.notice, "我不服", anonymous=True)
    with pytest.raises(ConflictError, match="公示已经结束"):
        act(service.file_objection, up.colleague, AFTER, up.notice, "晚了", anonymous=False)
    objection = objected(up)
    for part in (up.applicant, up.colleague, up.gm, up.gm_office):
        with pytest.raises(ForbiddenError):
            act(service.start_investigation, part, up.now, objection)
    with pytest.raises(ForbiddenError):
        act(service.close_notice, up.applicant, AFTER, up.notice)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE public_notice SET published_by = person_id",
        "UPDATE notice_objection SET by_id = NULL",
        "UPDATE notice_objection SET kind = 'anonymous'",
        "UPDATE notice_objection SET finding = 'dismissed'",
    ],
)
def test_the_database_refuses_it_too(up, statement):
    objected(up)
    with pytest.raises(sa.exc.IntegrityError):
        session().execute(sa.text(statement))
    session().rollback()
