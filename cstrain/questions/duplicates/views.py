"""Questions that are alike: side by side, with the differences marked; pairs set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.questions import queries as questions
from cstrain.questions.duplicates import queries, service
from cstrain.questions.duplicates.facts import MOST
from cstrain.questions.duplicates.forms import AlikeForm, AsideForm
from cstrain.questions.forms import DIFFICULTY_LABELS, TYPE_LABELS
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt

blueprint = Blueprint("duplicates", __name__)
blueprints = [blueprint]


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is in the list, and the addresses of its other pages."""

    page: int
    pages: int
    kept: dict[str, Any]

    def url(self, page: int) -> str:
        """Return the address of another page."""
        return url_for("duplicates.index", **{**self.kept, "page": page})


@blueprint.get("/near-duplicates")
@requires("bank.view")
def index() -> str:
    """Show the pairs of questions that are alike."""
    return _page(AsideForm(formdata=None))


def _page(aside: AsideForm) -> str:
    form = AlikeForm(request.args)
    form.offer({bank.name: bank.title for bank in questions.banks()})
    bank, threshold = form.asked()
    found = queries.alike(threshold, bank, request.args.get("page", 1, type=whole))
    return render_template(
        "questions/near_duplicates.html",
        form=form,
        aside=aside,
        found=found,
        bank=bank,
        threshold=threshold,
        most=MOST,
        kept={"bank": bank, "threshold": threshold},
        pager=Pages(found.page, found.pages, {"bank": bank, "threshold": threshold}),
        may_judge=may(actor(), "bank.edit"),
        type_labels=TYPE_LABELS,
        difficulty_labels=DIFFICULTY_LABELS,
    )


@blueprint.post("/near-duplicates")
@requires("bank.edit")
def set_aside() -> Any:
    """Keep that two questions are not the same."""
    form = AsideForm()
    first, second = form.pair()
    if form.validate_on_submit() and attempt(
        form, lambda: service.set_aside(actor(), now(), first, second, form.reason.data or "")
    ):
        flash(gettext("已记下，这一对不再列出。"), "ok")
        kept = {name: request.args[name] for name in ("bank", "threshold", "page") if name in request.args}
        return redirect(url_for("duplicates.index", **dict[str, Any](kept)))
    return _page(form), 422
