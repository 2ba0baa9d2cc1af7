"""What an import brought, for another person: one by one, or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import ForbiddenError
from cstrain.people.queries import people
from cstrain.policies.yaml_source import SourceError
from cstrain.questions.authoring.facts import DraftLine
from cstrain.questions.authoring.queries import PAGE_SIZE, drafts, fields_of, ids_to_decide
from cstrain.questions.exchange.contract import Draft, part
from cstrain.questions.exchange.drafts import completed, question_of
from cstrain.questions.intake import queries, service
from cstrain.questions.intake.views.shared import Pager, blueprint, must_not_be_on_trial
from cstrain.questions.question_type import question_types
from cstrain.ui.forms import whole


@blueprint.get("/question-imports/<int:batch_id>/review")
@requires("bank.review")
def review(batch_id: int) -> str:
    """Show what waits of an import with its answers, and who may take all of it over."""
    must_not_be_on_trial()
    sheet = queries.import_to_review(batch_id)
    page = request.args.get("page", 1, type=whole)
    lines, total = drafts(state="review", batch=batch_id, page=page)
    return render_template(
        "intake/review.html",
        sheet=sheet,
        lines=lines,
        total=total,
        answers=_answers(lines),
        mine=len(ids_to_decide(batch_id, actor())),
        own=sheet.line.person == actor(),
        people=people([sheet.line.person] if sheet.line.person is not None else [], local_date(now())),
        pager=Pager.of(page, total, PAGE_SIZE),
    )


def _answers(lines: Sequence[DraftLine]) -> dict[int, str]:
    """Return what is right in each draft, in words, so that a list can be read through."""
    found = {}
    fields = fields_of([each.id for each in lines])
    for line in lines:
        draft = Draft(part(line.ref), completed({**fields[line.id], "id": line.ref}), "", ())
        try:
            question = question_of(draft, line.bank)
        except SourceError:  # the draft's own page says what is wrong with it
            continue
        found[line.id] = question_types().get(line.type).describe_key(question.content, question.key)
    return found


@blueprint.get("/question-imports/<int:batch_id>/review/state")
@requires("bank.review")
def review_state(batch_id: int) -> Any:
    """Tell the page of who accepts all how far that is."""
    must_not_be_on_trial()
    line = queries.import_to_review(batch_id).line
    return jsonify(state=line.state, done=line.done, total=line.total)


@blueprint.post("/question-imports/<int:batch_id>/accept")
@requires("bank.review")
def accept(batch_id: int) -> Any:
    """Accept all that the person may decide on."""
    must_not_be_on_trial()
    sheet = queries.import_to_review(batch_id)
    if sheet.line.person is not None and not may(actor(), "bank.review", sheet.line.person):
        raise ForbiddenError("不能审核自己导入的题。请让另一位同事来审核。")
    if service.accept_all(batch_id, actor(), now()):
        flash(gettext("已全部采用，可以用来出卷了。"))
    return redirect(url_for("intake.review", batch_id=batch_id))
