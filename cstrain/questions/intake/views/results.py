"""An import: how far it is, what was found in it, all of it page by page, the rows to mend."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, jsonify, render_template, request, send_file
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.policies.yaml_source import SourceError
from cstrain.questions.authoring.queries import ids_in_review
from cstrain.questions.bank_facts import SourceQuestion
from cstrain.questions.exchange.contract import Draft, part
from cstrain.questions.exchange.drafts import question_of
from cstrain.questions.exchange.sheets.columns import in_words, known_as
from cstrain.questions.intake import queries
from cstrain.questions.intake.facts import BUSY, OPEN, ImportSheet, Item
from cstrain.questions.intake.forms import ConfirmForm, columns_form
from cstrain.questions.intake.rules import placed
from cstrain.questions.intake.views.shared import Pager, blueprint
from cstrain.questions.question_type import question_types
from cstrain.ui.filters import told
from cstrain.ui.forms import CleanForm, whole
from cstrain.wording.said import otherwise

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIRST, _SHOWN, _LISTED = 20, 10, 50
_MOST_TOPICS = 200
_KINDS = {"fault": ("fault",), "duplicate": ("in_bank", "in_file"), "note": ("note",)}


@blueprint.get("/question-imports/<int:batch_id>")
@requires("bank.import")
def result(batch_id: int) -> str:
    """Show an import at the step it is at."""
    sheet = queries.import_sheet(batch_id, actor())
    if sheet.line.state == "asking":
        return columns_page(sheet, columns_form(sheet.columns, sheet.mapping))
    if sheet.line.state == "checked":
        topics = queries.bank_topics(sheet.line.bank)
        form = ConfirmForm(formdata=None, placing=sheet.placing, default_topic=sheet.default_topic)
        form.offer(topics)
        return result_page(sheet, form)
    waiting = len(ids_in_review(batch_id)) if sheet.line.state in {"done", "accepting"} else 0
    return render_template(
        "intake/progress.html",
        sheet=sheet,
        waiting=waiting,
        busy=sheet.line.state in BUSY,
        can_cancel=sheet.line.state in OPEN,
        faults=queries.items(batch_id, "fault", size=_FIRST),
    )


def columns_page(sheet: ImportSheet, form: CleanForm) -> str:
    """Return the page that asks what the columns of a table mean."""
    fields = [form[f"column_{number}"] for number in range(len(sheet.columns))]
    nearest = [_heading(str(each["nearest"])) for each in sheet.columns]
    rows = list(zip(sheet.columns, fields, nearest, strict=True))
    return render_template("intake/columns.html", sheet=sheet, form=form, rows=rows)


def _heading(heading: str) -> str:
    """Return a heading that we know; in another language it is what it means."""
    return otherwise(in_words(known_as(heading)), heading) if heading else ""


@dataclass(frozen=True, slots=True)
class _Going:
    """Where a topic of the file goes: what the file calls it, how many questions, the path, whether new."""

    name: str
    questions: int
    path: str
    new: bool


def _going(sheet: ImportSheet, placing: str, default: str) -> list[_Going]:
    topics = queries.bank_topics(sheet.line.bank)
    paths = {each.ref: each.path for each in topics}
    default = default if default in paths else next(iter(paths), "")
    places = placed(sheet.topics, topics, placing, default)
    unfiled = gettext("未分类")
    return [
        _Going(
            name,
            sheet.topics[name],
            _path(paths.get(place.ref, "" if place.new else unfiled), place.new),
            bool(place.new),
        )
        for name, place in list(places.items())[:_MOST_TOPICS]
    ]


def _path(above: str, below: Sequence[str]) -> str:
    return "/".join(each for each in (above, *below) if each)


def result_page(sheet: ImportSheet, form: ConfirmForm) -> str:
    """Return the page that shows what was found, and asks to confirm it."""
    batch_id, counts = sheet.line.id, sheet.counts
    again = queries.items(batch_id, "duplicate", size=_FIRST)
    return render_template(
        "intake/result.html",
        sheet=sheet,
        form=form,
        counts=counts,
        faults=queries.items(batch_id, "fault", size=_FIRST),
        again=again,
        linked=_linked(sheet, again),
        notes=queries.items(batch_id, "note", size=_FIRST),
        going=_going(sheet, form.placing.data or "file", form.default_topic.data or ""),
        questions=shown(queries.items(batch_id, "question", size=_SHOWN)),
        can_name=queries.has_columns(batch_id),
    )


def _linked(sheet: ImportSheet, again: Sequence[Item]) -> set[str]:
    refs = [str(each.data["of"]) for each in again if each.data["in_bank"]]
    return queries.in_use(sheet.line.bank, refs)


@dataclass(frozen=True, slots=True)
class Shown:
    """A question of a file as candidates would see it, and where it stands in the file."""

    item: Item
    question: SourceQuestion
    control: str


def shown(items: Sequence[Item]) -> list[Shown]:
    """Return questions ready to be shown."""
    found = []
    for item in items:
        tags = tuple(str(tag) for tag in item.data["tags"])
        try:
            question = question_of(Draft(part(item.place), item.data["fields"], item.topic, tags), "")
        except SourceError:  # the type has other rules since; writing says so
            continue
        found.append(Shown(item, question, question_types().get(question.type).control))
    return found


@blueprint.get("/question-imports/<int:batch_id>/questions")
@requires("bank.import")
def questions(batch_id: int) -> str:
    """Show the questions of a file that was looked at, page by page."""
    sheet = queries.import_sheet(batch_id, actor())
    if sheet.line.state != "checked":
        abort(404)
    page = request.args.get("page", 1, type=whole)
    found = shown(queries.items(batch_id, "question", page, _SHOWN))
    pager = Pager.of(page, sheet.counts["new"], _SHOWN)
    return render_template("intake/questions.html", sheet=sheet, questions=found, pager=pager)


@blueprint.get("/question-imports/<int:batch_id>/found/<kind>")
@requires("bank.import")
def found(batch_id: int, kind: str) -> str:
    """Show all faults, duplicates or notes of a file, page by page."""
    sheet = queries.import_sheet(batch_id, actor())
    if kind not in _KINDS or not sheet.counts:
        abort(404)
    total = sum(sheet.counts[name] for name in _KINDS[kind])
    page = request.args.get("page", 1, type=whole)
    listed = queries.items(batch_id, kind, page, _LISTED)
    return render_template(
        "intake/found.html",
        sheet=sheet,
        kind=kind,
        total=total,
        items=listed,
        linked=_linked(sheet, listed) if kind == "duplicate" else set(),
        pager=Pager.of(page, total, _LISTED),
    )


@blueprint.get("/question-imports/<int:batch_id>/failed.xlsx")
@requires("bank.import")
def failed(batch_id: int) -> Response:
    """Hand out the rows that were not brought in, why first, to be mended and uploaded again."""
    sheet = queries.import_sheet(batch_id, actor())
    if not sheet.counts.get("fault"):
        abort(404)
    name = gettext("没有导入的行.xlsx")
    data = queries.failed_workbook(batch_id, told)
    return send_file(io.BytesIO(data), mimetype=_XLSX, as_attachment=True, download_name=name)


@blueprint.get("/question-imports/<int:batch_id>/state")
@requires("bank.import")
def state(batch_id: int) -> Any:
    """Tell the page how far an import is."""
    line = queries.import_sheet(batch_id, actor()).line
    return jsonify(state=line.state, done=line.done, total=line.total)
