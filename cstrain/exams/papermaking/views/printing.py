"""One paper: printing a form of it and, apart, the key; copying, changing and withdrawing it."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request

from cstrain.access import actor, may, requires
from cstrain.exams.on_paper.queries import unprintable_of
from cstrain.exams.papermaking import documents, queries, service
from cstrain.exams.papermaking.facts import OWN
from cstrain.exams.papermaking.forms import ReasonForm, SeedForm
from cstrain.exams.papermaking.views.base import blueprint, persons, today
from cstrain.exams.policy import PaperSpec
from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.questions.queries import key_of, public_versions
from cstrain.ui.forms import CleanForm


@blueprint.get("/papers/<ref>/manage")
@requires("paper.view")
def manage(ref: str) -> str:
    """Show what can be done with a paper."""
    return manage_page(ref)


def manage_page(ref: str, form: CleanForm | None = None) -> str:
    """Show what can be done with a paper; ``form``: that of an act that was refused."""
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
        seed_form=SeedForm(formdata=None),
        form=form if isinstance(form, ReasonForm) else ReasonForm(formdata=None),
        refusal=form,
    )


def _printed(ref: str, args: Any) -> tuple[PaperSpec, int, list[documents.PrintedSlot]]:
    form = SeedForm(args)
    seed: int | None = form.seed.data if form.validate() else None
    if not seed:
        raise DomainError("卷号要填1到999999的整数。")
    spec = queries.spec_in_force(ref, today())
    slots = queries.drawn(spec, seed)
    versions = public_versions([slot.question.version_id for slot in slots])
    return spec, seed, documents.printed(slots, versions, seed)


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.get("/papers/<ref>/form.pdf")
@requires("paper.view")
def form_pdf(ref: str) -> Response:
    """Return a drawn form to print; no key."""
    spec, seed, slots = _printed(ref, request.args)
    return _pdf(documents.sheet(spec, seed, slots), f"{ref}-{seed}")


@blueprint.post("/papers/<ref>/key.pdf")
@requires("bank.view_keys")
def key_pdf(ref: str) -> Response:
    """Return the key of a drawn form to print; who fetched it is recorded."""
    if may(actor(), "programme.follow"):
        raise ForbiddenError("你还在试用期，要考这份题库的卷，不能看答案。请让另一位培训师来看。")
    spec, seed, slots = _printed(ref, request.form)
    keys = {one.version.id: key_of(one.version.id) for one in slots if one.printable}
    made = documents.key_sheet(spec, seed, slots, keys)
    service.note_key_printed(actor(), ref, spec.edition, seed)
    return _pdf(made, f"{ref}-{seed}-key")
