"""The probation board: everybody in training, those who need something first; and its export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request, url_for

from cstrain.access import actor, may, requires, scopes_of
from cstrain.documents.tables import Cell, write_xlsx
from cstrain.extensions import local_date, now
from cstrain.onboarding import presenting, queries
from cstrain.onboarding.presenting.words import _
from cstrain.onboarding.queries import Board, BoardFilter, BoardRow
from cstrain.onboarding.rules import risk
from cstrain.onboarding.views.base import blueprint
from cstrain.people import queries as people
from cstrain.people.service import log_view
from cstrain.ui.forms import whole
from cstrain.unit_of_work import unit_of_work

_PAGE = 40
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GROUP_WORDS = {risk.ACT: "要处理", risk.WATCH: "要留意", risk.FINE: "正常"}


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A page of the board, for the pager: where one is, and where the others are."""

    page: int
    pages: int
    kept: dict[str, str]

    def url(self, number: int) -> str:
        """Return the address of another page with the same filter."""
        kept: dict[str, Any] = dict(self.kept)
        return url_for("onboarding.board", page=number, **kept)


def _kept() -> dict[str, str]:
    names = ("q", "department", "cohort", "state")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _wanted(kept: dict[str, str]) -> BoardFilter:
    """Return the filter of the request, limited to whom the reader may see."""
    reader, today = actor(), local_date(now())
    scopes = scopes_of(reader, "board.view")
    departments = None
    if not scopes & {"all", "others"}:
        headed = people.department_ids_headed(reader, today)
        departments = frozenset(place for one in headed for place in people.subtree(one))
    return BoardFilter(
        state="ended" if kept.get("state") == "ended" else "open",
        department_id=_number(kept.get("department", "")),
        cohort_id=_number(kept.get("cohort", "")),
        text=kept.get("q", ""),
        departments=departments,
        except_person=None if "all" in scopes else reader,
    )


def _number(text: str) -> int | None:
    try:
        return whole(text)
    except ValueError:
        return None


@blueprint.get("/board")
@requires("board.view")
def board() -> str:
    """Show the board: groups, ticks, papers, re-exams, opinions, proposals; paged, worst first."""
    kept = _kept()
    wanted = _wanted(kept)
    found = queries.board(wanted, now())
    pages = max(1, -(-len(found.rows) // _PAGE))
    page = min(max(_number(request.args.get("page", "1")) or 1, 1), pages)
    shown = found.rows[(page - 1) * _PAGE : page * _PAGE]
    places = [
        one
        for one in people.departments(active_only=True)
        if wanted.departments is None or one.id in wanted.departments
    ]
    return render_template(
        "onboarding/board.html",
        board=found,
        groups=[(name, _(GROUP_WORDS[name])) for name in risk.GROUPS],
        shown=shown,
        page=BoardPage(page, pages, kept),
        kept=kept,
        departments=places,
        cohorts=queries.cohorts(),
        now=now(),
        ticks=presenting.tick_days,
        short_date=presenting.short_date,
        progress=_progress,
        reasons=_reasons,
        may={
            "enrol": may(actor(), "enrolment.manage"),
            "arrange": may(actor(), "sitting.arrange"),
            "export": may(actor(), "report.export"),
            "samples": may(actor(), "sample.confirm"),
            "cohorts": may(actor(), "cohort.evaluate"),
        },
    )


def _progress(row: BoardRow) -> str:
    """Say where somebody stands: the day, or what the conversion part says."""
    line = row.timeline
    if row.note.progress:
        return row.note.progress
    if line.enrolment.state == "paused":
        return _("暂停中")
    if not line.enrolment.is_open:
        return _("已结束")
    current = line.current
    return _("第%(n)s天", n=current.number) if current is not None else _("未开始")


def _reasons(row: BoardRow) -> list[str]:
    """Say why a row stands where it stands."""
    return [_(message, **values) for message, values in row.reasons]


@blueprint.get("/board.xlsx")
@requires("report.export")
def export_board() -> Response:
    """Download the board as it is filtered; cells are text, numbers or dates, never formulas."""
    found = queries.board(_wanted(_kept()), now())
    body = write_xlsx(_table(found), "试用期看板")
    with unit_of_work():
        log_view(actor(), None, "onboarding.board_export", now())
    headers = {"Content-Disposition": 'attachment; filename="board.xlsx"'}
    return Response(body, mimetype=_XLSX, headers=headers)


def _table(found: Board) -> list[list[Cell]]:
    papers = [paper.short for paper in found.papers]
    head: list[Cell] = ["分组", "姓名", "工号", "部门", "期", "导师", "进度", "签核天数", "补签天数"]
    head += ["工作状态均分", *papers, "补考", "建议结论", "依据"]
    return [head, *(_line(row, found) for row in found.rows)]


def _line(row: BoardRow, found: Board) -> list[Any]:
    line = row.timeline
    cells = {cell.ref: cell for cell in row.papers}
    marks = [cells[paper.ref].shown if paper.ref in cells else None for paper in found.papers]
    why = [*_reasons(row), *([row.note.why] if row.note.why else [])]
    return [
        GROUP_WORDS[row.group],
        row.name,
        row.staff_no,
        row.department,
        line.enrolment.cohort_name,
        row.mentor_name,
        _progress(row),
        len(line.signed),
        line.late_days,
        line.mean_state,
        *marks,
        row.note.resit_says or None,
        row.note.proposal or None,
        "；".join(why) or None,
    ]
