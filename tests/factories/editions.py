"""The people of an edition's road, and an edition of ``general`` with other numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from cstrain.kernel.ids import PersonId

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
START = date(2027, 1, 1)
CLAUSE = "第4.2条第八项"
"""The clause of ``general`` that the new edition changes: six months of grade A become eight."""


@dataclass
class Offices:
    """Who drafts, checks and approves, and some others."""

    place: int
    hr: PersonId
    hr_manager: PersonId
    gm_office: PersonId
    gm: PersonId
    head: PersonId
    agent: PersonId
    other: PersonId


def make_offices() -> Offices:
    """Make the people; their department follows ``general`` (commits)."""
    from tests.factories.people import make_department, make_person
    from tests.factories.promotion import bind

    place, office = make_department("售前客服一部"), make_department("总经办")
    bind(place, "general", scheme="sales")
    return Offices(
        place,
        make_person("冯晓岚", roles=["hr"], department=office),
        make_person("严明", roles=["hr_manager"], department=office),
        make_person("高建国", roles=["gm_office"], department=office),
        make_person("方志强", roles=["gm"], department=office),
        make_person("唐志远", roles=["supervisor"], department=place),
        make_person("林晓雯", department=place, level="junior", hire_date=date(2026, 3, 2)),
        make_person("钱立", department=place, level="junior", hire_date=date(2026, 3, 2)),
    )


def new_texts(months: int = 8, start: date = START) -> tuple[str, str]:
    """The text of ``general``'s next edition with more months of grade A, and cases that fit it."""
    from cstrain.promotion import changing, ladders
    from cstrain.promotion.editions import texts

    known = ladders.editions("general")
    base, number = known[0], known[-1].edition + 1
    held = texts.shipped_texts("general", 1)
    assert held is not None
    text = texts.begun(held[0], number, start)
    key = next(one.key for one in changing.numbers(base) if one.name == "months" and "累计6个月" in one.text)
    text = texts.with_numbers(text, number, {key: Decimal(months)})
    return text.replace("任初级期间绩效A级以上累计6个月", f"任初级期间绩效A级以上累计{months}个月"), cases(
        months
    )


def cases(months: int = 8, state: str = "not_met") -> str:
    """One scenario: seven months of grade A are too few (or, with the wrong ``state``, enough)."""
    return f"""ladder: general
edition: 2
scenarios:
  - name: 七个月A级
    on: "2027-02-23"
    from: junior
    to: intermediate
    facts:
      hired_on: "2025-12-22"
      level_since: "2026-07-03"
      rated: 4
      months: {{last: "2027-01", grade: [A, A, A, A, A, A, A]}}
    state: not_met
    others: unknown
    clauses:
      {CLAUSE}: {state}
{_RATED}"""


_RATED = "".join(
    f"      {clause}: met\n" for clause in (f"第4.2条第{number}项" for number in "一二三四五六七")
)


def draft(offices: Offices, now: datetime = NOW, **changes: object) -> int:
    """HR drafts the edition (commits)."""
    from cstrain.promotion.editions import service
    from cstrain.promotion.editions.service import NewEdition
    from cstrain.unit_of_work import unit_of_work

    text, scenarios = new_texts()
    given = {
        "ref": "general",
        "effective_from": START,
        "text": text,
        "scenarios": scenarios,
        "reason": "A级月数提高",
        **changes,
    }
    with unit_of_work():
        return service.draft(offices.hr, now, NewEdition(**given))  # type: ignore[arg-type]


def approve(offices: Offices, edition: int, now: datetime = NOW) -> None:
    """Check, look, approve (commits)."""
    from cstrain.promotion.editions import service
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        service.check(offices.gm_office, now, edition)
    with unit_of_work():
        service.look(offices.gm, now, edition)
    with unit_of_work():
        service.approve(offices.gm, now, edition)


def chapter_text(name: str, *changes: tuple[str, str]) -> str:
    """The newest text of a chapter with some words replaced; each must be there."""
    from cstrain.promotion.editions.kinds import ChapterPolicy

    policy = ChapterPolicy(name)
    text = policy.text_of(policy.known()[-1].edition)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def new_chapter(
    offices: Offices, name: str, *changes: tuple[str, str], start: date = START, now: datetime = NOW
) -> int:
    """Draft, check, look at and approve an edition of a chapter (commits); returns its id."""
    text = chapter_text(name, *changes)
    edition = draft(
        offices, now, ref=f"chapter:{name}", text=text, scenarios="", effective_from=start, reason="改数字"
    )
    approve(offices, edition, now)
    return edition


def lone_offices() -> Offices:
    """The people of an edition's road alone, beside the cast of another room (commits)."""
    from tests.factories.people import make_department, make_person

    room = make_department("制度室")
    one = {
        name: make_person(f"制度{name}", roles=[name], department=room)
        for name in ("hr", "hr_manager", "gm_office", "gm")
    }
    return Offices(room, *one.values(), head=one["hr"], agent=one["hr"], other=one["hr"])
