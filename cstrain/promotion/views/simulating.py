"""Trying out a changed ladder on all staff: who gains, who loses, what it costs. No record is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext, lazy_gettext

from cstrain.access import actor, requires
from cstrain.audit.service import record
from cstrain.documents.tables import Cell, write_csv, write_xlsx
from cstrain.extensions import local_date, now
from cstrain.judgement.ladder import Ladder
from cstrain.kernel.errors import DomainError
from cstrain.policies.yaml_source import SourceError
from cstrain.promotion import changing, presenting, queries
from cstrain.promotion.facts import Change, Group, Simulation
from cstrain.promotion.forms import ChangedForm, given, numbers_form
from cstrain.promotion.views.base import blueprint, get_ladder, ladders_by_ref
from cstrain.ui.forms import CleanForm
from cstrain.ui.refusal import told

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 200

PARAMETER_WORDS = {
    "months": lazy_gettext("月数"),
    "years": lazy_gettext("年数"),
    "days": lazy_gettext("天数"),
    "least": lazy_gettext("最低"),
    "most": lazy_gettext("最高"),
    "count": lazy_gettext("份数"),
    "top": lazy_gettext("前几名"),
    "least_months": lazy_gettext("至少几个月有记录"),
    "valid_months": lazy_gettext("有效月数"),
    "seats": lazy_gettext("名额"),
}


@blueprint.get("/promotion/simulate")
@requires("promotion.simulate")
def simulate() -> str:
    """Offer the two ways: a changed file, or other numbers in a ladder in force."""
    form = ChangedForm(formdata=None, data={"on": local_date(now())})
    return render_template("promotion/simulate.html", form=form, ladders=ladders_by_ref().values())


@blueprint.post("/promotion/simulate")
@requires("promotion.simulate")
def simulate_file() -> Any:
    """Try out a ladder from a file or pasted text."""
    form = ChangedForm()
    ladder = _read(form) if form.validate_on_submit() else None
    if ladder is None:
        page = render_template("promotion/simulate.html", form=form, ladders=ladders_by_ref().values())
        return page, 422
    text = changing.as_text(ladder)
    again = ChangedForm(formdata=None, data={"text": text, "on": form.on.data})
    return _answer(ladder, form.on.data, again, "promotion.simulate_file", {})


def _read(form: ChangedForm) -> Ladder | None:
    """Return the ladder that was handed in; what is wrong with it goes to the form."""
    upload = form.file.data
    data = upload.read() if upload else (form.text.data or "").encode()
    if not data.strip():
        form.form_errors.append(gettext("请选择文件，或者粘贴内容。"))
        return None
    try:
        return changing.read_ladder(data, (upload.filename if upload else "") or gettext("粘贴的内容"))
    except SourceError as error:
        form.form_errors.extend(str(fault) for fault in error.faults[:20])
        return None


@blueprint.get("/promotion/simulate/<ref>")
@requires("promotion.simulate")
def simulate_numbers_form(ref: str) -> str:
    """Show every number of a ladder in force, to be changed for a trial."""
    return _numbers_page(get_ladder(ref), None)


def _numbers_page(ladder: Ladder, form: CleanForm | None) -> str:
    found = changing.numbers(ladder)
    shown = form or numbers_form(found, PARAMETER_WORDS, local_date(now()))
    return render_template(
        "promotion/simulate_numbers.html", ladder=ladder, steps=changing.by_step(found), form=shown
    )


@blueprint.post("/promotion/simulate/<ref>")
@requires("promotion.simulate")
def simulate_numbers(ref: str) -> Any:
    """Try out a ladder in force with other numbers."""
    ladder = get_ladder(ref)
    found = changing.numbers(ladder)
    form = numbers_form(found, PARAMETER_WORDS, local_date(now()))
    if form.validate_on_submit():
        try:
            changed = changing.with_numbers(ladder, given(form, found))
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            return _answer(changed, form["on"].data, form, "promotion.simulate_numbers", {"ref": ref})
    return _numbers_page(ladder, form), 422


def _answer(ladder: Ladder, on: date, again: CleanForm, endpoint: str, values: dict[str, Any]) -> Any:
    """Return the page of a trial or, where asked for, its file. Who looked at whose pay is put on record."""
    present = ladders_by_ref().get(ladder.ref)
    found = queries.simulate(ladder, on, present)
    record(
        actor(),
        "promotion.simulate",
        f"ladder:{ladder.ref}",
        on=on.isoformat(),
        people=found.people,
        gains=len(found.gains),
        loses=len(found.loses),
    )
    writer = _WRITERS.get(request.form.get("export", ""))
    if writer is not None:
        return writer(_rows(found))
    return render_template(
        "promotion/simulated.html",
        found=found,
        again=again,
        endpoint=endpoint,
        values=values,
        shown=_SHOWN,
        groups=presenting.GROUP_WORDS,
        order=list(Group),
    )


def _file(body: bytes, kind: str, mimetype: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="simulation.{kind}"'}
    return Response(body, mimetype=mimetype, headers=headers)


_WRITERS: dict[str, Callable[[list[list[Cell]]], Response]] = {
    "xlsx": lambda rows: _file(write_xlsx(rows, "试算"), "xlsx", _XLSX),
    "csv": lambda rows: _file(write_csv(rows), "csv", "text/csv; charset=utf-8"),
}


def _rows(found: Simulation) -> list[list[Cell]]:
    head: list[Cell] = [
        "变化",
        "工号",
        "姓名",
        "部门",
        "现级别",
        "目标级别",
        "原来",
        "现在",
        "底薪差额（元/月）",
        "原因",
    ]
    gains = [_row("因此可以申请", one) for one in found.gains]
    return [head, *gains, *(_row("因此不能申请", one) for one in found.loses)]


def _row(what: str, one: Change) -> list[Cell]:
    step = one.after.step or one.before.step
    titles = one.after.ladder.titles | one.before.ladder.titles
    level = str(one.person.level) if one.person.level else ""
    return [
        what,
        one.person.staff_no,
        one.person.name,
        one.person.department_name,
        titles.get(level, level),
        titles.get(step.goal, step.goal) if step is not None else "",
        str(presenting.GROUP_WORDS[one.before.group]),
        str(presenting.GROUP_WORDS[one.after.group]),
        one.effect,
        "".join(each.says for each in one.findings),
    ]
