"""Passes as they stand, entered results by two persons, exemptions, certificates: on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cstrain.exams import ports
from cstrain.exams import service as exams
from cstrain.exams.models import Attempt
from cstrain.extensions import session
from cstrain.grading import service as grading
from cstrain.grading.credentials import codes, queries, service
from cstrain.grading.credentials.facts import EXEMPTION, OUTSIDE, RESULT, Standing
from cstrain.grading.credentials.models import Certificate, Exemption, OutsideResult
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from cstrain.kernel.finding import State
from cstrain.unit_of_work import unit_of_work
from tests.conftest import START
from tests.counting import counted
from tests.factories import credentials as held
from tests.factories import exams as make
from tests.racing import race

pytestmark = pytest.mark.usefixtures("context")
DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
BITS = 0x2B5A3C1D9E8F70123


def act(function, actor, *arguments, at=START, **options):
    with unit_of_work():
        return function(actor, at, *arguments, **options)


@pytest.fixture
def two(staff):
    return staff[0], staff[1]


def only(person, at=START):
    (found,) = queries.credentials_of([person], at)
    return found


def change_mark(attempt, earned, staff, slot=1):
    """Change a released mark by two persons, a minute after the release."""
    at = START + timedelta(minutes=slot)
    with unit_of_work():
        change = grading.propose_change(staff[2], at, attempt, slot, Decimal(earned), "手册第二节")
    with unit_of_work():
        grading.confirm_change(staff[3], at, change)


def void(attempt):
    with unit_of_work() as db:
        db.get_one(Attempt, attempt).voided_at = START


# --- passes


def test_a_released_pass_is_a_credential_with_its_last_day(person, two) -> None:
    attempt = held.make_pass(person, two)
    found = only(person)
    assert (found.origin, found.ref, found.raw, found.exam_on) == (RESULT, attempt, 90, TODAY)
    assert (found.valid_until, found.standing, found.certificate) == (
        date(2028, 11, 20),
        Standing.VALID,
        True,
    )
    assert only(person, START + 732 * DAY).standing is Standing.LAPSED


def test_a_fail_and_what_is_not_released_are_none(person, two, attempt) -> None:
    held.make_pass(person, two, right=7)
    assert queries.credentials_of([person], START) == []


def test_a_pass_corrected_to_a_fail_is_revoked_and_back_again(person, two, staff) -> None:
    attempt = held.make_pass(person, two, right=8)
    change_mark(attempt, "0", staff)
    assert only(person).standing is Standing.REVOKED
    assert ports.passed(["gap-machine"], [person], START)["gap-machine"] == frozenset()
    change_mark(attempt, "10", staff, slot=2)
    change_mark(attempt, "10", staff, slot=1)
    assert only(person).standing is Standing.VALID


def test_a_voided_attempt_is_no_credential_any_more(person, two) -> None:
    void(held.make_pass(person, two))
    assert only(person).standing is Standing.REVOKED


def test_the_ports_of_exams_are_filled(person, two) -> None:
    held.make_pass(person, two)
    assert ports.passed(["gap-machine", "soso-upgrade"], [person, two[0]], START) == {
        "gap-machine": {person}, "soso-upgrade": frozenset(),
    }  # fmt: skip
    assert ports.passed(["gap-machine"], [person], START + 800 * DAY) == {"gap-machine": frozenset()}
    bar = ports.barred("gap-machine", [person, two[0]], START + 13 * DAY)
    assert bar[person].values == {"days": 14, "day": date(2026, 12, 4)} and two[0] not in bar
    assert ports.barred("gap-machine", [person], START + 14 * DAY) == {}
    assert ports.barred("tiny-exam", [person], START) == {}


def test_a_paper_is_not_arranged_again_before_its_pause_is_over(person, two, staff) -> None:
    held.make_pass(person, two, right=5)
    soon = START + 13 * DAY
    with pytest.raises(DomainError, match="重考"):
        make.make_sitting([person], "gap-machine", opens_at=soon, closes_at=soon + DAY, actor=staff[2])
    later = START + 14 * DAY
    make.make_sitting([person], "gap-machine", opens_at=later, closes_at=later + DAY, actor=staff[2])


# --- results from outside


def test_an_entered_result_counts_once_another_person_has_confirmed_it(person, two) -> None:
    held.make_papers("gap-machine")
    made = act(service.record_outside, two[0], held.new_result(person))
    assert queries.credentials_of([person], START) == [] and queries.outside(made).state == "waiting"
    with pytest.raises(ForbiddenError):
        act(service.confirm_outside, two[0], made)
    act(service.confirm_outside, two[1], made)
    found = only(person)
    assert (found.origin, found.ref, found.exam_on, found.valid_until) == (
        OUTSIDE, made, date(2026, 9, 1), date(2028, 9, 1),
    )  # fmt: skip
    with pytest.raises(ConflictError):
        act(service.confirm_outside, two[1], made)


def test_an_entered_result_below_the_pass_mark_is_no_credential(person, two) -> None:
    held.make_papers("gap-machine")
    held.make_outside(person, two, "79.999")
    assert queries.credentials_of([person], START) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mark": "100.001"}, "0到100"),
        ({"mark": "-1"}, "0到100"),
        ({"mark": "85.0001"}, "三位小数"),
        ({"exam_on": date(2026, 11, 21)}, "晚于今天"),
        ({"source": "a friend"}, "来源"),
        ({"department": " "}, "依据"),
        ({"evidence": ""}, "依据"),
    ],
)
def test_what_cannot_be_a_result_is_not_entered(person, two, changes, says) -> None:
    held.make_papers("gap-machine")
    with pytest.raises(DomainError, match=says):
        act(service.record_outside, two[0], held.new_result(person, **changes))
    assert session().query(OutsideResult).count() == 0


def test_nobody_enters_confirms_or_turns_down_their_own(person, two) -> None:
    held.make_papers("gap-machine")
    with pytest.raises(ForbiddenError):
        act(service.record_outside, two[0], held.new_result(two[0]))
    made = act(service.record_outside, two[1], held.new_result(two[0]))
    for function, rest in ((service.confirm_outside, ()), (service.refuse_outside, ("不对",))):
        with pytest.raises(ForbiddenError):
            act(function, two[0], made, *rest)
    with pytest.raises(NotFoundError):
        act(service.record_outside, two[1], held.new_result(person, paper_ref="no-such-paper"))


def test_the_same_exam_is_entered_once_until_it_is_taken_back(person, two, staff) -> None:
    held.make_papers("gap-machine")
    made = held.make_outside(person, two, "95")
    with pytest.raises(ConflictError):
        act(service.record_outside, two[0], held.new_result(person, "59"))
    back = act(service.take_back_outside, two[0], made, "工号抄错了")
    with pytest.raises(ConflictError):
        act(service.take_back_outside, two[1], made, "再来一次")
    assert queries.outside(made).state == "confirmed"
    with pytest.raises(ForbiddenError):
        act(service.confirm_outside, two[0], back)
    act(service.confirm_outside, two[1], back)
    assert queries.outside(made).state == "taken_back" and only(person).standing is Standing.REVOKED
    with pytest.raises(ConflictError):
        act(service.take_back_outside, two[0], made, "再来一次")
    assert act(service.record_outside, two[0], held.new_result(person, "59"))


def test_an_entry_is_turned_down_with_a_reason_and_may_be_entered_again(person, two) -> None:
    held.make_papers("gap-machine")
    made = act(service.record_outside, two[0], held.new_result(person))
    with pytest.raises(DomainError, match="原因"):
        act(service.refuse_outside, two[1], made, " ")
    act(service.refuse_outside, two[1], made, "成绩单上是58分")
    assert queries.outside(made).state == "refused"
    with pytest.raises(ConflictError):
        act(service.confirm_outside, two[1], made)
    act(service.record_outside, two[0], held.new_result(person, "58"))


def test_the_database_itself_refuses_one_person_alone(person, two) -> None:
    held.make_papers("gap-machine")
    made = act(service.record_outside, two[0], held.new_result(person))
    for column in (OutsideResult.recorded_by, OutsideResult.person_id):
        alone = sa.update(OutsideResult).where(OutsideResult.id == made).values(confirmed_by=column)
        with pytest.raises(IntegrityError), unit_of_work() as db:
            db.execute(alone)
    asked = act(service.ask_exemption, person, "gap-machine", "")
    own = sa.update(Exemption).where(Exemption.id == asked).values(decided_by=person, decided_at=START)
    with pytest.raises(IntegrityError), unit_of_work() as db:
        db.execute(own)


# --- exemption


@pytest.fixture
def asked(person, two):
    """An application of a person with 85 in September."""
    held.make_papers("gap-machine", "soso-upgrade")
    held.make_outside(person, two)
    return act(service.ask_exemption, person, "gap-machine", "不想重考")


def test_an_exemption_from_asking_to_the_sitting(person, two, asked) -> None:
    assert queries.exemption(asked, START).state == "waiting"
    assert [one.id for one in queries.exemptions_for(two[0], START)] == [asked]
    assert queries.exemptions_for(person, START) == []
    assert ports.exempt(["gap-machine"], [person], START) == {"gap-machine": frozenset()}
    act(service.decide_exemption, two[0], asked, granted=True, reason="")
    found = queries.exemption(asked, START)
    assert (found.state, found.until, found.finding.state) == ("granted", date(2027, 5, 20), State.MET)
    assert found.finding.basis.raw == 85 and found.finding.first_day == date(2026, 5, 20)
    assert ports.exempt(["gap-machine", "soso-upgrade"], [person, two[0]], START) == {
        "gap-machine": {person}, "soso-upgrade": frozenset(),
    }  # fmt: skip
    for at, exempt in ((START - DAY, False), (START + 181 * DAY, True), (START + 182 * DAY, False)):
        assert (person in ports.exempt(["gap-machine"], [person], at)["gap-machine"]) is exempt
    with pytest.raises(ConflictError):
        act(service.ask_exemption, person, "gap-machine", "")
    with pytest.raises(ConflictError):
        act(service.decide_exemption, two[1], asked, granted=False, reason="反悔")
    later = START + 182 * DAY
    assert queries.exemption(asked, later).state == "lapsed"
    assert act(service.ask_exemption, person, "gap-machine", "", at=later)


def test_the_exempt_person_cannot_start_and_may_give_the_exemption_up(person, two, asked) -> None:
    act(service.decide_exemption, two[0], asked, granted=True, reason="")
    sitting = make.make_sitting([person], "gap-machine")
    with pytest.raises(DomainError), unit_of_work():
        exams.start(person, sitting, START, "tab")
    act(service.withdraw_exemption, person, asked)
    assert queries.exemption(asked, START).state == "withdrawn"
    with unit_of_work():
        assert exams.start(person, sitting, START, "tab")


def test_soso_is_never_exempted_and_what_is_passed_needs_no_exemption(person, two) -> None:
    held.make_papers("gap-machine", "soso-upgrade")
    with pytest.raises(DomainError, match="SOSO升级考试》不能免试"):
        act(service.ask_exemption, person, "soso-upgrade", "")
    held.make_pass(person, two)
    with pytest.raises(ConflictError, match="已经通过"):
        act(service.ask_exemption, person, "gap-machine", "")


def test_without_a_result_it_cannot_be_granted_but_may_wait_for_one(person, two) -> None:
    held.make_papers("gap-machine")
    asked = act(service.ask_exemption, person, "gap-machine", "")
    assert queries.finding_for(person, "gap-machine", TODAY, START).state is State.UNKNOWN
    with pytest.raises(DomainError, match="没有全部满足"):
        act(service.decide_exemption, two[0], asked, granted=True, reason="")
    held.make_outside(person, two, exam_on=date(2026, 5, 20))
    later = START + 30 * DAY
    act(service.decide_exemption, two[0], asked, at=later, granted=True, reason="")
    assert queries.exemption(asked, later).state == "granted"  # the day of application counts


@pytest.mark.parametrize(("mark", "exam_on"), [("80", date(2026, 9, 1)), ("95", date(2026, 5, 19))])
def test_what_the_rule_says_no_to_cannot_be_granted(person, two, mark, exam_on) -> None:
    held.make_papers("gap-machine")
    asked = act(service.ask_exemption, person, "gap-machine", "")
    held.make_outside(person, two, mark, exam_on)
    with pytest.raises(DomainError, match="没有全部满足"):
        act(service.decide_exemption, two[0], asked, granted=True, reason="")
    with pytest.raises(DomainError, match="理由"):
        act(service.decide_exemption, two[0], asked, granted=False, reason=" ")
    act(service.decide_exemption, two[0], asked, granted=False, reason="成绩不够")
    found = queries.exemption(asked, START)
    assert (found.state, found.finding.state, found.reason) == ("refused", State.NOT_MET, "成绩不够")
    assert act(service.ask_exemption, person, "gap-machine", "")


def test_nobody_decides_their_own_and_only_the_person_withdraws(two, staff) -> None:
    held.make_papers("gap-machine")
    held.make_outside(two[0], (staff[1], staff[2]))
    asked = act(service.ask_exemption, two[0], "gap-machine", "")
    with pytest.raises(ForbiddenError):
        act(service.decide_exemption, two[0], asked, granted=True, reason="")
    with pytest.raises(NotFoundError):
        act(service.withdraw_exemption, two[1], asked)
    act(service.withdraw_exemption, two[0], asked)
    for function, options in (
        (service.decide_exemption, {"granted": True, "reason": ""}),
        (service.withdraw_exemption, {}),
    ):
        with pytest.raises(ConflictError):
            act(function, two[1] if options else two[0], asked, **options)


def test_an_exemption_falls_with_the_result_it_rests_on(person, two, asked) -> None:
    act(service.decide_exemption, two[0], asked, granted=True, reason="")
    back = act(service.take_back_outside, two[0], 1, "抄错了人")
    act(service.confirm_outside, two[1], back)
    assert queries.exemption(asked, START).state == "fallen"
    assert ports.exempt(["gap-machine"], [person], START) == {"gap-machine": frozenset()}


def test_a_lapsed_pass_of_this_system_may_exempt_too(person, two) -> None:
    """A result sat here counts by its own day, with the department of that day as the former one."""
    at = START - 100 * DAY
    held.make_pass(person, two, at=at)
    finding = queries.finding_for(person, "gap-machine", TODAY, START)
    assert (finding.state, finding.basis.kind, finding.basis.department) == (
        State.MET,
        RESULT,
        "售前客服一部",
    )


# --- certificates


def test_a_certificate_is_made_once_and_verified_by_its_code(person, two) -> None:
    attempt = held.make_pass(person, two)
    made = act(service.claim_certificate, person, attempt, BITS)
    assert act(service.claim_certificate, person, attempt, BITS + 1) == made
    found = queries.certificate(made, START)
    assert (found.code, found.mark, found.standing) == (codes.make_code(BITS), 90, Standing.VALID)
    seen = queries.verify(found.code, START)
    assert (seen.name, seen.title, seen.passed_on, seen.valid_until, seen.standing) == (
        "林*雯", "GAP上机考试", TODAY, date(2028, 11, 20), Standing.VALID,
    )  # fmt: skip
    assert queries.verify(found.code, START + 732 * DAY).standing is Standing.LAPSED
    assert queries.verify(codes.make_code(BITS + 1), START) is None


def test_only_ones_own_pass_gives_a_certificate(person, two, staff) -> None:
    passed, failed = held.make_pass(person, two), held.make_pass(staff[2], two, right=3)
    for who, which in ((staff[2], passed), (staff[2], failed), (person, 999)):
        with pytest.raises(NotFoundError):
            act(service.claim_certificate, who, which, BITS)
    held.make_papers("tiny-exam")
    with pytest.raises(NotFoundError):  # a paper without certificates
        act(service.claim_certificate, person, held.make_pass(person, two, "tiny-exam"), BITS)


def test_a_changed_mark_revokes_what_shows_the_old_one(person, two, staff) -> None:
    attempt = held.make_pass(person, two)
    first = act(service.claim_certificate, person, attempt, BITS)
    change_mark(attempt, "5", staff)
    assert queries.certificate(first, START).standing is Standing.REVOKED
    second = act(service.claim_certificate, person, attempt, BITS + 1)
    assert second != first and queries.certificate(second, START).mark == 85
    change_mark(attempt, "0", staff)
    change_mark(attempt, "0", staff, slot=2)
    assert {one.standing for one in queries.certificates_of(person, START)} == {Standing.REVOKED}
    with pytest.raises(ConflictError, match="不再过线"):
        act(service.claim_certificate, person, attempt, BITS + 2)


def test_a_voided_attempt_revokes_its_certificate(person, two) -> None:
    attempt = held.make_pass(person, two)
    made = act(service.claim_certificate, person, attempt, BITS)
    void(attempt)
    assert queries.verify(queries.certificate(made, START).code, START).standing is Standing.REVOKED


def test_merit_needs_both_papers_and_an_exemption_will_do_for_gap(person, two, asked) -> None:
    soso = held.make_pass(person, two, "soso-upgrade")
    with pytest.raises(ConflictError, match="GAP上机考试"):  # a result of the former department is no pass
        act(service.claim_award, person, "search-promotion", BITS)
    (award,) = queries.awards_of(person, START)
    assert award.begun and not award.earned
    act(service.decide_exemption, two[0], asked, granted=True, reason="")
    (award,) = queries.awards_of(person, START)
    assert award.earned and [part.met_by for part in award.parts] == [RESULT, EXEMPTION]
    made = act(service.claim_award, person, "search-promotion", BITS)
    assert act(service.claim_award, person, "search-promotion", BITS + 1) == made
    assert queries.certificate(made, START).standing is Standing.VALID
    assert "SOSO升级考试成绩合格，GAP上机考试免试" in session().get_one(Certificate, made).words
    void(soso)
    assert queries.certificate(made, START).standing is Standing.REVOKED
    with pytest.raises(NotFoundError):
        act(service.claim_award, person, "no-such-award", BITS)


def test_merit_by_exemption_falls_when_the_exemption_is_given_up(person, two, asked) -> None:
    held.make_pass(person, two, "soso-upgrade")
    act(service.decide_exemption, two[0], asked, granted=True, reason="")
    made = act(service.claim_award, person, "search-promotion", BITS)
    act(service.withdraw_exemption, person, asked)
    assert queries.certificate(made, START).standing is Standing.REVOKED
    held.make_pass(person, two, "gap-machine")
    again = act(service.claim_award, person, "search-promotion", BITS + 1)
    assert again != made and queries.certificate(again, START).standing is Standing.VALID


# --- two at once, and how much it asks the database


def test_two_tabs_ask_once(app, person, two) -> None:
    held.make_papers("gap-machine")
    won, refused = race(app, *[lambda: service.ask_exemption(person, START, "gap-machine", "")] * 2)
    assert len(won) == 1 and len(refused) == 1


def test_two_people_decide_once(app, person, two, asked) -> None:
    won, refused = race(
        app,
        lambda: service.decide_exemption(two[0], START, asked, granted=True, reason=""),
        lambda: service.decide_exemption(two[1], START, asked, granted=False, reason="不同意"),
    )
    assert len(won) == 1 and len(refused) == 1


def test_two_tabs_fetch_one_certificate(app, person, two) -> None:
    attempt = held.make_pass(person, two)
    race(
        app,
        lambda: service.claim_certificate(person, START, attempt, BITS),
        lambda: service.claim_certificate(person, START, attempt, BITS + 1),
    )
    assert session().query(Certificate).count() == 1


def test_two_people_take_back_once(app, person, two) -> None:
    held.make_papers("gap-machine")
    made = held.make_outside(person, two)
    won, refused = race(
        app,
        lambda: service.take_back_outside(two[0], START, made, "抄错了"),
        lambda: service.take_back_outside(two[1], START, made, "抄错了"),
    )
    assert len(won) == 1 and len(refused) == 1


def test_an_unknown_code_asks_the_database_the_same_as_a_known_one(app, person, two, asked) -> None:
    held.make_pass(person, two, "soso-upgrade")
    act(service.decide_exemption, two[0], asked, granted=True, reason="")
    act(service.claim_award, person, "search-promotion", BITS)
    paper = held.make_pass(two[0], (two[1], person), "gap-machine")
    act(service.claim_certificate, two[0], paper, BITS + 1)
    asked_for = []
    for bits in (BITS, BITS + 1, BITS + 2):
        session().rollback()
        session().expire_all()
        with counted(app) as statements:
            queries.verify(codes.make_code(bits), START)
        asked_for.append(len(statements))
    assert len(set(asked_for)) == 1, asked_for


def test_the_statements_do_not_grow_with_people_and_passes(app, two, staff) -> None:
    from tests.factories.people import make_person

    people = [make_person() for _ in range(5)]
    counts = []
    for several in (people[:1], people):
        for one in several:
            held.make_pass(one, two, at=START + 40 * len(counts) * DAY)
        session().rollback()
        with counted(app) as statements:
            queries.passed_people(["gap-machine"], several, START + 100 * DAY)
            queries.exempt_people(["gap-machine"], several, START)
        counts.append(len(statements))
    assert counts[0] == counts[1]
