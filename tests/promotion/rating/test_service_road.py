"""A quarter rated from the run to the changed levels, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.people import queries as people
from cstrain.promotion.rating import queries, service
from cstrain.promotion.rating.facts import Origin, Outcome, Quarter, Stage
from cstrain.promotion.rating.models import RatingContest, RatingEffect, RatingLate, RatingLine
from cstrain.unit_of_work import unit_of_work
from tests.factories import rating as make
from tests.factories.rating import CLOSED_WINDOW, EFFECT, GOOD, NOW, Q3

pytestmark = pytest.mark.usefixtures("context")
AFTER = date(2026, 12, 1)


def level(person) -> str | None:
    found = people.get_person(person, AFTER).level
    return str(found) if found else None


def stage(cast, name) -> Stage:
    one = cast.line(name)
    return queries.stages(cast.run, [one], CLOSED_WINDOW.date())[one.id]


@pytest.fixture
def later(clock):
    clock.set(CLOSED_WINDOW)


def test_a_quarter_gives_up_stay_down_unknown_and_newcomers_with_reasons() -> None:
    cast = make.started()
    found = {name: cast.line(name) for name in ("rises", "stays", "falls", "low", "gap", "new")}
    outcomes = {name: str(one.outcome) for name, one in found.items()}
    assert outcomes == {
        "rises": "up",
        "stays": "stay",
        "falls": "down",
        "low": "stay",
        "gap": "unknown",
        "new": "outside",
    }
    assert (found["rises"].goal, found["falls"].goal) == ("intermediate", "junior")
    assert found["new"].below is True
    grounds = queries.grounds(found["falls"].id)
    assert grounds.intact and grounds.same
    assert any("85%" in one.says and one.records for one in grounds.rated.keep)
    assert all(queries.grounds(one.id).same for one in found.values())


def test_what_was_sealed_and_changed_is_found_out() -> None:
    cast = make.started()
    row = session().get(RatingLine, cast.line("falls").id)
    row.content = row.content.replace("85.00", "95.00")
    assert not queries.grounds(row.id).intact
    session().rollback()


def test_a_quarter_is_run_once_and_only_when_it_is_closed() -> None:
    cast = make.cast(closed=False)
    with pytest.raises(ConflictError, match="售后客服部还没有关账"), unit_of_work():
        service.start(cast["hr"], NOW, "basic", Q3)
    make.close_month(cast.place, Q3.months[2], cast["hr"])
    for who in ("head", "rises", "office"):
        with pytest.raises(ForbiddenError), unit_of_work():
            service.start(cast[who], NOW, "basic", Q3)
    with pytest.raises(DomainError, match="已经结束"), unit_of_work():
        service.start(cast["hr"], NOW, "basic", Quarter(date(2026, 10, 1)))
    with pytest.raises(DomainError, match="不按季度"), unit_of_work():
        service.start(cast["hr"], NOW, "general", Q3)
    with unit_of_work():
        service.start(cast["hr"], NOW, "basic", Q3)
    with pytest.raises(ConflictError, match="已经运行过"), unit_of_work():
        service.start(cast["hr2"], NOW, "basic", Q3)
    before = Quarter(date(2026, 4, 1))
    make.close_month(cast.place, before.months[2], cast["hr"])
    with pytest.raises(ConflictError, match="更晚的季度"), unit_of_work():
        service.start(cast["hr"], NOW, "basic", before)


def test_who_would_be_rated_does_not_run_it(app) -> None:
    cast = make.cast()
    from tests.factories.people import make_role

    make_role(cast["stays"], "hr")
    with pytest.raises(ForbiddenError, match="你自己也在"), unit_of_work():
        service.start(cast["stays"], NOW, "basic", Q3)


def test_levels_change_by_two_persons_after_the_window(later) -> None:
    cast = make.started()
    with pytest.raises(ConflictError, match="没有可以生效"), unit_of_work():
        service.propose_confirmation(cast["hr"], NOW, cast.run, EFFECT)
    with pytest.raises(DomainError, match="早于今天"), unit_of_work():
        service.propose_confirmation(cast["hr"], CLOSED_WINDOW, cast.run, date(2026, 11, 1))
    act = make.proposed(cast)
    assert stage(cast, "falls") is Stage.PROPOSED
    with pytest.raises(ForbiddenError), unit_of_work():
        service.answer_confirmation(cast["hr"], CLOSED_WINDOW, act, agreed=True)
    with unit_of_work():
        assert service.answer_confirmation(cast["hr2"], CLOSED_WINDOW, act, agreed=True) == 4
    assert [level(cast[name]) for name in ("rises", "stays", "falls", "low", "gap")] == [
        "intermediate",
        "junior",
        "junior",
        "junior",
        "junior",
    ]
    assert people.get_person(cast["falls"], date(2026, 11, 30)).level == "intermediate"
    assert stage(cast, "falls") is Stage.DONE and stage(cast, "gap") is Stage.NOTHING
    with pytest.raises(ConflictError), unit_of_work():
        service.answer_confirmation(cast["office"], CLOSED_WINDOW, act, agreed=True)


def test_a_proposal_sent_back_changes_nothing_and_is_made_again(later) -> None:
    cast = make.started()
    act = make.proposed(cast)
    with pytest.raises(ConflictError, match="正在等"), unit_of_work():
        service.propose_confirmation(cast["hr2"], CLOSED_WINDOW, cast.run, EFFECT)
    with pytest.raises(DomainError, match="理由"), unit_of_work():
        service.answer_confirmation(cast["office"], CLOSED_WINDOW, act, agreed=False)
    with unit_of_work():
        service.answer_confirmation(cast["office"], CLOSED_WINDOW, act, agreed=False, text="生效日改一下")
    assert level(cast["falls"]) == "intermediate"
    act = make.proposed(cast)
    with pytest.raises(ConflictError, match="已经过了"), unit_of_work():
        service.answer_confirmation(cast["office"], datetime(2026, 12, 9, tzinfo=UTC), act, agreed=True)


def test_a_fall_does_not_take_effect_while_its_contest_is_open(later) -> None:
    cast, contest = make.contested()
    assert stage(cast, "falls") is Stage.CONTESTED
    assert make.confirmed(cast) == 3
    assert level(cast["falls"]) == "intermediate"
    for who in ("hr", "hr2", "falls", "head"):
        with pytest.raises(ForbiddenError), unit_of_work():
            service.decide(cast[who], CLOSED_WINDOW, contest, upheld=False, reason="核对过")
    with unit_of_work():
        service.decide(
            cast["gm"], CLOSED_WINDOW, contest, upheld=False, reason="核对过客户端记录，没有故障。"
        )
    assert stage(cast, "falls") is Stage.READY
    assert make.confirmed(cast) == 1
    assert level(cast["falls"]) == "junior"
    with pytest.raises(ConflictError, match="已经答复"), unit_of_work():
        service.decide(cast["office"], CLOSED_WINDOW, contest, upheld=True, reason="再看")


def test_a_contest_after_the_proposal_keeps_the_line_out(later) -> None:
    cast = make.started()
    with unit_of_work():
        session().execute(sa.update(RatingLine).values(contest_until=date(2026, 11, 26)))
    act = make.proposed(cast)
    with unit_of_work():  # the window of this one line is still open
        line = cast.line("falls").id
        session().execute(
            sa.update(RatingLine).where(RatingLine.id == line).values(contest_until=date(2026, 11, 30))
        )
    with unit_of_work():
        service.contest(cast["falls"], CLOSED_WINDOW, line, "不同意")
    with unit_of_work():
        assert service.answer_confirmation(cast["hr2"], CLOSED_WINDOW, act, agreed=True) == 3
    assert level(cast["falls"]) == "intermediate"


def test_an_upheld_contest_takes_the_fall_back_and_its_judge_does_not_confirm(later) -> None:
    cast, contest = make.contested()
    with unit_of_work():
        outcome = service.decide(cast["office"], CLOSED_WINDOW, contest, upheld=True, reason="系统故障属实")
    assert outcome is Outcome.STAY
    line = cast.line("falls")
    assert (line.origin, line.number, line.goal) == (Origin.CONTEST, 2, "intermediate")
    assert queries.grounds(line.id).rated.outcome is Outcome.DOWN  # the figures stay what they are
    act = make.proposed(cast)
    with pytest.raises(ForbiddenError, match="答复过"), unit_of_work():
        service.answer_confirmation(cast["office"], CLOSED_WINDOW, act, agreed=True)
    with unit_of_work():
        service.answer_confirmation(cast["hr2"], CLOSED_WINDOW, act, agreed=True)
    assert level(cast["falls"]) == "intermediate"
    effect = cast.line("falls").effect
    assert (effect.before, effect.after) == ("intermediate", "intermediate")


def test_a_contest_is_ones_own_once_and_in_time() -> None:
    cast = make.started()
    line = cast.line("falls").id
    with pytest.raises(ForbiddenError), unit_of_work():
        service.contest(cast["stays"], NOW, line, "替他说")
    with pytest.raises(ConflictError, match="已经过了"), unit_of_work():
        service.contest(cast["falls"], CLOSED_WINDOW, line, "晚了")
    with unit_of_work():
        service.contest(cast["falls"], NOW, line, "不同意")
    with pytest.raises(ConflictError, match="已经申诉过"), unit_of_work():
        service.contest(cast["falls"], NOW, line, "再说一次")


def test_nobody_rises_by_a_contest_against_the_figures() -> None:
    cast = make.started()
    with unit_of_work():
        made = service.contest(cast["stays"], NOW, cast.line("stays").id, "应该升级")
    with pytest.raises(DomainError, match="不能改为升级"), unit_of_work():
        service.decide(cast["gm"], NOW, made, upheld=True, reason="同意")
    assert cast.line("stays").contest.upheld is None


def test_late_data_make_a_new_proposal_by_two_persons(later) -> None:
    cast = make.started()
    line = cast.line("gap").id
    with pytest.raises(DomainError, match="和原来一样"), unit_of_work():
        service.ask_late(cast["hr"], CLOSED_WINDOW, line, "补录")
    august = Q3.months[1]
    make.month(cast["gap"], cast.place, august, cast["hr"], **GOOD, on=date(2026, 11, 26))
    with unit_of_work():
        late = service.ask_late(cast["hr"], CLOSED_WINDOW, line, "八月的记录补录了")
    assert stage(cast, "gap") is Stage.LATE
    with pytest.raises(ForbiddenError), unit_of_work():
        service.answer_late(cast["hr"], CLOSED_WINDOW, late, agreed=True)
    with unit_of_work():
        service.answer_late(cast["hr2"], CLOSED_WINDOW, late, agreed=True)
    new = cast.line("gap")
    assert (new.outcome, new.number, new.origin) == (Outcome.UP, 2, Origin.LATE)
    assert new.contest_until == date(2026, 12, 3) and stage(cast, "gap") is Stage.WINDOW
    assert queries.grounds(new.id).same
    assert [one.number for one in queries.revisions(cast.run, cast["gap"])] == [1, 2]
    with pytest.raises(ConflictError, match="新的结果"), unit_of_work():
        service.contest(cast["gap"], CLOSED_WINDOW, line, "旧的")


def test_a_new_proposal_sent_back_leaves_the_old_one(later) -> None:
    cast = make.started()
    make.month(cast["gap"], cast.place, Q3.months[1], cast["hr"], **GOOD, on=date(2026, 11, 26))
    with unit_of_work():
        late = service.ask_late(cast["hr"], CLOSED_WINDOW, cast.line("gap").id, "补录")
    with unit_of_work():
        service.answer_late(cast["hr2"], CLOSED_WINDOW, late, agreed=False, text="记录没有来源")
    assert cast.line("gap").number == 1 and stage(cast, "gap") is Stage.NOTHING


def test_late_data_undo_a_fall_that_took_effect(clock, later) -> None:
    cast = make.started()
    make.confirmed(cast)
    assert level(cast["falls"]) == "junior"
    at = datetime(2026, 12, 7, 2, tzinfo=UTC)
    clock.set(at)
    for first in Q3.months:
        figures = {**GOOD, "level": "intermediate", "chats": 1300}
        corrected = {"revision": 2, "reason": "更正", "on": date(2026, 12, 4)}
        make.month(cast["falls"], cast.place, first, cast["hr"], **figures, **corrected)
    with unit_of_work():
        late = service.ask_late(cast["hr"], at, cast.line("falls").id, "三个月的记录更正了")
        service.answer_late(cast["hr2"], at, late, agreed=True)
    last = datetime(2026, 12, 16, 2, tzinfo=UTC)
    clock.set(last)
    act = make.proposed(cast, last, date(2026, 12, 17))
    with unit_of_work():
        service.answer_confirmation(cast["office"], last, act, agreed=True)
    assert people.get_person(cast["falls"], date(2026, 12, 17)).level == cast.line("falls").goal


def test_who_left_or_changed_otherwise_is_left_out(later) -> None:
    from cstrain.people import service as staff

    cast = make.started()
    with unit_of_work():
        staff.change_state(
            None, NOW, cast["falls"], date(2026, 11, 23), level="senior", reason="任命", source="t"
        )
    assert stage(cast, "falls") is Stage.MOVED
    assert make.confirmed(cast) == 3


def test_superiors_and_hr_write_beside_a_result_and_then_do_not_judge() -> None:
    cast, contest = make.contested()
    line = cast.line("falls").id
    with unit_of_work():
        service.comment(cast["head"], NOW, line, "八月带了两位新人。")
        service.comment(cast["hr2"], NOW, line, "已核对出勤。")
        service.comment(cast["hr2"], NOW, line, "已核对出勤。")  # pressed twice
    assert [one.by for one in queries.comments(cast.run)] == [cast["head"], cast["hr2"]]
    with pytest.raises(ForbiddenError), unit_of_work():
        service.comment(cast["falls"], NOW, line, "我很好")
    with pytest.raises(ForbiddenError, match="参与过"), unit_of_work():
        service.decide(cast["hr2"], NOW, contest, upheld=False, reason="不成立")


def values(model, row) -> dict:
    return {c.name: getattr(row, c.name) for c in model.__table__.c if c.name != "id"}


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (RatingLine, {"ran_by": "person_id", "number": 9}),
        (RatingLine, {"second_by": "ran_by", "number": 9}),
        (RatingLine, {"origin": "late", "number": 9}),
        (RatingContest, {"decided_by": "person_id"}),
        (RatingContest, {"decided_by": "ran_by"}),
        (RatingEffect, {"confirmed_by": "proposed_by"}),
        (RatingEffect, {"confirmed_by": "person_id"}),
        (RatingEffect, {"decided_by": "confirmed_by"}),
    ],
)
def test_the_database_refuses_one_person_where_two_are_needed(later, model, change) -> None:
    cast, contest = make.contested()
    with unit_of_work():
        service.decide(cast["gm"], CLOSED_WINDOW, contest, upheld=False, reason="核对过")
    make.confirmed(cast)
    row = session().scalars(sa.select(model).where(model.person_id == cast["falls"])).first()
    kept = values(model, row)
    new = {key: kept.get(value, value) for key, value in change.items()}
    inserted = sa.insert(model).values(**{**kept, **new})
    changed = sa.update(model).where(model.id == row.id).values(**new)
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)check"):
        session().execute(inserted if model is RatingLine else changed)
    session().rollback()


def test_the_database_refuses_a_new_proposal_answered_by_who_asked(later) -> None:
    cast = make.started()
    make.month(cast["gap"], cast.place, Q3.months[1], cast["hr"], **GOOD, on=date(2026, 11, 26))
    with unit_of_work():
        service.ask_late(cast["hr"], CLOSED_WINDOW, cast.line("gap").id, "补录")
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)check"):
        session().execute(
            sa.update(RatingLate).values(answered_by=cast["hr"], answered_at=CLOSED_WINDOW, agreed=True)
        )
    session().rollback()
