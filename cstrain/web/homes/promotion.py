"""The part of the promotion core: one could apply, the ladder is about to change, who has not applied."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import gettext

from cstrain.access import may, scopes_of
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.promotion import eligibility, ladders
from cstrain.promotion import queries as promotion
from cstrain.promotion.applications import queries as applications
from cstrain.ui.filters import full_day
from cstrain.web.homes.part import PARTS, Part, Task, with_next

_AHEAD = timedelta(days=30)
"""So long before a new edition comes into force those whom it concerns are told."""


@PARTS.register("77-promotion")
def promotion_part(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return what the ladders ask of somebody today; ``None`` when there is nothing."""
    today = local_date(now)
    tasks = [*_own(person, today), *_waiting(person, now), *_changing(person, today)]
    if not tasks:
        return None
    return Part(
        lead="",
        title=gettext("晋升通道"),
        tasks=with_next(tasks),
        empty="",
    )


def _own(person: PersonId, today: date) -> list[Task]:
    """Return that one could apply: by the latest run, at the same level still, no application is open."""
    if not may(person, "application.apply", person):
        return []
    for one in promotion.eligible(today, [person]):
        level = people.get_person(person, today).level
        same = (str(level) if level is not None else None) == one.start
        if same and applications.open_application_of(person) is None:
            ladder = ladders.edition(one.ladder, one.edition)
            what = gettext("可以申请%(goal)s", goal=ladder.titles[one.goal])
            return [
                Task("is-later", what, (ladder.title,), url_for("promotion.career"), gettext("看条件并申请"))
            ]
    return []


def _waiting(person: PersonId, now: datetime) -> list[Task]:
    """Return how many could apply and have not, for who checks applications of everybody."""
    if not may(person, "application.check") or "all" not in scopes_of(person, "promotion.view"):
        return []
    number = sum(one.person != person for one in eligibility.waiting(now))
    if not number:
        return []
    what = gettext("有%(n)s人可以申请晋升，还没有申请", n=number)
    url = url_for("promotion.staff", group="eligible")
    return [Task("is-later", what, (), url, gettext("去看"))]


def _changing(person: PersonId, today: date) -> list[Task]:
    """Return the editions that are about to replace that of one's own ladder."""
    now, then = ({one.ref: one for one in ladders.ladders(day)} for day in (today, today + _AHEAD))
    coming = {ref: one for ref, one in then.items() if ref in now and one.edition != now[ref].edition}
    if not coming or not may(person, "career.view_own", person):
        return []
    place = people.get_person(person, today).department_id
    own = promotion.ladders_by_department(today).get(place)
    new = coming.get(own.ref) if own is not None else None
    if new is None:
        return []
    what = gettext(
        "%(title)s从%(day)s起换成第%(n)s版", title=new.title, day=full_day(new.effective_from), n=new.edition
    )
    url = url_for("promotion.ladder", ref=new.ref, edition=new.edition)
    return [Task("is-later", what, (), url, gettext("去看"))]
