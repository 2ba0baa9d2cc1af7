"""Pages of practice: what to practise, a question and its verdict, the book of wrong questions."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.grading.practice import items, queries, service
from cstrain.grading.practice.facts import BookPage, Mastery, OpenBank, PracticeItem
from cstrain.grading.practice.forms import AnswerForm, DrawForm
from cstrain.kernel.errors import NotFoundError
from cstrain.lessons.queries import source_links
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt as attempted
from cstrain.unit_of_work import own_transaction, unit_of_work

blueprint = Blueprint("practice", __name__, url_prefix="/practice")
blueprints = [blueprint]

_SEED_BITS = 62


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in the book, and the addresses of its other pages."""

    page: int
    pages: int
    state: str

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for("practice.book", page=number, state=self.state or None)


def _draw_form(bank: OpenBank, *, filled: bool) -> DrawForm:
    counts = queries.practice_rules().counts
    form = DrawForm(prefix=bank.name) if filled else DrawForm(formdata=None, prefix=bank.name)
    form.offer(bank, counts)
    if not filled:
        form.count.data = counts[min(1, len(counts) - 1)]
    return form


def _index(forms: dict[str, DrawForm], banks: list[OpenBank]) -> str:
    person, at = actor(), now()
    return render_template(
        "practice/index.html",
        banks=banks,
        forms=forms,
        summary=queries.summary(person, at),
        recent=queries.recent_sets(person),
        sits_now=queries.sits_now(person, at),
        rules=queries.practice_rules(),
    )


@blueprint.get("")
@requires("practice.use")
def index() -> str:
    """Show what may be practised, and how many wrong questions wait for their turn."""
    banks = queries.open_banks()
    return _index({bank.name: _draw_form(bank, filled=False) for bank in banks}, banks)


@blueprint.post("/<name>/draw")
@requires("practice.use")
def draw(name: str) -> Any:
    """Draw a set of a bank and open its first question."""
    banks = queries.open_banks()
    chosen = next((bank for bank in banks if bank.name == name), None)
    if chosen is None:
        raise NotFoundError(queries.MISSING)
    form = _draw_form(chosen, filled=True)
    made: list[int] = []
    if form.validate_on_submit() and attempted(
        form,
        lambda: made.append(
            service.draw(
                actor(), now(), name, form.topics.data or (), form.count.data, secrets.randbits(_SEED_BITS)
            )
        ),
    ):
        return redirect(url_for("practice.show", run_id=made[0]))
    forms = {bank.name: form if bank is chosen else _draw_form(bank, filled=False) for bank in banks}
    return _index(forms, banks), 422


@blueprint.post("/book")
@requires("practice.use")
def repeat() -> Any:
    """Make a set of the wrong questions whose turn has come."""
    run_id = service.repeat_wrong(actor(), now(), secrets.randbits(_SEED_BITS))
    return redirect(url_for("practice.show", run_id=run_id))


@blueprint.get("/book")
@requires("practice.use")
def book() -> str:
    """Show the book of wrong questions, with keys and explanations; not in the middle of an exam."""
    person, at = actor(), now()
    wanted = request.args.get("state", "")
    state = Mastery(wanted) if wanted in set(Mastery) else None
    if queries.sits_now(person, at):
        found = BookPage((), dict.fromkeys(Mastery, 0), state, 1, 1)
        return render_template("practice/book.html", book=found, links={}, pager=None, sits_now=True)
    found = queries.book(person, at, state, request.args.get("page", 1, whole))
    return render_template(
        "practice/book.html",
        book=found,
        links=source_links([line.source for line in found.lines]),
        pager=Pager(found.page, found.pages, state or ""),
        sits_now=False,
    )


@blueprint.get("/<int:run_id>")
@requires("practice.use")
def show(run_id: int) -> Any:
    """Go on with a set; once all is answered, show how it went."""
    person = actor()
    found = queries.practice_set(person, run_id)
    if found.next_place is not None:
        return redirect(url_for("practice.question", run_id=run_id, place=found.next_place))
    summary = queries.summary(person, now())
    return render_template("practice/done.html", run=found, summary=summary)


@blueprint.get("/<int:run_id>/<int:place>")
@requires("practice.use")
def question(run_id: int, place: int) -> str:
    """Show a question of one's set; once it is answered, what was right and why."""
    items.refuse_during_exam(actor(), now())
    return _page(run_id, items.item(actor(), now(), run_id, place), AnswerForm(formdata=None))


def _page(run_id: int, item: PracticeItem, form: AnswerForm, held: str | None = None) -> str:
    found = queries.practice_set(actor(), run_id)
    verdict = item.verdict
    links = source_links([verdict.source]) if verdict else {}
    value = item.value if verdict else held
    return render_template(
        "practice/question.html",
        run=found,
        item=item,
        form=form,
        link=links.get(verdict.source) if verdict else None,
        held=json.loads(value) if value else None,
        config=_config(run_id, item.place),
    )


def _config(run_id: int, place: int) -> dict[str, Any]:
    """Return what the controls' scripts need to know: where a chat's next turn is told, and the token."""
    addresses = {
        "turn": url_for("practice.turn", run_id=run_id, place=place),
        "token": url_for("exams.token"),
    }
    return {"urls": addresses, "attempt": run_id, "person": actor(), "token": generate_csrf()}


@blueprint.post("/<int:run_id>/<int:place>")
@requires("practice.use")
@own_transaction
def answer(run_id: int, place: int) -> Any:
    """Keep the answer and mark it; what was right is on the page that follows, after the commit."""
    person, at = actor(), now()
    items.refuse_during_exam(person, at)
    form = AnswerForm()
    form.most = queries.practice_rules().most_value_bytes
    give_up = request.form.get("give_up") == "1"
    if give_up or form.validate_on_submit():

        def keep() -> None:
            with unit_of_work():
                service.answer(person, at, run_id, place, form.value.data or "null", give_up=give_up)

        if attempted(form, keep):
            return redirect(url_for("practice.question", run_id=run_id, place=place))
    item = items.item(person, at, run_id, place)
    if item.verdict is not None:
        flash(gettext("这道题已经答过了，这一次没有计入。"), "warn")
        return redirect(url_for("practice.question", run_id=run_id, place=place))
    held = form.value.data if not form.value.errors else None
    return _page(run_id, item, form, held), 422


@blueprint.post("/<int:run_id>/<int:place>/turn")
@requires("practice.use")
@own_transaction
def turn(run_id: int, place: int) -> Any:
    """Return what a chat's customer says next, given what has been written so far; nothing is kept."""
    items.refuse_during_exam(actor(), now())
    text = request.get_data(cache=False, as_text=True)[: queries.practice_rules().most_value_bytes]
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return jsonify(error="no JSON"), 422
    return jsonify(items.turn(actor(), now(), run_id, place, text))
