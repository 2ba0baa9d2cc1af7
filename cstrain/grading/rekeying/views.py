"""Pages of re-keying: propose a corrected key, see what it does to results, confirm by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.grading.rekeying import queries, service
from cstrain.grading.rekeying.facts import Preview, ProposalFacts
from cstrain.grading.rekeying.forms import RekeyForm
from cstrain.grading.rekeying.rules import machine_marks
from cstrain.kernel.errors import DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.questions.facts import KeyedVersion, QuestionLine
from cstrain.questions.queries import revisions_of, version_lines
from cstrain.questions.question_type import question_types
from cstrain.questions.service import note_key_seen
from cstrain.ui.forms import whole
from cstrain.ui.refusal import told

blueprint = Blueprint("rekeying", __name__, url_prefix="/rekeyings")
blueprints = [blueprint]

_PAGE = 50


@dataclass(frozen=True, slots=True)
class Pager:
    """Which page of the attempts concerned one reads."""

    page: int
    pages: int
    proposal: int

    def url(self, page: int) -> str:
        """Return the address of another page."""
        return url_for("rekeying.show", proposal_id=self.proposal, page=page)


@blueprint.get("")
@requires("key.change")
def index() -> str:
    """Show the corrections of keys: those that wait for a second person first."""
    found = queries.proposals()
    names = {each.proposed_by for each in found} | {each.decided_by for each in found if each.decided_by}
    return render_template(
        "grading/rekeyings.html",
        proposals=found,
        waiting=[each for each in found if each.state == "open"],
        mine=[each for each in found if each.state == "open" and each.proposed_by == actor()],
        lines=version_lines({each.version_id for each in found}),
        names=people.people(names, local_date(now())),
    )


def _line(version_id: int) -> QuestionLine:
    queries.used_version(version_id)
    return version_lines([version_id])[version_id]


def _note_seen(line: QuestionLine) -> None:
    """Record that somebody sees a key; refuse who is to sit with it."""
    if may(actor(), "programme.follow"):
        raise ForbiddenError("你还在试用期，要考这份题库的卷，不能看答案。请让另一位培训师来看。")
    note_key_seen(actor(), line.bank, line.ref)


def _form(version: KeyedVersion) -> RekeyForm:
    form = RekeyForm() if request.endpoint == "rekeying.propose" else RekeyForm(formdata=None)
    form.offer(version, machine=machine_marks(version.key))
    return form


@blueprint.post("/of/<int:version_id>/begin")
@requires("key.change")
def begin(version_id: int) -> str:
    """Show the key that counts and the form to correct it; who looked is recorded."""
    line = _line(version_id)
    version = queries.used_version(version_id)
    _note_seen(line)
    form = _form(version)
    form.fill(version)
    return _form_page(version, line, form, key=_words(version, version.key))


def _form_page(version: KeyedVersion, line: QuestionLine, form: RekeyForm, key: str | None = None) -> str:
    return render_template(
        "grading/rekey_new.html",
        version=version,
        line=line,
        form=form,
        key=key,
        machine=machine_marks(version.key),
        revisions=revisions_of([version.id]),
    )


def _words(version: KeyedVersion, key: Any) -> str:
    return question_types().get(version.type).describe_key(version.content, key)


@blueprint.post("/of/<int:version_id>")
@requires("key.change")
def propose(version_id: int) -> Any:
    """Propose a corrected key; nothing changes until a second person confirms it."""
    line, version = _line(version_id), queries.used_version(version_id)
    form = _form(version)
    if form.validate_on_submit():
        try:
            made = service.propose(actor(), now(), form.new_key(version))
        except DomainError as error:
            form.form_errors.append(told(error))
        else:
            flash(gettext("已提出更正，成绩还没有变。另一个人确认后才生效。"), "warn")
            return redirect(url_for("rekeying.show", proposal_id=made))
    return _form_page(version, line, form), 422


@blueprint.get("/<int:proposal_id>")
@requires("key.change")
def show(proposal_id: int) -> str:
    """Show what a correction does, or did, to every result; its keys only on demand."""
    return _page(queries.proposal(proposal_id))


@blueprint.post("/<int:proposal_id>/keys")
@requires("key.change")
def keys(proposal_id: int) -> str:
    """Show the old and the new key beside what the correction does; who looked is recorded."""
    found = queries.proposal(proposal_id)
    _note_seen(_line(found.version_id))
    return _page(found, with_keys=True)


def _page(found: ProposalFacts, *, with_keys: bool = False, errors: Sequence[str] = ()) -> str:
    version, line = queries.used_version(found.version_id), _line(found.version_id)
    preview = queries.outcome(found, now())
    pages = max(1, -(-len(preview.effects) // _PAGE))
    page = min(max(1, request.args.get("page", 1, whole)), pages)
    shown = preview.effects[(page - 1) * _PAGE : page * _PAGE]
    return render_template(
        "grading/rekeying.html",
        found=found,
        line=line,
        version=version,
        preview=preview,
        shown=shown,
        pager=Pager(page, pages, found.id),
        keys=_both_keys(found, version) if with_keys else None,
        names=people.people(_named(found, preview, shown), local_date(now())),
        own=any(each.attempt.person_id == actor() for each in preview.effects),
        me_id=actor(),
        errors=errors,
    )


def _named(found: ProposalFacts, preview: Preview, shown: Sequence[Any]) -> set[PersonId]:
    decided = {found.decided_by} if found.decided_by else set()
    return {found.proposed_by, *decided, *(each.attempt.person_id for each in shown)}


def _both_keys(found: ProposalFacts, version: KeyedVersion) -> tuple[str, str | None]:
    """Return the key from before a correction and the one it brings (``None``: everybody earns all)."""
    before = queries.version_before(found)
    new = _words(version, found.key) if found.kind == "key" else None
    return _words(before, before.key), new


@blueprint.post("/<int:proposal_id>")
@requires("key.change")
def decide(proposal_id: int) -> Any:
    """Put somebody else's correction into force, or turn it down."""
    found = queries.proposal(proposal_id)
    try:
        if request.form.get("agreed") == "1":
            done = service.confirm(actor(), now(), proposal_id)
            flash(gettext("更正已生效：%(n)s份成绩有变动，原来的成绩都留底。", n=len(done.changed)), "ok")
        else:
            service.refuse(actor(), now(), proposal_id)
            flash(gettext("更正已退回，成绩没有变。"), "ok")
    except DomainError as error:
        return _page(found, errors=[told(error)]), 422
    return redirect(url_for("rekeying.show", proposal_id=proposal_id))
