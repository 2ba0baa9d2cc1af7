"""What waits for my opinion, and giving it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, requires
from cstrain.approvals import queries, service
from cstrain.approvals.facts import ChainFacts
from cstrain.approvals.forms import OpinionForm
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.ui.refusal import told

blueprint = Blueprint("approvals", __name__)
blueprints = [blueprint]


@blueprint.get("/opinions")
@requires("opinion.give")
def waiting() -> str:
    """List the opinions that wait for the reader, and the last ones they gave."""
    at, me = now(), actor()
    due = queries.waiting_for(me, at)
    given = queries.given_by(me)
    ids = [one.chain.about_id for one in due] + [one.about_id for one in given]
    ids += [one.for_person_id for one in due if one.for_person_id is not None]
    return render_template(
        "approvals/waiting.html",
        due=[(one, (local_date(at) - local_date(one.since)).days) for one in due],
        given=given,
        names=people.people(ids, local_date(at)),
        myself=me,
    )


@blueprint.route("/opinions/<int:chain_id>", methods=["GET", "POST"])
@requires("opinion.give")
def give(chain_id: int) -> Any:
    """Show a chain of opinions with what was said so far; give the opinion whose turn it is."""
    chain = queries.chain_by_id(chain_id)
    demand("opinion.give", chain.about_id)
    form = OpinionForm()
    form.offer(rates=chain.due is not None and chain.due.rates)
    place = queries.speaks_for(actor(), chain, local_date(now()))
    if form.validate_on_submit():
        try:
            service.give_opinion(
                actor(), now(), chain_id, str(form.verdict.data), form.text.data or "", form.given_rating()
            )
        except DomainError as error:
            form.form_errors.append(told(error))
            return _page(chain, form, place), error.status
        flash(gettext("你的意见已保存。"), "ok")
        return redirect(url_for("approvals.waiting"))
    return _page(chain, form, place), 422 if form.is_submitted() else 200


def _page(chain: ChainFacts, form: OpinionForm, place: PersonId | None) -> str:
    ids: set[PersonId] = {chain.about_id}
    for one in chain.opinions:
        each = (one.named_person_id, one.given_by, one.for_person_id)
        ids |= {person for person in each if person is not None}
    if place is not None:
        ids.add(place)
    return render_template(
        "approvals/give.html",
        chain=chain,
        form=form,
        place=place,
        names=people.people(ids, local_date(now())),
        myself=actor(),
    )
