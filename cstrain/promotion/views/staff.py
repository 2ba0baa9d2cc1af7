"""The whole staff by ladder: who may apply, who is near, who is not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import DepartmentId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion import ports, presenting, queries
from cstrain.promotion.facts import Group, Judged
from cstrain.promotion.queries import Scope
from cstrain.promotion.views.base import blueprint, ladders_by_ref
from cstrain.ui.forms import whole
from cstrain.unit_of_work import unit_of_work

PAGE = 50
AT_ONCE = 2000
"""So many people are judged for one page; beyond that a department is chosen first."""


@blueprint.get("/promotion")
@requires("promotion.view")
def staff() -> str:
    """List the people one may see by how near they are to the next step; the view is noted."""
    today = local_date(now())
    visible = people.visible_people(actor(), "promotion.view", today)
    by_department = people.staff_by_department(today)
    seen = {
        place: [one for one in ids if visible is None or one in visible]
        for place, ids in by_department.items()
    }
    wanted = _department(set(seen))
    ref = request.args.get("ladder") if request.args.get("ladder") in ladders_by_ref() else None
    places = people.subtree(wanted) if wanted is not None else frozenset(seen)
    number = sum(len(ids) for place, ids in seen.items() if place in places)
    every: list[Judged] = []
    if number <= AT_ONCE or (wanted is not None and len(places) == 1):
        every = list(queries.evaluate(today, Scope(places, visible, ref)))
    with unit_of_work():
        people_service.log_view(actor(), None, "promotion.staff", now())
    return _page(every, seen, number=number, too_many=number > 0 and not every and number > AT_ONCE)


def _department(seen: set[DepartmentId]) -> DepartmentId | None:
    wanted = request.args.get("department", type=whole)
    above = {place for place in (people.departments() if wanted else []) if place.id == wanted}
    return DepartmentId(wanted) if wanted is not None and (wanted in seen or above) else None


def _page(every: Sequence[Judged], seen: dict[Any, list[Any]], *, number: int, too_many: bool) -> str:
    names = [group.value for group in Group]
    group = request.args.get("group") if request.args.get("group") in names else None
    order = {one: index for index, one in enumerate(Group)}
    found = [one for one in every if group is None or one.group == group]
    found.sort(key=lambda one: (order[one.group], one.person.staff_no))
    applied = ports.applying()
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(request.args.get("page", 1, whole), 1), pages)
    kept: dict[str, Any] = {
        key: value for key in ("department", "ladder", "group") if (value := request.args.get(key))
    }
    return render_template(
        "promotion/staff.html",
        found=found[(page - 1) * PAGE : page * PAGE],
        total=len(found),
        number=number,
        too_many=too_many,
        most=AT_ONCE,
        counts={one: sum(each.group is one for each in every) for one in Group},
        links={"page": page, "pages": pages, "url": lambda n: url_for("promotion.staff", page=n, **kept)},
        kept=kept,
        departments=[one for one in people.departments(active_only=True) if one.id in _with_above(seen)],
        ladders=ladders_by_ref().values(),
        groups={**presenting.GROUP_WORDS, Group.ELIGIBLE: gettext("条件都满足")},
        applying=sum(presenting.may_apply(each) for each in every if each.person.id not in applied),
        applied=applied,
        standing_word=presenting.standing_word,
        states=presenting.GROUP_STATES,
        may_simulate=may(actor(), "promotion.simulate"),
        may_bind=may(actor(), "ladder.bind"),
    )


def _with_above(seen: dict[Any, list[Any]]) -> set[Any]:
    """Return the departments with people to see, and those above them."""
    parents = {one.id: one.parent_id for one in people.departments()}
    found = {place for place, ids in seen.items() if ids}
    waiting = list(found)
    while waiting:
        above = parents.get(waiting.pop())
        if above is not None and above not in found:
            found.add(above)
            waiting.append(above)
    return found
