"""A new edition of a ladder on its way, one of a chapter approved, and who has acknowledged their policy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cstrain.demo.stage import Road
from cstrain.demo.trip import HR
from cstrain.demo.world import World
from cstrain.kernel.calendar import add_months
from cstrain.people import queries as people
from cstrain.promotion import changing, ladders
from cstrain.promotion.editions import kinds, queries, service, texts
from cstrain.promotion.editions.service import NewEdition

_PLACE = "SQ1"
_REF = "general"
_CHECKER = "HM003"
_APPROVER = "HM001"
_CHAPTER = "chapter:rating"
_DAYS = ("contest_within: 5 ", "contest_within: 7 ")
_SILENT = frozenset({"HM014", "HM021"})
"""Who has not acknowledged yet, so that reminding can be seen."""
_OLD, _NEW = "任初级期间绩效A级以上累计6个月", "任初级期间绩效A级以上累计5个月"
_MONTHS = Decimal(5)
_CASE = ("grade: [B, A, A, S, B, B, A, A, B, B]", "grade: [B, A, A, S, B, B, A, B, B, B]")
"""The case of whom one month is missing: it lacks one of five now."""


def editions(world: World) -> list[Road]:
    """Return the roads of the new edition and of the acknowledgements."""
    return [_edition(world), _chapter(world), _acknowledgements(world)]


def _edition(world: World) -> Road:
    at = world.at(world.working_day(_PLACE, world.today, 4), 15)
    yield at
    base = ladders.editions(_REF)[-1]
    number = base.edition + 1
    start = _month_after_next(world.today)
    text, cases = queries.start_texts(base, number, start)
    key = next(one.key for one in changing.numbers(base) if one.text == _OLD and one.name == "months")
    text = texts.with_numbers(text, number, {key: _MONTHS}).replace(_OLD, _NEW)
    cases = cases.replace(*_CASE)
    reason = "上半年新人多，够6个月A级的人太少；总办会议同意降到5个月。"
    edition = service.draft(world.one(HR), at, NewEdition(_REF, start, text, cases, reason))
    at = world.at(world.working_day(_PLACE, world.today, 3), 10)
    yield at
    service.look(world.one(_CHECKER), at, edition)
    service.check(world.one(_CHECKER), at, edition)


def _chapter(world: World) -> Road:
    at = world.at(world.working_day(_PLACE, world.today, 8), 14)
    yield at
    chapter, start = kinds.of(_CHAPTER), _month_after_next(world.today)
    text, _cases = chapter.begun(chapter.known()[-1].edition + 1, start)
    reason = "上季度有两位同事休假回来时申诉期已过；部门会议同意从5个工作日延长到7个工作日。"
    new = NewEdition(_CHAPTER, start, text.replace(*_DAYS), "", reason)
    edition = service.draft(world.one(HR), at, new)
    at = world.at(world.working_day(_PLACE, world.today, 7), 10)
    yield at
    service.look(world.one(_CHECKER), at, edition)
    service.check(world.one(_CHECKER), at, edition)
    at = world.at(world.working_day(_PLACE, world.today, 6), 16)
    yield at
    service.look(world.one(_APPROVER), at, edition)
    service.approve(world.one(_APPROVER), at, edition)


def _month_after_next(day: date) -> date:
    return add_months(day.replace(day=1), 2)


def _acknowledgements(world: World) -> Road:
    at = world.at(world.working_day(_PLACE, world.today, 1), 17)
    yield at
    on = at.date()
    for one in people.everybody(on):
        if one.staff_no in _SILENT:
            continue
        for due in queries.due_for(one.id, on):
            service.acknowledge(one.id, at, due.ladder.ref, due.ladder.edition, due.digest)
