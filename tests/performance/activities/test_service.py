"""Reports, contests and titles through the services: on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.audit.queries import latest
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError, DomainError, NotFoundError
from cstrain.notifications.service import reminders
from cstrain.people import service as staff
from cstrain.performance.activities import queries, service
from cstrain.performance.activities.facts import Draft, Kind, Phase, Span
from cstrain.performance.activities.models import (
    ContestResult,
    DepartmentContest,
    LeaderReport,
    LeaderReportNote,
    TitleAward,
)
from cstrain.performance.discipline import queries as discipline
from cstrain.performance.discipline import service as registers
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories.activities import (
    DAY,
    SAID,
    announcement,
    draft,
    make_contest,
    make_proposal,
    make_report,
)
from tests.factories.discipline import make_deduction, make_entry
from tests.factories.people import make_department, make_leave, make_person, make_role
from tests.factories.performance import close_department, make_month
from tests.factories.quality import make_chats
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
OCTOBER, DECEMBER = date(2026, 10, 1), date(2026, 12, 1)
JANUARY_8 = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
JANUARY_22 = datetime(2027, 1, 22, 1, 0, tzinfo=UTC)
SPAN = Span(Kind.DAY, DAY)


def act(function, actor, *arguments, at=START, **options):
    with unit_of_work():
        return function(actor, at, *arguments, **options)


@pytest.fixture
def place():
    return make_department("售前客服一部")


@pytest.fixture
def leader(place):
    return make_person("组长丁", roles=["group_leader"])


@pytest.fixture
def head():
    return make_person("主管唐", roles=["supervisor"])


@pytest.fixture
def agents():
    return [make_person(name) for name in ("林晓雯", "周子昂", "何雨桐")]


@pytest.fixture
def hr():
    return make_person("人事何", roles=["hr"], department=make_department("人力资源部"))


@pytest.fixture
def manager():
    return make_person("人事冯", roles=["hr_manager"], department=make_department("人力资源部"))


# --- reports


def test_a_draft_is_kept_and_handed_in_with_the_numbers_of_then(place, leader, head, agents) -> None:
    qc = make_person("质检", roles=["qc"], department=make_department("质检组"))
    act(service.keep, leader, place, SPAN, Draft({"events": " 上午停电 "}, {"calls": Decimal("12.50")}))
    held = queries.find_report(leader, place, SPAN)
    assert held is not None and held.submitted_at is None
    assert (held.said["events"], held.entered) == ("上午停电", {"calls": Decimal("12.5")})
    make_deduction(qc, agents[0], day=DAY, points=10)
    make_entry(qc, agents[1], "complaint", day=DAY)
    make_leave(agents[2], DAY, DAY)
    made = make_report(leader, place)
    make_deduction(qc, agents[1], day=DAY, points=5)
    found = queries.report(made)
    assert found.numbers == {
        "people": 4, "due": 3, "leave": 1, "chats": None, "first_response": None, "unanswered": None,
        "deductions": 1, "complaints": 1,
    }  # fmt: skip
    assert (found.late, found.said["events"], found.edition) == (False, SAID["events"], 1)
    assert latest(f"leader-report:{made}", "report.submit", None, 1)


def test_chats_on_record_are_counted_with_their_first_response(place, leader, agents) -> None:
    lead = make_person("质检经理", roles=["qc_manager"], department=make_department("质检组"))
    make_chats(agents[0], 2, date(2026, 11, 13), by=lead)
    make_chats(agents[1], 1, date(2026, 11, 12), by=lead)
    found = queries.report(make_report(leader, place, date(2026, 11, 13)))
    assert (found.numbers["chats"], found.numbers["unanswered"]) == (2, 0)
    assert found.numbers["first_response"] is not None and found.numbers["first_response"] > 0


def test_after_its_time_a_report_is_made_up_and_marked(place, leader) -> None:
    made = make_report(leader, place, at=START + timedelta(hours=1, minutes=1))
    assert queries.report(made).late
    on_the_minute = make_report(leader, place, day=date(2026, 11, 18), at=START - timedelta(hours=23))
    assert not queries.report(on_the_minute).late


def test_what_was_handed_in_stays(place, leader) -> None:
    make_report(leader, place)
    for again in (service.keep, service.submit):
        with pytest.raises(ConflictError, match="已经交了"):
            act(again, leader, place, SPAN, draft())


def test_only_the_leader_of_then_writes_and_nothing_ahead(place, leader, head, agents) -> None:
    for who in (head, agents[0]):
        with pytest.raises(DomainError, match="不是这个部门的组长"):
            act(service.submit, who, place, SPAN, draft())
    with pytest.raises(DomainError, match="不是这个部门的组长"):
        act(service.submit, leader, make_department("售后"), SPAN, draft())
    with pytest.raises(DomainError, match="还没有到"):
        act(service.keep, leader, place, Span(Kind.DAY, date(2026, 11, 21)), draft())
    with pytest.raises(DomainError, match="发现的问题"):
        act(service.submit, leader, place, SPAN, draft(problems=" "))
    assert queries.find_report(leader, place, SPAN) is None


def test_superiors_read_and_comment_and_the_leader_adds(place, leader, head) -> None:
    made = make_report(leader, place)
    act(service.mark_read, head, made)
    act(service.comment, head, made, " 改价培训周五前做完 ")
    act(service.add, leader, made, "已安排在周四")
    notes = queries.report(made).notes
    assert [(one.kind, one.by, one.text) for one in notes] == [
        ("read", head, ""), ("comment", head, "改价培训周五前做完"), ("addition", leader, "已安排在周四"),
    ]  # fmt: skip
    with pytest.raises(ConflictError, match="已经标过"):
        act(service.mark_read, head, made)
    for own in (service.mark_read, lambda *said: service.comment(*said, "好")):
        with pytest.raises(DomainError, match="自己的报告"):
            act(own, leader, made)
    with pytest.raises(DomainError, match="只能由写报告的人"):
        act(service.add, head, made, "补充")


def test_the_same_words_sent_twice_are_kept_once_and_told_once(place, leader, head) -> None:
    made = make_report(leader, place)
    for _ in range(2):
        act(service.comment, head, made, "改价培训周五前做完")
        act(service.add, leader, made, "已安排在周四")
    act(service.comment, head, made, " 改价培训周五前做完\n")
    act(service.comment, head, made, "再看一次")
    act(service.comment, make_person("总监", roles=["service_director"]), made, "改价培训周五前做完")
    notes = queries.report(made).notes
    assert [(one.kind, one.text) for one in notes] == [
        ("comment", "改价培训周五前做完"), ("addition", "已安排在周四"), ("comment", "再看一次"),
        ("comment", "改价培训周五前做完"),
    ]  # fmt: skip


def test_a_draft_is_nobodys_to_read(place, leader, head) -> None:
    made = act(service.keep, leader, place, SPAN, draft())
    with pytest.raises(NotFoundError):
        queries.report(made)
    with pytest.raises(NotFoundError):
        act(service.comment, head, made, "好")
    assert queries.report_page(queries.Wanted(), 1).total == 0


def note(report: LeaderReport, by: int, kind: str, text: str = "好"):
    return LeaderReportNote(
        report_id=report.id, leader_id=report.leader_id, kind=kind, by_id=by, text=text, at=START
    )


def test_the_database_itself_keeps_leader_and_reader_apart(place, leader, head) -> None:
    row = session().get(LeaderReport, make_report(leader, place))
    wrong = [
        note(row, leader, "comment"),
        note(row, leader, "read", ""),
        note(row, head, "addition"),
        LeaderReportNote(report_id=row.id, leader_id=head, kind="comment", by_id=leader, text="好", at=START),
    ]
    for each in wrong:
        with pytest.raises(IntegrityError), unit_of_work():
            session().add(each)


def test_missing_reports_are_named_until_they_are_there(place, leader, agents) -> None:
    make_leave(leader, date(2026, 11, 10), date(2026, 11, 11))
    found = queries.gaps(queries.leadings(date(2026, 11, 20)), START)
    days = [one.span.first_day.day for one in found if one.span.kind is Kind.DAY]
    assert days == [6, 7, 9, 12, 13, 14, 16, 17, 18, 19, 20]  # six days a week, two of leave
    weeks = [one for one in found if one.span.kind is Kind.WEEK]
    assert [(one.span.first_day.day, one.over) for one in weeks] == [(2, True), (9, True)]
    waiting = [one.span.first_day.day for one in found if not one.over and one.span.kind is Kind.DAY]
    assert waiting == [19, 20]
    make_report(leader, place)
    act(service.keep, leader, place, Span(Kind.DAY, date(2026, 11, 20)), draft())
    left = queries.gaps(queries.leadings(date(2026, 11, 20)), START)
    assert len(left) == len(found) - 1 and [one.begun for one in left if not one.over] == [True]


def test_reminders_name_each_missing_report_once(place, leader) -> None:
    due = reminders.get("report.missing")(START)
    assert len(due) == 13 and len({one.key for one in due}) == 13
    assert {one.person for one in due} == {leader}
    assert due[0].url.startswith(f"/activities/reports/week/{place}/") or due[0].url.startswith(
        f"/activities/reports/day/{place}/"
    )


def test_gaps_take_the_same_statements_for_many_leaders(app, place, leader) -> None:
    def statements() -> int:
        with counted(app) as sent:
            queries.gaps(queries.leadings(date(2026, 11, 20)), START)
        return len(sent)

    few = statements()
    for _ in range(4):
        make_person("组长", roles=["group_leader"])
    make_report(leader, place)
    assert statements() == few


def test_a_report_begun_on_two_pages_is_one(app, place, leader) -> None:
    def begin():
        return service.keep(leader, START, place, SPAN, draft())

    race(app, begin, begin)
    assert session().scalar(sa.select(sa.func.count(LeaderReport.id))) == 1


# --- contests


def december(place, agents, values=("92", "95", "92"), at=JANUARY_8) -> None:
    for who, value in zip(agents, values, strict=True):
        if value is not None:
            make_month(who, DECEMBER, at=at, csat=value)


def closed_december(place) -> None:
    close_department(place, DECEMBER, at=JANUARY_22)


def awards(person) -> list[str]:
    return [one.label for one in discipline.registers_of([person], date(2027, 12, 31))[person]]


def test_a_contest_is_closed_by_two_and_its_winners_are_on_the_register(
    place, head, agents, hr, manager
) -> None:
    made = make_contest(head, place)
    december(place, agents)
    today = date(2027, 1, 22)
    assert queries.phase_of(queries.contest(made), today) is Phase.COUNTING
    with pytest.raises(DomainError, match="都关账"):
        act(service.propose_result, hr, made, "", at=JANUARY_22)
    closed_december(place)
    assert queries.phase_of(queries.contest(made), today) is Phase.READY
    act(service.propose_result, hr, made, "按关账数据", at=JANUARY_22)
    with pytest.raises(DomainError, match="另一人确认"):
        act(service.answer_result, hr, made, agreed=True, note="", at=JANUARY_22)
    act(service.answer_result, manager, made, agreed=True, note="", at=JANUARY_22)
    one = queries.contest(made)
    assert queries.phase_of(one, today) is Phase.ENDED
    assert [(each.person, each.rank) for each in one.result.standings if each.winner] == [
        (agents[1], 1), (agents[0], 2), (agents[2], 2),
    ]  # fmt: skip
    assert "服务明星（2026-12）" in awards(agents[0])[0] and awards(head) == []
    assert [each.person for each in queries.wall(DECEMBER)] == [agents[1], agents[0], agents[2]]
    assert {each.contest_id for each in queries.of_contest(made)} == {made}
    with pytest.raises(ConflictError, match="没有等待确认"):
        act(service.answer_result, manager, made, agreed=True, note="", at=JANUARY_22)


def test_a_result_sent_back_is_proposed_again_and_changed_records_are_seen(
    place, head, agents, hr, manager
) -> None:
    made = make_contest(head, place, least_months=1)
    december(place, agents, ("92", "95", None))
    closed_december(place)
    act(service.propose_result, hr, made, "", at=JANUARY_22)
    with pytest.raises(ConflictError, match="已经有人提出"):
        act(service.propose_result, manager, made, "", at=JANUARY_22)
    staff_left(agents[1])
    later = JANUARY_22 + timedelta(days=2)
    with pytest.raises(DomainError, match="数据变了"):
        act(service.answer_result, manager, made, agreed=True, note="", at=later)
    with pytest.raises(DomainError, match="写明原因"):
        act(service.answer_result, manager, made, agreed=False, note=" ", at=later)
    act(service.answer_result, manager, made, agreed=False, note="周子昂已离职", at=later)
    assert awards(agents[0]) == []
    act(service.propose_result, manager, made, "", at=later)
    act(service.answer_result, hr, made, agreed=True, note="", at=later)
    rows = queries.contest(made).result.standings
    assert [(one.person, one.why) for one in rows if one.person == agents[1]] == [(agents[1], "left")]
    assert [one.person for one in rows if one.winner] == [agents[0]]
    assert queries.contest(made).refused[0].answer == "周子昂已离职"


def staff_left(person) -> None:
    with unit_of_work():
        staff.leave_company(None, JANUARY_22, person, date(2027, 1, 22), "个人原因")


def test_who_takes_part_neither_closes_nor_agrees(place, head, agents, hr) -> None:
    make_role(agents[0], "hr")
    made = make_contest(head, place)
    december(place, agents)
    closed_december(place)
    with pytest.raises(DomainError, match="参加了"):
        act(service.propose_result, agents[0], made, "", at=JANUARY_22)
    act(service.propose_result, hr, made, "", at=JANUARY_22)
    with pytest.raises(DomainError, match="参加了"):
        act(service.answer_result, agents[0], made, agreed=True, note="", at=JANUARY_22)


def test_a_contest_comes_before_its_start_in_the_database_too(place, head) -> None:
    with pytest.raises(DomainError, match="开始以前"):
        make_contest(head, place, first_month=date(2026, 11, 1))
    made = session().get(DepartmentContest, make_contest(head, place))
    columns = [one.name for one in sa.inspect(DepartmentContest).columns if one.name != "id"]
    values = {name: getattr(made, name) for name in columns}
    with pytest.raises(IntegrityError), unit_of_work():
        session().add(DepartmentContest(**(values | {"announced_on": DECEMBER})))


def test_the_database_itself_wants_two_for_a_result(place, head, hr, manager, agents) -> None:
    made = make_contest(head, place)

    def result(**changes):
        fields = {"contest_id": made, "standings": [], "digest": "x", "note": "", "proposed_by": hr}
        fields |= {
            "proposed_at": START,
            "answered_by": None,
            "answered_at": None,
            "agreed": None,
            "answer": "",
        }
        return ContestResult(**(fields | changes))

    answered = {"answered_at": START, "agreed": True}
    with pytest.raises(IntegrityError), unit_of_work():
        session().add(result(answered_by=hr, **answered))
    with unit_of_work():
        session().add(kept := result(answered_by=manager, **answered))
    with pytest.raises(IntegrityError), unit_of_work():
        session().add(result())
    entry = make_entry(hr, agents[0], "award")
    for who in ({"proposed_by": manager, "answered_by": hr}, {"proposed_by": hr, "answered_by": head}):
        with pytest.raises(IntegrityError), unit_of_work():
            session().add(award(agents[0], place, result_id=kept.id, entry_id=entry, **(answered | who)))


def test_a_transfer_leaves_the_month_where_it_was(place, head, agents, hr) -> None:
    elsewhere = make_department("售后客服部")
    stranger = make_person("外部门", department=elsewhere)
    make_month(stranger, DECEMBER, at=JANUARY_8, csat="99")
    made = make_contest(head, place)
    december(place, agents)
    rows = queries.standings(queries.contest(made), date(2027, 1, 22))
    assert {one.person for one in rows if one.rank} == set(agents)
    assert [one.why for one in rows if one.person == head] == ["runs"]


# --- titles


def award(person, place, **changes):
    fields = {
        "person_id": person, "department_id": place, "code": "service_star", "title": "服务明星",
        "first_month": OCTOBER, "last_month": OCTOBER, "result_id": None, "reason": "x", "proposed_at": START,
        "answered_by": None, "answered_at": None, "agreed": None, "answer": "", "entry_id": None,
    }  # fmt: skip
    return TitleAward(**(fields | changes))


def test_a_title_is_proposed_by_one_confirmed_by_another_and_seen_by_promotion(
    place, head, agents, hr
) -> None:
    make_month(agents[0], OCTOBER, score="93")
    made = make_proposal(head, agents[0])
    assert [one.id for one in queries.waiting_titles(hr, None)] == [made]
    assert queries.waiting_titles(head, None) == [] == queries.waiting_titles(agents[0], None)
    for who in (head, agents[0]):
        with pytest.raises(DomainError):
            act(service.answer, who, made, agreed=True, note="")
    assert awards(agents[0]) == [] and queries.wall(OCTOBER) == []
    act(service.answer, hr, made, agreed=True, note="")
    one = queries.title(made)
    assert one.standing and one.entry_id is not None and "优秀客服（2026-10）" in awards(agents[0])[0]
    assert queries.latest_month(date(2026, 11, 20)) == OCTOBER
    with pytest.raises(ConflictError):
        act(service.answer, hr, made, agreed=False, note="算了")
    act(registers.withdraw, hr, one.entry_id, "评错了人")
    assert not queries.title(made).standing and queries.wall(OCTOBER) == []


def test_a_proposal_needs_the_grade_the_room_and_another_person(place, head, agents, hr) -> None:
    for who, score in zip(agents, ("93", "91", "70"), strict=True):
        make_month(who, OCTOBER, score=score)
    unknown = make_person("没有数据")
    with pytest.raises(DomainError, match="不能提名自己"):
        make_proposal(head, head)
    with pytest.raises(DomainError, match="还不知道"):
        make_proposal(head, unknown)
    with pytest.raises(DomainError, match="A级以上"):
        make_proposal(head, agents[2], "service_star")
    made = make_proposal(head, agents[0], "service_star")
    with pytest.raises(DomainError, match="最多1人"):
        make_proposal(head, agents[1], "service_star")
    act(service.answer, hr, made, agreed=False, note="材料不够")
    assert queries.title(made).answer == "材料不够" and awards(agents[0]) == []
    make_proposal(head, agents[1], "service_star")
    make_proposal(head, agents[0])
    with pytest.raises(ConflictError, match="已经有人提名"):
        make_proposal(hr, agents[0])


def test_who_left_or_was_not_there_gets_no_title(head, agents) -> None:
    new = make_person("新来的", hire_date=date(2026, 11, 2))
    with pytest.raises(DomainError, match="还没有入职"):
        make_proposal(head, new)
    with unit_of_work():
        staff.leave_company(None, START, agents[0], date(2026, 11, 19), "个人原因")
    with pytest.raises(DomainError, match="已经离职"):
        make_proposal(head, agents[0])


def test_the_database_itself_wants_three_for_a_title(place, head, agents, hr) -> None:
    entry = make_entry(hr, agents[0], "award")
    given = {"answered_at": START, "agreed": True, "entry_id": entry}
    wrong = [
        {"proposed_by": agents[0]},
        {"proposed_by": head, "answered_by": agents[0], **given},
        {"proposed_by": head, "answered_by": head, **given},
        {"proposed_by": head, "answered_by": hr, **given, "entry_id": None},
        {"proposed_by": head, "answered_by": hr, **given, "agreed": False},
        {"proposed_by": head, "entry_id": entry},
    ]
    for each in wrong:
        with pytest.raises(IntegrityError), unit_of_work():
            session().add(award(agents[0], place, **each))
    with unit_of_work():
        session().add(award(agents[0], place, proposed_by=head, answered_by=hr, **given))


def test_two_who_answer_at_once_are_one(app, place, head, agents, hr, manager) -> None:
    make_month(agents[0], OCTOBER, score="93")
    made = make_proposal(head, agents[0])
    _won, refused = race(
        app,
        lambda: service.answer(hr, START, made, agreed=True, note=""),
        lambda: service.answer(manager, START, made, agreed=True, note=""),
    )
    assert len(refused) == 1
    assert len(awards(agents[0])) == 1


def test_an_announcement_is_told_to_its_people(place, head, agents) -> None:
    from cstrain.notifications.models import Notice

    act(service.announce, head, announcement(place))
    told = set(session().scalars(sa.select(Notice.person_id).where(Notice.message.contains("部门评比"))))
    assert told == set(agents)
