"""The public notice about who was chosen: windows, objections, and no post before a clean close."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.audit.models import AuditEntry
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.people import queries as people
from cstrain.promotion.competition import jobs, queries, service
from cstrain.promotion.competition.models import CompetitionNotice, CompetitionObjection
from cstrain.unit_of_work import unit_of_work
from tests.factories import competitions as make
from tests.factories.competitions import CLOSES, PUBLISHED, RATING, at

pytestmark = [pytest.mark.usefixtures("context")]
END = at(date(2026, 12, 28))


@pytest.fixture
def cast(clock):
    clock.set(RATING)
    return make.on_trial()


def act(call, *values, **named):
    with unit_of_work():
        return call(*values, **named)


def winner(cast) -> int:
    return cast.applications[cast.candidates[0]]


def propose(cast, when=END, *, confirmed=True):
    return act(
        service.propose_trial_end, cast.people["office"], when, winner(cast), confirmed=confirmed, reason="好"
    )


def test_nobody_is_confirmed_before_a_notice_has_closed_clean(cast) -> None:
    with pytest.raises(ConflictError, match="还没有公示"):
        propose(cast)
    notice = make.publish(cast)
    with pytest.raises(ConflictError, match="还没有结束"):
        propose(cast)
    with pytest.raises(ConflictError, match="当天也可以"):
        act(service.close_notice, cast.people["hr"], at(date(2026, 12, 7), 23), notice)
    assert act(service.close_notice, cast.people["hr"], at(CLOSES), notice) == "clean"
    end = propose(cast)
    act(service.answer_act, cast.people["gm"], END, end, agreed=True)
    assert people.get_person(cast.candidates[0], date(2027, 1, 1)).post == "客服组长"


def test_a_notice_that_lasts_longer_than_the_trial_moves_the_first_day_of_the_post(cast) -> None:
    late = at(date(2026, 12, 28))
    notice = act(service.publish_notice, cast.people["hr"], late, winner(cast), "接待稳定。")
    found = queries.notice(notice)
    assert found.last_day > date(2027, 1, 1)
    after = at(found.last_day + timedelta(days=1))
    act(service.close_notice, cast.people["hr"], after, notice)
    act(service.answer_act, cast.people["gm"], after, propose(cast, after), agreed=True)
    person = cast.candidates[0]
    assert "group_leader" not in people.roles_of(person, found.last_day)
    assert "group_leader" in people.roles_of(person, found.last_day + timedelta(days=1))


def test_an_upheld_objection_ends_the_trial_at_once(cast) -> None:
    notice = make.publish(cast)
    said = (cast.colleagues[0], at(PUBLISHED, 15), notice, "业绩是别人的")
    one = act(service.file_objection, *said, anonymous=False)
    hr, other = cast.people["hr"], cast.people["hr2"]
    with pytest.raises(ConflictError, match="没有答复"):
        act(service.close_notice, hr, at(CLOSES), notice)
    with pytest.raises(ConflictError, match="先开始调查"):
        act(service.answer_objection, other, at(PUBLISHED, 16), one, "upheld", "属实")
    act(service.start_investigation, other, at(PUBLISHED, 16), one)
    with pytest.raises(ConflictError, match="已经有人"):
        act(service.start_investigation, hr, at(PUBLISHED, 16), one)
    with pytest.raises(DomainError, match="请选择"):
        act(service.answer_objection, other, at(PUBLISHED, 17), one, "perhaps", "属实")
    act(service.answer_objection, other, at(PUBLISHED, 17), one, "upheld", "属实")
    with pytest.raises(ConflictError, match="已经答复"):
        act(service.answer_objection, other, at(PUBLISHED, 17), one, "dismissed", "不属实")
    assert act(service.close_notice, hr, at(CLOSES), notice) == "stopped"
    with pytest.raises(ConflictError, match="异议成立"):
        propose(cast, at(CLOSES))
    end = propose(cast, at(CLOSES), confirmed=False)
    act(service.answer_act, cast.people["gm"], at(CLOSES), end, agreed=True)
    person = cast.candidates[0]
    assert "group_leader" in people.roles_of(person, CLOSES - timedelta(days=1))
    assert "group_leader" not in people.roles_of(person, CLOSES)


def test_nobody_acts_on_their_own_notice_nor_twice(cast) -> None:
    person, rival = cast.candidates
    with pytest.raises(ForbiddenError):
        act(service.publish_notice, cast.people["supervisor"], at(PUBLISHED), winner(cast), "好")
    with pytest.raises(NotFoundError):
        act(service.publish_notice, cast.people["hr"], at(PUBLISHED), cast.applications[rival], "好")
    with pytest.raises(DomainError):
        act(service.publish_notice, cast.people["hr"], at(PUBLISHED), winner(cast), " ")
    notice = make.publish(cast)
    with pytest.raises(ConflictError, match="已经公示"):
        act(service.publish_notice, cast.people["hr2"], at(PUBLISHED), winner(cast), "好")
    with pytest.raises(ForbiddenError, match="自己的公示"):
        act(service.file_objection, person, at(PUBLISHED), notice, "不对", anonymous=True)
    with pytest.raises(ConflictError, match="已经结束"):
        act(service.file_objection, rival, at(CLOSES), notice, "不对", anonymous=True)
    one = act(service.file_objection, cast.people["hr"], at(PUBLISHED), notice, "不对", anonymous=False)
    for who in (person, rival, cast.people["hr"], cast.people["supervisor"]):
        with pytest.raises(ForbiddenError):
            act(service.start_investigation, who, at(PUBLISHED), one)


def test_of_an_anonymous_objection_no_person_is_kept(cast) -> None:
    notice = make.publish(cast)
    act(service.file_objection, cast.colleagues[1], at(PUBLISHED, 15), notice, "听说的", anonymous=True)
    row = session().scalars(sa.select(CompetitionObjection)).one()
    assert (row.kind, row.by_id) == ("anonymous", None)
    assert (row.start_by, row.answer_by) == (date(2026, 12, 4), date(2026, 12, 12))
    entry = session().scalars(sa.select(AuditEntry).where(AuditEntry.action == "competition.object")).one()
    assert entry.actor_id is None


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (CompetitionNotice, {"published_by": "person"}),
        (CompetitionNotice, {"closed_by": "person", "closed_at": at(), "outcome": "clean"}),
        (CompetitionObjection, {"by_id": "person", "kind": "named"}),
        (CompetitionObjection, {"by_id": "hr", "kind": "named", "answered_by": "hr"}),
        (CompetitionObjection, {"answered_by": "person"}),
        (CompetitionObjection, {"kind": "named"}),
    ],
)
def test_the_tables_refuse_it_too(cast, model, change) -> None:
    notice = make.publish(cast)
    act(service.file_objection, cast.colleagues[1], at(PUBLISHED, 15), notice, "听说的", anonymous=True)
    who = {"person": cast.candidates[0], "hr": cast.people["hr"]}
    with pytest.raises(IntegrityError):
        session().execute(sa.update(model).values({key: who.get(word, word) for key, word in change.items()}))
    session().rollback()


def test_duties_and_reminders_follow_the_notice(cast, clock) -> None:
    hr = cast.people["hr"]

    def kinds(day, who=hr):
        return [one.kind for one in queries.duties(who, day)]

    assert kinds(PUBLISHED) == ["publish"] and kinds(PUBLISHED, cast.candidates[1]) == []
    notice = make.publish(cast)
    assert kinds(PUBLISHED) == [] and kinds(CLOSES) == ["close_notice"]
    assert {due.person for due in jobs.notices_over(at(CLOSES))} >= {hr, cast.people["hr2"]}
    assert jobs.notices_over(at(date(2026, 12, 7))) == []
    act(service.file_objection, hr, at(PUBLISHED), notice, "不对", anonymous=False)
    assert "objection" in kinds(CLOSES)
    assert jobs.objections_due(at(date(2026, 12, 3))) == []
    due = jobs.objections_due(at(date(2026, 12, 4)))
    assert {one.person for one in due} == {cast.people["hr2"], cast.people["manager"]}
