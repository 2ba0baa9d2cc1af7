"""Writing a paper: beginning, its cells or its picked questions, a form drawn from it to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.exams.papermaking import queries, rules, service
from cstrain.exams.papermaking.facts import DraftFacts, Stage, Way
from cstrain.exams.papermaking.forms import (
    DIFFICULTY_WORDS,
    BlueprintForm,
    CellLists,
    ChooseForm,
    HandForm,
    NarrowForm,
    NewPaperForm,
    SeedForm,
    typed,
)
from cstrain.exams.papermaking.service import NewPaper
from cstrain.exams.papermaking.views.base import (
    bank_titles,
    blueprint,
    draft_page,
    persons,
    said,
    stems,
    today,
    type_words,
)
from cstrain.exams.queries import papers_to_sit
from cstrain.extensions import now
from cstrain.questions import queries as questions
from cstrain.questions.facts import PoolQuestion
from cstrain.questions.library.queries import search
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt


@blueprint.get("/papers/drafts")
@requires("paper.view")
def drafts() -> str:
    """Show the papers on their way."""
    found = queries.drafts()
    return render_template(
        "papermaking/drafts.html",
        drafts=found,
        names=persons(one.saved_by for one in found),
        banks=bank_titles(),
    )


def _new_form(**data: Any) -> NewPaperForm:
    form = NewPaperForm(data=data) if data else NewPaperForm()
    form.offer(bank_titles(), {one.ref: one.title for one in papers_to_sit(now())})
    return form


@blueprint.get("/papers/drafts/new")
@requires("paper.write")
def new() -> str:
    """Ask how a paper begins; ``copy``: the paper it copies."""
    return render_template("papermaking/new.html", form=_new_form(copy_of=request.args.get("copy", "")))


@blueprint.post("/papers/drafts/new")
@requires("paper.write")
def begin() -> Any:
    """Begin a paper."""
    form, made = _new_form(), list[int]()

    def act() -> None:
        start = NewPaper(
            form.title.data or "",
            form.name.data or "",
            form.kind.data,
            form.bank.data,
            form.way.data,
            form.copy_of.data or "",
        )
        made.append(service.begin(actor(), now(), start))

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("已开始编，随时可以保存。"), "ok")
        return redirect(url_for("papermaking.edit", draft_id=made[0]))
    return render_template("papermaking/new.html", form=form), 422


@blueprint.get("/papers/drafts/<int:draft_id>/edit")
@requires("paper.write")
def edit(draft_id: int) -> Any:
    """Show a paper to be written on; one that is not written any more is shown as it stands."""
    one = queries.draft(draft_id)
    if one.stage is not Stage.WRITTEN:
        return redirect(url_for("papermaking.show", draft_id=draft_id))
    data = typed(one.content, one.revision)
    if one.content.way is Way.HAND:
        return _hand_page(one, HandForm(formdata=None, data=data))
    return _blueprint_page(one, _offered(BlueprintForm(formdata=None, data=data), one))


def _offered(form: BlueprintForm, one: DraftFacts) -> BlueprintForm:
    lists = CellLists(bank_titles(), questions.all_topic_titles(), type_words(), DIFFICULTY_WORDS)
    form.offer(lists, one.content.bank)
    return form


def _blueprint_page(one: DraftFacts, form: BlueprintForm) -> str:
    found = queries.standing(one.content)
    return render_template(
        "papermaking/blueprint.html",
        one=one,
        form=form,
        standing=found,
        problems=[said(each) for each in found.problems],
        counts=[[n.bank, n.topic, n.type, n.difficulty, n.questions] for n in questions.question_counts()],
    )


def _hand_page(one: DraftFacts, form: HandForm) -> str:
    found = queries.standing(one.content)
    return render_template(
        "papermaking/hand.html",
        one=one,
        form=form,
        standing=found,
        problems=[said(each) for each in found.problems],
        stems=stems(one),
    )


@blueprint.post("/papers/drafts/<int:draft_id>/edit")
@requires("paper.write")
def save(draft_id: int) -> Any:
    """Keep what was typed; a button may also have asked for a row more, fewer or elsewhere."""
    one, act = queries.draft(draft_id), request.form.get("do", "save")[:40]
    by_hand = one.content.way is Way.HAND
    form = HandForm() if by_hand else _offered(BlueprintForm(), one)

    def keep() -> None:
        content = rules.with_rows(form.content(one.content), act)
        service.save(actor(), now(), draft_id, form.number(), content)

    if form.validate_on_submit() and attempt(form, keep):
        flash(gettext("已保存。"), "ok")
        if act == "save":
            return redirect(url_for("papermaking.show", draft_id=draft_id))
        if act == "pick":
            return redirect(url_for("papermaking.pick", draft_id=draft_id))
        return redirect(url_for("papermaking.edit", draft_id=draft_id, _anchor="rows"))
    page = _hand_page(one, form) if isinstance(form, HandForm) else _blueprint_page(one, form)
    return page, 422


@blueprint.get("/papers/drafts/<int:draft_id>/pick")
@requires("paper.write")
def pick(draft_id: int) -> Any:
    """Show the bank's questions, narrowed and paged, to pick from."""
    one = queries.draft(draft_id)
    if one.stage is not Stage.WRITTEN:
        return redirect(url_for("papermaking.show", draft_id=draft_id))
    return _pick_page(one, ChooseForm(formdata=None, data={"revision": str(one.revision)}))


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is in what was found, and the addresses of its other pages (filters kept)."""

    page: int
    pages: int
    draft_id: int
    kept: dict[str, Any]

    def url(self, page: int) -> str:
        """Return the address of another page."""
        return url_for("papermaking.pick", draft_id=self.draft_id, **{**self.kept, "page": page})


def _kept() -> dict[str, Any]:
    """Return what the list was narrowed to."""
    return {
        name: request.args[name]
        for name in ("text", "topic", "type", "difficulty", "page")
        if name in request.args
    }


def _pick_page(one: DraftFacts, form: ChooseForm) -> str:
    bank = one.content.bank
    narrow = NarrowForm(request.args)
    narrow.offer(questions.topic_titles(bank), type_words())
    found = search(narrow.wanted(bank), request.args.get("page", 1, type=whole), None)
    return render_template(
        "papermaking/pick.html",
        one=one,
        form=form,
        narrow=narrow,
        found=found,
        pager=Pages(found.page, found.pages, one.id, _kept()),
        kept=_kept(),
        have={each.ref for each in one.content.picked},
        bank=questions.bank(bank),
    )


@blueprint.post("/papers/drafts/<int:draft_id>/pick")
@requires("paper.write")
def add(draft_id: int) -> Any:
    """Put the chosen questions at the end of the paper, each in the part of its type."""
    one, form = queries.draft(draft_id), ChooseForm()
    wanted = list(dict.fromkeys(form.refs.data or ()))[:100]
    lines = {line.ref: line for line in questions.active_lines(one.content.bank)}
    words = type_words()
    parts = {ref: words.get(lines[ref].type, "") for ref in wanted if ref in lines}

    def keep() -> None:
        picked = rules.added(one.content.picked, parts)
        revision = int(form.revision.data) if (form.revision.data or "").isdecimal() else 0
        service.save(actor(), now(), draft_id, revision, one.content.changed(picked=picked))

    if not parts:
        form.form_errors = [gettext("请先勾选要加进试卷的题。")]
    elif form.validate_on_submit() and attempt(form, keep):
        flash(gettext("已加进%(n)s题。", n=len(parts)), "ok")
        return redirect(url_for("papermaking.pick", draft_id=draft_id, **_kept()))
    return _pick_page(one, form), 422


@blueprint.get("/papers/drafts/<int:draft_id>/form")
@requires("paper.view")
def preview(draft_id: int) -> Any:
    """Show a form drawn from a draft by its seed, as a candidate would see it; no key, nothing is written."""
    one, form = queries.draft(draft_id), SeedForm(request.args)
    if not form.validate():
        return draft_page(draft_id, seed_form=form), 422
    seed = form.seed.data or 1
    slots = queries.form_of(one, seed)
    drawn: list[PoolQuestion] = [slot.question for slot in slots]
    return render_template(
        "papermaking/form.html",
        one=one,
        seed=seed,
        slots=slots,
        versions=questions.public_versions([each.version_id for each in drawn]),
        mean=sum(each.difficulty for each in drawn) / len(drawn),
        today=today(),
    )
