"""The directory of people, its export, and a person's page."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask_login import current_user

from cstrain.access import actor, may, requires, scopes_of
from cstrain.documents.tables import Cell, write_csv, write_xlsx
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import policy, queries, service
from cstrain.people.facts import PersonFacts, Status
from cstrain.people.forms import EmptyForm
from cstrain.people.queries import PersonPage
from cstrain.people.slots import sections_of
from cstrain.people.views.blueprint import blueprint
from cstrain.ui.forms import whole
from cstrain.unit_of_work import unit_of_work

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EVERYBODY = 1_000_000


def _search(page: int, size: int) -> PersonPage:
    """Return what the address asks for, among those the reader may see."""
    today = local_date(now())
    department = request.args.get("department", type=whole)
    status = request.args.get("status", "")
    return queries.search_people(
        request.args.get("q", ""),
        None,
        today,
        page,
        status=Status(status) if status in set(Status) else None,
        within=queries.visible_people(actor(), "person.view", today),
        department_ids=queries.subtree(department) if department else None,
        size=size,
    )


@blueprint.get("/people")
@requires("person.view")
def directory() -> str:
    """List the people one may see, with search, filters and pages."""
    found = _search(request.args.get("page", 1, whole), policy.PAGE_SIZE)
    kept: dict[str, Any] = {
        key: value for key in ("q", "department", "status") if (value := request.args.get(key))
    }
    links = {
        "page": found.page,
        "pages": found.pages,
        "url": lambda n: url_for("people.directory", page=n, **kept),
    }
    return render_template(
        "people/directory.html",
        found=found,
        links=links,
        kept=kept,
        departments=queries.departments(active_only=True),
        statuses=policy.STATUS_WORDS,
        may_hire=may(actor(), "person.edit"),
        may_import=may(actor(), "person.import"),
        may_roster=may(actor(), "roster.edit"),
        may_departments=may(actor(), "department.edit"),
        may_stand_in=may(actor(), "standin.appoint"),
        may_export=may(actor(), "report.export"),
    )


@blueprint.get("/people/export.<any(xlsx, csv):kind>")
@requires("report.export")
def export(kind: str) -> Response:
    """Download the list as it is filtered; cells are text or dates, never formulas."""
    rows = _export_rows(list(_search(1, _EVERYBODY).people))
    with unit_of_work():
        service.log_view(actor(), None, "people.export", now())
    body = write_xlsx(rows, "员工") if kind == "xlsx" else write_csv(rows)
    mimetype = _XLSX if kind == "xlsx" else "text/csv; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="people.{kind}"'}
    return Response(body, mimetype=mimetype, headers=headers)


def _export_rows(people: list[PersonFacts]) -> list[list[Cell]]:
    """Return the columns that the staff import reads again."""
    head: list[Cell] = [
        "姓名",
        "工号",
        "手机",
        "分机",
        "邮箱",
        "部门",
        "岗位",
        "职级",
        "序列",
        "入职日期",
        "状态",
    ]
    rows: list[list[Cell]] = [head]
    for one in people:
        level = policy.LEVEL_WORDS[one.level] if one.level else None
        track = policy.TRACK_WORDS[one.track] if one.track else None
        contact: list[Cell] = [one.name, one.staff_no, one.phone, one.extension, one.email]
        status = policy.STATUS_WORDS[one.status]
        rows.append([*contact, one.department_name, one.post, level, track, one.hire_date, status])
    return rows


@blueprint.get("/people/<int:person_id>")
@requires("person.view_self")
def person(person_id: int) -> str:
    """Show a person: one's own page, or that of somebody one may see; the view is noted."""
    subject = PersonId(person_id)
    own = subject == actor()
    if not own and not may(actor(), "person.view", subject):
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")
    facts = queries.get_person(subject, local_date(now()))
    page = _person_page(facts, full=own or "all" in scopes_of(actor(), "person.view"))
    sections = sections_of(facts)
    with unit_of_work():
        service.log_view(actor(), subject, "people.person", now())
    return render_template("people/person.html", facts=facts, own=own, sections=sections, **page)


def _person_page(facts: PersonFacts, *, full: bool) -> dict[str, Any]:
    """Gather what the reader sees: contract, leave and contact data only with ``full``."""
    today = local_date(now())
    upper = queries.supervisor_of(facts.id, today)
    acts = {name: may(actor(), f"person.{name}", facts.id) for name in ("edit", "link", "leave")}
    acts["roles"] = may(actor(), "role.grant", facts.id)
    acts["plan"] = may(actor(), "roster.edit") and facts.id != actor()
    names = queries.people([upper] if upper else [], today)
    return {
        "full": full,
        "today": today,
        "superior": names.get(upper) if upper else None,
        "history": queries.history_of(facts.id),
        "contracts": queries.contracts_of(facts.id) if full else [],
        "leave": queries.leave_of(facts.id) if full else [],
        "assignments": queries.assignments_of(facts.id),
        "login": queries.account_of(facts.id) if full else None,
        "last_day": queries.last_day_of(facts.id),
        "acts": acts,
        "form": EmptyForm(formdata=None),
        "is_self": facts.id == current_user.person_id,
    }
