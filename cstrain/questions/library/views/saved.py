"""Saved searches."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.questions.library import queries, service
from cstrain.questions.library.forms import SearchForm, ViewForm
from cstrain.questions.library.views.base import blueprint, names_of
from cstrain.ui.refusal import attempt

_MOST_SIGNS, _MOST_VALUE = 4_000, 100


@blueprint.get("/question-views")
@requires("bank.view")
def views() -> str:
    """Show one's saved searches and those that others share."""
    found = queries.views_for(actor())
    return render_template(
        "library/views.html", views=found, mine=actor(), people=names_of([each.owner for each in found])
    )


@blueprint.post("/question-views")
@requires("bank.view")
def keep() -> Any:
    """Keep a search under a name."""
    form = ViewForm()
    wanted = _values(form.wanted.data or "")

    def act() -> None:
        service.keep_view(form.name.data or "", wanted, actor(), now(), shared=form.shared.data)

    if form.validate() and attempt(form, act):
        flash(gettext("已保存筛选“%(name)s”。", name=form.name.data), "ok")
        return redirect(f"{url_for('library.search')}?{urlencode(wanted)}")
    return render_template("library/keep_view.html", form=form, wanted=wanted), 422


def _values(text: str) -> dict[str, str]:
    """Return the values of a search's address that the search knows."""
    known = set(SearchForm(formdata=None)._fields)
    pairs = parse_qsl(text[:_MOST_SIGNS])
    return {name: value[:_MOST_VALUE] for name, value in pairs if name in known and value}


@blueprint.post("/question-views/<int:view_id>/share")
@requires("bank.view")
def share(view_id: int) -> Any:
    """Offer one's search to all trainers, or no more."""
    shared = request.form.get("shared") == "1"
    service.share_view(view_id, actor(), shared=shared)
    flash(gettext("已给所有培训师用。") if shared else gettext("已改成只有自己能用。"), "ok")
    return redirect(url_for("library.views"))


@blueprint.post("/question-views/<int:view_id>/remove")
@requires("bank.view")
def remove(view_id: int) -> Any:
    """Remove one's search."""
    service.remove_view(view_id, actor())
    flash(gettext("已删除这个筛选。"), "ok")
    return redirect(url_for("library.views"))
