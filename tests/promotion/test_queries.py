"""Dossiers, judgements and simulations: facts are gathered, nothing is guessed, nothing is written."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from cstrain.cli_context import shell_of
from cstrain.kernel.ids import PersonId
from cstrain.pay import queries as pay
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.people.facts import Level
from cstrain.promotion import changing, ladders, queries
from cstrain.promotion.commands import promotion
from cstrain.promotion.facts import Group
from cstrain.promotion.queries import Scope
from cstrain.unit_of_work import unit_of_work
from tests.counting import counted
from tests.factories.people import MADE_AT, make_department, make_person
from tests.factories.promotion import bind, close_month, make_month

ON = date(2026, 11, 20)
MONTHS = [date(2026, month, 1) for month in range(3, 11)]
HIRED = date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("context")


def junior(name: str, place: int, grade: str = "A", points: int = 90, **columns: object) -> PersonId:
    """Somebody with eight closed months as a junior, and without a deduction in any of them."""
    person = make_person(name, department=place, hire_date=HIRED, level="junior")
    for month in MONTHS[:7]:
        make_month(person, place, month, CLERK[0], grade=grade, brand_points=points, **columns)
    return person


CLERK: list[PersonId] = []


@pytest.fixture
def place(context) -> int:
    CLERK[:] = [make_person("录入员", department=make_department("人力资源部"))]
    department = make_department("售前客服一部")
    bind(department, "general", scheme="sales")
    for month in MONTHS[:7]:
        close_month(department, month, CLERK[0])
    return department


def explained(person: PersonId, on: date = ON):
    return queries.explain(people.standings([person], on)[person], ladders.ladder("general", on), on)


def state_of(found, kind: str) -> str:
    return next(str(one.state) for one in found.judged.findings if one.kind == kind)


@pytest.mark.both_databases
def test_who_does_well_may_apply_and_endorsements_are_to_come(place) -> None:
    person = junior("林晓雯", place)
    found = explained(person)
    assert found.judged.step is not None and found.judged.step.goal == "intermediate"
    assert state_of(found, "grade_months") == "met"
    assert state_of(found, "brand_rank") == "met"
    assert state_of(found, "deductions_mean") == "met"
    assert state_of(found, "endorsement") == "unknown"
    assert found.judged.group is Group.ELIGIBLE and found.earliest == ON


def test_a_month_nobody_entered_is_unknown_and_not_a_no(place) -> None:
    person = make_person("周敏", department=place, hire_date=HIRED, level="junior")
    found = explained(person)
    assert state_of(found, "grade_months") == "unknown"
    assert found.judged.group is Group.OPEN and not found.judged.eligible


def test_a_weak_grade_is_named_with_its_records(place) -> None:
    person = junior("钱立", place, grade="B")
    found = explained(person)
    finding = next(one for one in found.judged.findings if one.kind == "grade_months")
    assert finding.state == "not_met" and found.judged.group is Group.NEAR
    assert found.judged.lacking()[0] == finding


def test_levels_and_departments_are_dated_by_the_history(place) -> None:
    other = make_department("售后客服部")
    person = make_person("苏婷", department=other, hire_date=HIRED, level="junior")
    with unit_of_work():
        people_service.change_state(
            None, MADE_AT, person, date(2026, 5, 1), department_id=place, reason="调岗", source="form"
        )
        people_service.change_state(
            None, MADE_AT, person, date(2026, 8, 1), level=Level.INTERMEDIATE, reason="晋升", source="form"
        )
    one = people.standings([person], ON)[person]
    assert one.department_since == date(2026, 5, 1) and one.level_since == date(2026, 8, 1)
    assert one.reached == {"junior": HIRED, "intermediate": date(2026, 8, 1)}
    standing = queries.gather([person], ON)[person].standing
    assert standing is not None and standing.service_since == date(2026, 5, 1)  # 售后 follows no ladder
    before = people.standings([person], date(2026, 7, 31))[person]
    assert before.level is Level.JUNIOR and before.level_since == HIRED


def test_a_level_from_an_imported_file_has_no_known_first_day(place) -> None:
    from cstrain.people.service import NewPerson

    with unit_of_work():
        new = NewPerson("K9001", "韩冬", place, HIRED, level=Level.SENIOR)
        person = people_service.hire(None, MADE_AT, new, source="import")
    one = people.standings([person], ON)[person]
    assert one.level is Level.SENIOR and one.level_since is None and one.reached == {}


def test_a_department_follows_the_one_above_until_it_has_its_own(place) -> None:
    group = make_department("一组", parent=place)
    assert queries.ladders_by_department(ON)[group].ref == "general"
    assert pay.schemes_by_department(ON)[group].ref == "sales"
    bind(group, "annual", date(2026, 6, 1))
    assert queries.ladders_by_department(date(2026, 5, 31))[group].ref == "general"
    assert queries.ladders_by_department(ON)[group].ref == "annual"
    bind(group, None, date(2026, 7, 1))
    assert queries.ladders_by_department(ON)[group].ref == "general"


def test_a_dossier_of_many_takes_as_many_statements_as_one(app, place) -> None:
    crowd = [make_person(f"员工{n}", department=place, hire_date=HIRED, level="junior") for n in range(12)]
    queries.gather(crowd[:1], ON)
    with counted(app) as one:
        queries.gather(crowd[:1], ON)
    with counted(app) as many:
        assert len(queries.gather(crowd, ON)) == 12
    assert len(many) == len(one)


def test_the_whole_staff_is_judged_by_the_ladders_of_their_departments(place) -> None:
    good, weak = junior("林晓雯", place), junior("钱立", place, grade="B", points=50)
    found = {one.person.id: one for one in queries.evaluate(ON)}
    assert set(found) == {good, weak}  # the clerk's department follows none
    assert found[good].eligible and found[weak].group is Group.NEAR
    only = list(queries.evaluate(ON, Scope(people={weak})))
    assert [one.person.id for one in only] == [weak]


def stricter(months: int) -> bytes:
    ladder = ladders.ladder("general", ON)
    number = next(
        one
        for one in changing.numbers(ladder)
        if one.name == "months" and "A级" in one.text and one.start == "junior" and one.goal == "intermediate"
    )
    return changing.as_text(changing.with_numbers(ladder, {number.key: Decimal(months)})).encode()


def test_a_changed_ladder_names_who_loses_and_what_it_costs(place) -> None:
    good, weak = junior("林晓雯", place), junior("钱立", place, grade="B", points=50)
    changed = changing.read_ladder(stricter(8), "changed.yaml")
    found = queries.simulate(changed, ON, ladders.ladder("general", ON))
    assert [one.person.id for one in found.loses] == [good] and found.gains == ()
    assert found.people == 2 and found.unchanged == 1
    assert found.effect == Decimal("-500.00") and found.unknown_effects == 0
    assert [one.kind for one in found.loses[0].findings] == ["grade_months"]
    back = queries.simulate(ladders.ladder("general", ON), ON, changed)
    assert [one.person.id for one in back.gains] == [good] and back.effect == Decimal("500.00")
    assert found.by_group[Group.NEAR] == (1, 2) and weak not in {one.person.id for one in found.loses}


def test_without_a_pay_scheme_the_effect_is_unknown(place) -> None:
    from cstrain.pay import service as pay_service

    with unit_of_work():
        pay_service.bind(None, MADE_AT, place, None, date(2026, 1, 1), "停用")
    junior("林晓雯", place)
    found = queries.simulate(changing.read_ladder(stricter(8), "x.yaml"), ON, ladders.ladder("general", ON))
    assert found.effect == 0 and found.unknown_effects == 1 and found.loses[0].effect is None


def run(app, *words: str):
    done = CliRunner().invoke(promotion, list(words), obj=shell_of(app))
    assert done.exit_code == 0, done.output + repr(done.exception)
    return done.output


def test_the_commands_print_the_objects_and_write_nothing(app, place, tmp_path) -> None:
    from cstrain.audit.models import AuditEntry
    from cstrain.extensions import db

    junior("林晓雯", place)
    number = people.people([people.staff_by_department(ON)[place][0]], ON)
    staff_no = next(iter(number.values())).staff_no
    before = db.session.query(AuditEntry).count()
    db.session.rollback()
    said = json.loads(run(app, "explain", staff_no, "--ladder", "general", "--on", "2026-11-20", "--json"))
    assert list(said) == [
        "person",
        "ladder",
        "edition",
        "from_level",
        "to_level",
        "on",
        "eligible",
        "earliest",
        "findings",
    ]
    assert said["person"] == staff_no and said["eligible"] is True and said["earliest"] == "2026-11-20"
    assert set(said["findings"][0]) == {"kind", "state", "says", "clause", "records"}
    every = json.loads(run(app, "evaluate", "--ladder", "general", "--on", "2026-11-20", "--json"))
    assert every["people"] == 1 and every["staff"][0]["group"] == "eligible"
    file = tmp_path / "changed.yaml"
    file.write_bytes(stricter(8))
    told = json.loads(run(app, "simulate", str(file), "--on", "2026-11-20", "--json"))
    assert told["people"] == 1 and [one["person"] for one in told["loses"]] == [staff_no]
    assert told["gains"] == [] and told["unchanged"] == 0 and told["pay_effect"]["known"] == "-500.00"
    assert "最早" not in run(app, "explain", staff_no, "--ladder", "general", "--on", "2026-11-20")
    assert "因此不能申请：1人" in run(app, "simulate", str(file), "--on", "2026-11-20")
    assert "条件都满足：1人" in run(app, "evaluate", "--on", "2026-11-20")
    assert db.session.query(AuditEntry).count() == before


def test_the_explanation_names_the_ladder_as_written_and_says_who_may_apply(app, place) -> None:
    person = junior("林晓雯", place)
    who = people.people([person], ON)[person].staff_no
    said = run(app, "explain", who, "--ladder", "general", "--on", "2026-11-20")
    title = ladders.ladder("general", ON).title
    assert f"{who} 按{title}第1版" in said and "《《" not in said
    assert "目标：中级客服。可以申请。" in said
    said = run(app, "explain", who, "--ladder", "leader", "--on", "2026-11-20")
    assert "可以申请。" not in said


def test_before_the_first_edition_the_command_says_that_none_was_in_force(app, place) -> None:
    person = junior("林晓雯", place)
    who = people.people([person], ON)[person].staff_no
    words = ["explain", who, "--ladder", "general", "--on", "2010-01-01"]
    done = CliRunner().invoke(promotion, words, obj=shell_of(app))
    assert done.exit_code == 1 and "那天还没有任何通道生效" in done.output
