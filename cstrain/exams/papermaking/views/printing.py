"""One paper: printing a form of it and, apart, the key; copying, changing and withdrawing it."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.exams.on_paper.queries import unprintable_of
from cstrain.exams.papermaking import documents, queries, service
from cstrain.exams.papermaking.facts import OWN
from cstrain.exams.papermaking.forms import ReasonForm, SeedForm
from cstrain.exams.papermaking.views.base import blueprint, persons, today
from cstrain.exams.policy import PaperSpec
from cstrain.kernel.errors import ForbiddenError
from cstrain.questions.queries import key_of, public_versions
from cstrain.ui.forms import CleanForm


@blueprint.get("/papers/<ref>/manage")
@requires("paper.view")
def manage(ref: str) -> str:
    """Show what can be done with a paper."""
    return manage_page(ref)


def manage_page(
    ref: str, form: CleanForm | None = None, seed: SeedForm | None = None, key_seed: SeedForm | None = None
) -> str:
    """Show what can be done with a paper; ``form``: that of an act that was refused.

    ``seed``, ``key_seed``: the number of a form, or of its key, that could not be read.
    """
    spec = queries.spec_in_force(ref, today())
    history = queries.history(ref) if ref.startswith(OWN) else []
    gone = queries.withdrawals([ref]).get(ref)
    return render_template(
        "papermaking/manage.html",
        spec=spec,
        own=any(one.approved_at is not None for one in history),
        history=history,
        gone=gone,
        open=queries.open_draft(ref),
        unfit=unprintable_of(spec),
        names=persons({one.saved_by for one in history} | ({gone.by} if gone else set())),
        seed_form=seed or SeedForm(formdata=None),
        key_form=key_seed or _of_key(SeedForm(formdata=None)),
        form=form if isinstance(form, ReasonForm) else ReasonForm(formdata=None),
        refusal=form,
    )


def _of_key(form: SeedForm) -> SeedForm:
    """Return the form of the key's number; the page has two of them."""
    form.seed.id = "key-seed"
    form.seed.label.field_id = "key-seed"
    form.seed.label.text = gettext("答案的卷号")
    return form


def _number(form: SeedForm) -> int:
    """Return the number of a form, 0 where it cannot be read; one that is missing is told of too."""
    seed: Any = form.seed.data if form.validate() else None
    if seed:
        return int(seed)
    form.seed.errors = [gettext("请填1到999999的整数。")]
    return 0


def _printed(ref: str, seed: int) -> tuple[PaperSpec, list[documents.PrintedSlot]]:
    spec = queries.spec_in_force(ref, today())
    slots = queries.drawn(spec, seed)
    versions = public_versions([slot.question.version_id for slot in slots])
    return spec, documents.printed(slots, versions, seed)


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.get("/papers/<ref>/form.pdf")
@requires("paper.view")
def form_pdf(ref: str) -> Any:
    """Return a drawn form to print; no key."""
    form = SeedForm(request.args)
    seed = _number(form)
    if not seed:
        return manage_page(ref, seed=form), 422
    spec, slots = _printed(ref, seed)
    return _pdf(documents.sheet(spec, seed, slots), f"{ref}-{seed}")


@blueprint.post("/papers/<ref>/key.pdf")
@requires("bank.view_keys")
def key_pdf(ref: str) -> Any:
    """Return the key of a drawn form to print; who fetched it is recorded."""
    if may(actor(), "programme.follow"):
        raise ForbiddenError("你还在试用期，要考这份题库的卷，不能看答案。请让另一位培训师来看。")
    form = SeedForm(request.form)
    seed = _number(form)
    if not seed:
        return manage_page(ref, key_seed=_of_key(form)), 422
    spec, slots = _printed(ref, seed)
    keys = {one.version.id: key_of(one.version.id) for one in slots if one.printable}
    made = documents.key_sheet(spec, seed, slots, keys)
    service.note_key_printed(actor(), ref, spec.edition, seed)
    return _pdf(made, f"{ref}-{seed}-key")
