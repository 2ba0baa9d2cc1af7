"""The list of questions: of all banks, or of one."""

from __future__ import annotations

from flask import render_template, request

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.lessons.queries import daily_lessons, handbooks
from cstrain.questions import queries as banks
from cstrain.questions.facts import BankFacts
from cstrain.questions.library import queries
from cstrain.questions.library.facts import MOST_AT_ONCE, Wanted
from cstrain.questions.library.forms import SearchForm, TargetForm, ViewForm
from cstrain.questions.library.views.base import Pager, asked_page, blueprint, judge


@blueprint.get("/questions")
@requires("bank.view")
def search() -> str:
    """Show the questions of all banks, narrowed and paged."""
    return search_page(None)


def search_page(bank: BankFacts | None) -> str:
    """Return the list of questions, within a bank if one is given."""
    form, wanted = asked(bank)
    judging = judge()
    found = queries.search(wanted, asked_page(), judging)
    versions = [line.version_id for line in found.lines if line.version_id is not None]
    values = {name: each for name, each in form.values(wanted).items() if bank is None or name != "bank"}
    return render_template(
        "library/search.html",
        bank=bank,
        form=form,
        wanted=wanted,
        values=values,
        found=found,
        pager=Pager(found.page, found.pages),
        figures=judging.of_versions(versions) if judging else None,
        least=judging.least if judging else 0,
        drawn=queries.papers_drawing(found.lines, now()),
        saved=queries.views_for(actor()),
        mine=actor(),
        view_form=ViewForm(formdata=None),
        target=TargetForm(formdata=None),
        most=MOST_AT_ONCE,
    )


def asked(bank: BankFacts | None = None) -> tuple[SearchForm, Wanted]:
    """Return the search that the address asks for, with its form."""
    form = SearchForm(request.args)
    every = banks.banks()
    name = bank.name if bank else request.args.get("bank", "")
    known = name if name in {each.name for each in every} else ""
    form.offer(
        every,
        queries.topics_of(known) if known else (),
        queries.known_tags(),
        _lessons(),
        judged=judge() is not None,
    )
    return form, form.wanted(bank.name if bank else "")


def _lessons() -> list[tuple[str, str]]:
    pages = [*daily_lessons(), *(page for each in handbooks() for page in each.pages)]
    return [(each.ref, each.title) for each in pages]
