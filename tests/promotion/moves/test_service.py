"""Roads of moves: who may take which step, what takes effect, appeals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.extensions import session
from cstrain.judgement.facts import Dossier
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import Level
from cstrain.promotion import queries as promotion
from cstrain.promotion.moves import queries, service
from cstrain.promotion.moves.models import MoveAppeal, MoveEvent
from cstrain.unit_of_work import unit_of_work
from tests.factories import moves as make
from tests.factories.moves import DAY, at
from tests.factories.people import make_role

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def cast():
    return make.make_cast()


def write(row) -> None:
    session().add(row)
    session().flush()


def dossier(person, on=DAY) -> Dossier:
    return promotion.gather([person], on)[person]


def granted_skip(cast) -> int:
    case = make.skip(cast)
    make.take(cast, case, "hr", "assess")
    make.take(cast, case, "manager", "review")
    assert make.take(cast, case, "gm", "authorise") == "granted"
    return case


def test_a_skip_is_proposed_assessed_reviewed_and_authorised_by_the_office_the_ladder_names(cast) -> None:
    assert dossier(cast["agent"]).authorised is None
    case = granted_skip(cast)
    given = dossier(cast["agent"]).authorised
    assert [(one.what, one.office, one.ref, one.on) for one in given] == [
        ("skip_level", "gm", str(case), DAY)
    ]
    found = queries.case(case)
    assert found.intact and found.content["step"]["to"] == "senior" and len(found.content["findings"]) == 5


def test_an_authorisation_lapses_with_time_and_with_the_level(cast) -> None:
    granted_skip(cast)
    assert dossier(cast["agent"], date(2027, 11, 19)).authorised
    assert dossier(cast["agent"], date(2027, 11, 20)).authorised is None
    with unit_of_work():
        people_service.change_state(
            cast["hr"], at(), cast["agent"], DAY, reason="晋级", source="test", level=Level.INTERMEDIATE
        )
    assert dossier(cast["agent"]).authorised is None


def test_no_office_but_the_named_one_authorises(cast) -> None:
    case = make.skip(cast)
    make.take(cast, case, "hr", "assess")
    make.take(cast, case, "office", "review")
    with pytest.raises(ForbiddenError):
        make.take(cast, case, "deputy", "authorise")


def test_who_proposed_assessed_or_is_concerned_takes_no_other_step(cast) -> None:
    make_role(cast["supervisor"], "hr")
    make_role(cast["agent"], "hr")
    case = make.skip(cast)
    for who in ("supervisor", "agent"):
        with pytest.raises(ForbiddenError):
            make.take(cast, case, who, "assess")
    make.take(cast, case, "manager", "assess")
    with pytest.raises(ForbiddenError):
        make.take(cast, case, "manager", "review")
    with pytest.raises(ConflictError):
        make.take(cast, case, "hr", "assess")
    with pytest.raises(ForbiddenError):
        make.take(cast, case, "hr2", "review")


def test_a_skip_needs_a_ladder_with_such_a_step_and_one_request_at_a_time(cast) -> None:
    make.skip(cast, by="agent")
    with pytest.raises(ConflictError):
        make.skip(cast)
    with unit_of_work(), pytest.raises(DomainError, match="没有越级"):
        service.ask_skip(cast["supervisor"], at(), cast["senior"], "好")
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.ask_skip(cast["keeper"], at(), cast["agent"], "好")


def test_a_transfer_takes_effect_on_its_day(cast) -> None:
    post = make.post(cast)
    case = make.transfer(cast, post_id=post)
    assert make.take(cast, case, "supervisor", "release", agreed=False) == "open"
    with pytest.raises(ForbiddenError):
        make.take(cast, case, "director", "receive")
    make.take(cast, case, "brand", "receive")
    with pytest.raises(DomainError, match="生效日"):
        make.take(cast, case, "hr", "arrange")
    with pytest.raises(DomainError, match="生效日"):
        make.take(cast, case, "hr", "arrange", on=DAY - timedelta(days=1))
    assert make.take(cast, case, "hr", "arrange", on=date(2026, 12, 1)) == "granted"
    assert people.get_person(cast["agent"], date(2026, 11, 30)).department_id == cast.place
    moved = people.get_person(cast["agent"], date(2026, 12, 1))
    assert (moved.department_id, moved.post, moved.level) == (cast.brand, "品牌专员", Level.JUNIOR)


def test_an_announced_post_has_so_many_places_and_a_window(cast) -> None:
    post = make.post(cast)
    cases = [make.transfer(cast, who, post) for who in ("agent", "senior")]
    for case in cases:
        make.take(cast, case, "supervisor", "release")
        make.take(cast, case, "brand", "receive")
    make.take(cast, cases[0], "hr", "arrange", on=DAY)
    with pytest.raises(ConflictError, match="名额"):
        make.take(cast, cases[1], "hr", "arrange", on=DAY)
    with pytest.raises(ConflictError):
        make.transfer(cast, "senior2", post)
    with pytest.raises(ForbiddenError):
        make.transfer(cast, "trainee")


def test_a_refusal_is_appealed_against_and_answered_by_somebody_without_a_part(cast) -> None:
    case = make.transfer(cast)
    make.take(cast, case, "supervisor", "release")
    assert make.take(cast, case, "keeper", "receive", agreed=False) == "refused"
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.appeal(cast["supervisor"], at(), case, "不同意")
    with unit_of_work():
        service.appeal(cast["agent"], at(), case, "请重新考虑。")
    assert [duty.kind for duty in queries.duties(cast["office"], DAY)] == ["answer_appeal"]
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.answer_appeal(cast["agent"], at(), case, "好", granted=True)
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.answer_appeal(cast["keeper"], at(), case, "好", granted=True)
    with unit_of_work():
        service.answer_appeal(cast["office"], at(), case, "接收部门没有说明理由。", granted=True)
    with pytest.raises(ForbiddenError):
        make.take(cast, case, "keeper", "receive")
    make.take(cast, case, "deputy", "receive")
    assert make.take(cast, case, "hr", "arrange", on=DAY) == "granted"


def test_the_general_manager_hears_a_granted_appeal_and_decides_again(cast) -> None:
    case = make.skip(cast, by="agent")
    make.take(cast, case, "hr", "assess")
    make.take(cast, case, "manager", "review")
    make.take(cast, case, "gm", "authorise", agreed=False)
    with unit_of_work():
        service.appeal(cast["agent"], at(), case, "请再看业绩。")
        service.answer_appeal(cast["office"], at(), case, "漏看一个季度。", granted=True)
    assert make.take(cast, case, "gm", "authorise") == "granted"


def test_an_appeal_has_a_last_day_and_may_fail(cast) -> None:
    case = make.transfer(cast)
    make.take(cast, case, "supervisor", "release")
    make.take(cast, case, "keeper", "receive", agreed=False)
    with unit_of_work(), pytest.raises(ConflictError, match="最后一天"):
        service.appeal(cast["agent"], at(date(2026, 11, 27)), case, "晚了")
    with unit_of_work():
        service.appeal(cast["agent"], at(date(2026, 11, 26)), case, "请重新考虑。")
        service.answer_appeal(cast["office"], at(), case, "理由充分。", granted=False)
    assert str(queries.case(case).state) == "refused"
    with unit_of_work(), pytest.raises(ConflictError):
        service.appeal(cast["agent"], at(), case, "再来")


@pytest.mark.parametrize(
    ("given", "level"), [((3, 5), "junior"), ((4, 4), "intermediate"), ((5, 5), "senior")]
)
def test_the_first_level_is_the_highest_that_both_ratings_reach(cast, given, level) -> None:
    case = make.initial(cast)
    make.take(cast, case, "keeper", "rate", points=given[0])
    with pytest.raises(ForbiddenError):
        make.take(cast, case, "keeper", "rate_hr", points=5)
    make.take(cast, case, "hr", "rate_hr", points=given[1])
    with pytest.raises(ForbiddenError):
        make.take(cast, case, "hr", "confirm", on=DAY)
    assert make.take(cast, case, "manager", "confirm", on=DAY) == "granted"
    assert str(people.get_person(cast["fresh"], DAY).level) == level


def test_a_first_level_that_is_not_reached_is_refused_with_reasons(cast) -> None:
    case = make.initial(cast)
    with pytest.raises(DomainError, match="1至5"):
        make.take(cast, case, "keeper", "rate", points=6)
    make.take(cast, case, "keeper", "rate", points=2)
    make.take(cast, case, "hr", "rate_hr", points=5)
    with pytest.raises(DomainError, match="还没有达到"):
        make.take(cast, case, "manager", "confirm", on=DAY)
    assert make.take(cast, case, "manager", "confirm", agreed=False) == "refused"
    with unit_of_work(), pytest.raises(DomainError, match="没有初始级别"):
        service.open_initial(cast["supervisor"], at(), cast["agent"], "评级")


def test_a_request_is_withdrawn_by_the_person_and_ends_with_a_leaver(cast) -> None:
    case = make.transfer(cast)
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.withdraw(cast["hr"], at(), case)
    with unit_of_work():
        service.withdraw(cast["agent"], at(), case)
    assert str(queries.case(case).state) == "withdrawn"
    again = make.skip(cast)
    with unit_of_work():
        people_service.leave_company(cast["hr"], at(), cast["agent"], DAY, "个人原因")
    assert str(queries.case(again).state) == "left"


def test_the_database_refuses_two_acts_of_one_person_and_acts_on_oneself(cast) -> None:
    case = make.skip(cast)
    make.take(cast, case, "hr", "assess")

    def refused(row) -> None:
        with pytest.raises(IntegrityError), unit_of_work():
            write(row)

    def event(by, kind) -> MoveEvent:
        return MoveEvent(
            case_id=case,
            about_id=cast["agent"],
            round=1,
            kind=kind,
            by_id=by,
            at=at(),
            agreed=True,
            text="",
            detail={},
        )

    refused(event(cast["hr"], "review"))
    refused(event(cast["agent"], "review"))
    refused(event(cast["hr2"], "assess"))
    refused(
        MoveAppeal(
            case_id=case,
            person_id=cast["agent"],
            refused_by=cast["gm"],
            text="",
            filed_at=at(),
            decide_by=DAY,
            decided_by=cast["gm"],
            decided_at=at(),
            granted=True,
            answer="",
        )
    )
    assert session().scalar(sa.select(sa.func.count()).select_from(MoveEvent)) == 2


def test_courses_are_known_of_whom_entries_are_kept(cast) -> None:
    assert dossier(cast["agent"]).courses is None

    def enter(actor="hr", person="agent", **more):
        values = {"kind": "certificate", "course": "training-delivered", "title": "内训师", "held_on": DAY}
        new = service.NewCourse(
            person=cast[person], **{**values, "until": date(2027, 11, 20), "file_ref": "档案柜3-12", **more}
        )
        with unit_of_work():
            return service.enter_course(cast[actor], at(), new)

    entry = enter()
    (record,) = dossier(cast["agent"]).courses
    assert (record.course, record.until, record.ref) == (
        "training-delivered",
        date(2027, 11, 20),
        f"course:{entry}",
    )
    enter(kind="delivered", course="etiquette")
    assert [one.course for one in dossier(cast["agent"]).courses] == [
        "training-delivered",
        "delivered:etiquette",
    ]
    with unit_of_work():
        service.withdraw_course(cast["hr2"], at(), entry, "证书编号有误")
    assert [one.course for one in dossier(cast["agent"]).courses] == ["delivered:etiquette"]
    with unit_of_work(), pytest.raises(ConflictError):
        service.withdraw_course(cast["hr2"], at(), entry, "再撤")
    for wrong in ({"person": "hr"}, {"actor": "supervisor"}, {"until": date(2020, 1, 1)}):
        with pytest.raises(DomainError):
            enter(**wrong)
    with pytest.raises(NotFoundError):
        queries.course(999)


def test_places_count_from_their_day_and_feed_the_dossier(cast) -> None:
    assert dossier(cast["agent"]).vacant is None
    with unit_of_work():
        service.set_seats(cast["hr"], at(), cast.place, "senior", 3, DAY, "编制")
        service.set_seats(cast["hr"], at(), cast.place, "group_leader", 2, DAY, "")
        service.set_seats(cast["hr"], at(), cast.place, "senior", 1, DAY + timedelta(days=10), "缩编")
    make_role(cast["senior"], "group_leader", department=cast.place)
    assert dossier(cast["agent"]).vacant == {"senior": 1, "group_leader": 1}
    assert dossier(cast["agent"], DAY + timedelta(days=10)).vacant == {"senior": 0, "group_leader": 1}
    assert dossier(cast["fresh"]).vacant is None
    with unit_of_work(), pytest.raises(ForbiddenError):
        service.set_seats(cast["supervisor"], at(), cast.place, "senior", 3, DAY, "")
