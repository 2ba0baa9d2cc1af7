"""The auditor's pages: the log with filters, its verification, checkpoints to keep elsewhere."""

from __future__ import annotations

import json
from typing import Any, cast

from flask import Blueprint, Response, current_app, render_template, request, url_for

from cstrain.access import actor, requires
from cstrain.audit import checkpoints, queries
from cstrain.audit.chain import Checkpoint, Entry
from cstrain.audit.facts import Names, ViewLog
from cstrain.audit.forms import CheckpointForm
from cstrain.audit.queries import Verification
from cstrain.audit.service import record
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError
from cstrain.ui.forms import whole
from cstrain.ui.refusal import told
from cstrain.unit_of_work import own_transaction, unit_of_work

blueprint = Blueprint("audit", __name__)
blueprints = [blueprint]

_PAGE = 50
_MOST_CHECKPOINT_BYTES = 10_000
_FILTERS = ("subject", "action", "actor")


def _names(persons: set[int]) -> dict[int, str]:
    port = cast("Names | None", current_app.extensions.get("cstrain.names"))
    return port(persons) if port is not None else {}


def _note_reading(what: str) -> None:
    """Note that the log was read (the auditor's reads are logged as well)."""
    port = cast("ViewLog | None", current_app.extensions.get("cstrain.view_log"))
    if port is not None:
        with unit_of_work():
            port(actor(), what)


def _people_in(entries: list[Entry]) -> set[int]:
    """Return the ids of people an entry is by or about."""
    actors = {entry.actor_id for entry in entries if entry.actor_id is not None}
    subjects = {
        entry.subject.removeprefix("person:") for entry in entries if entry.subject.startswith("person:")
    }
    return actors | {int(one) for one in subjects if one.isdecimal()}


def _older(entries: list[Entry], kept: dict[str, Any]) -> str | None:
    if len(entries) < _PAGE:
        return None
    return url_for("audit.log", before=entries[-1].seq, **kept)


@blueprint.get("/audit")
@requires("audit.read")
def log() -> str:
    """Show the log, newest first, by subject, action or actor."""
    kept: dict[str, Any] = {name: value for name in _FILTERS if (value := request.args.get(name, "").strip())}
    entries = queries.latest(
        kept.get("subject"),
        kept.get("action"),
        request.args.get("before", type=whole),
        _PAGE,
        actor_id=request.args.get("actor", type=whole),
    )
    head, names = queries.head(), _names(_people_in(entries))
    details = {entry.seq: json.loads(entry.detail) for entry in entries}
    _note_reading("audit.log")
    return render_template(
        "audit/log.html",
        entries=entries,
        details=details,
        head=head,
        kept=kept,
        names=names,
        older=_older(entries, kept),
        actions=queries.actions(),
    )


@blueprint.get("/audit/verification")
@requires("audit.read")
def verification() -> str:
    """Verify the whole chain and say what was found."""
    return _verified(CheckpointForm(formdata=None), None)


@blueprint.post("/audit/verification")
@requires("audit.read")
@own_transaction
def verify() -> Any:
    """Verify the chain against an uploaded checkpoint; that it was compared is itself on the log."""
    form = CheckpointForm()
    upload = form.file.data
    try:
        if not upload:
            raise DomainError("请选择检查点文件。")
        checkpoint = checkpoints.load(upload.read(_MOST_CHECKPOINT_BYTES).decode("utf-8", "replace"))
    except DomainError as error:
        form.form_errors = [told(error)]
        return _verified(form, None), 422
    with unit_of_work():
        record(actor(), "audit.verify", "audit:log", checkpoint=checkpoint.seq)
    return _verified(form, checkpoint)


def _verified(form: CheckpointForm, checkpoint: Checkpoint | None) -> str:
    found: Verification = queries.verify(checkpoint)
    return render_template("audit/verification.html", form=form, found=found, checkpoint=checkpoint, at=now())


@blueprint.get("/audit/checkpoint.json")
@requires("audit.read")
def checkpoint() -> Response:
    """Download the head of the chain, to be kept where the operator cannot change it."""
    text = checkpoints.dump(queries.head(), now().isoformat(timespec="seconds"))
    name = f"audit-checkpoint-{local_date(now()).isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text + "\n", mimetype="application/json", headers=headers)
