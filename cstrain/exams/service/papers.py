"""Brings the shipped blueprints into the database, edition by edition."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.exams.models import Paper
from cstrain.exams.policy import PaperSpec
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError
from cstrain.kernel.ids import PersonId
from cstrain.policies.loader import load_folder


def shipped_papers() -> tuple[PaperSpec, ...]:
    """Return the blueprints that travel with the product."""
    return load_folder(PaperSpec, "papers")


def load_papers(now: datetime) -> int:
    """Insert editions that are not there yet; return how many.

    Papers made here (``papermaking``) are none of the files' and are left alone.
    Raises ``ConflictError`` when a shipped edition differs from the stored one of the same number: a paper in
    use is never changed, it gets another edition.
    """
    stored = {
        (ref, edition): blueprint
        for ref, edition, blueprint in session().execute(sa.select(Paper.ref, Paper.edition, Paper.blueprint))
    }
    return sum(_add(spec, stored.get((spec.ref, spec.edition)), now) for spec in shipped_papers())


def add_paper(spec: PaperSpec, now: datetime) -> bool:
    """Insert one edition unless it is there; tell whether it was new. Raises ``ConflictError`` as above."""
    held = session().scalar(
        sa.select(Paper.blueprint).where(Paper.ref == spec.ref, Paper.edition == spec.edition)
    )
    return _add(spec, held, now)


def _add(spec: PaperSpec, held: Mapping[str, Any] | None, now: datetime) -> bool:
    # what counts is what the stored one says, not how: a release may bring fields with a default
    if held is not None and PaperSpec.model_validate_json(json.dumps(held)) == spec:
        return False
    if held is not None:
        raise ConflictError(
            "试卷%(ref)s第%(edition)s版与已入库的内容不同。用过的版本不能改，请把edition加1。",
            ref=spec.ref,
            edition=spec.edition,
        )
    put_paper(spec, None, now)
    return True


def put_paper(spec: PaperSpec, actor: PersonId | None, now: datetime) -> Paper:
    """Keep an edition that is not there yet; ``actor``: who approved it, nobody for the product's files."""
    row = _row(spec, now)
    session().add(row)
    record(actor, "paper.load", f"paper:{spec.ref}", edition=spec.edition, digest=row.digest)
    session().flush()
    return row


def _row(spec: PaperSpec, now: datetime) -> Paper:
    blueprint = spec.model_dump(mode="json")
    return Paper(
        ref=spec.ref,
        edition=spec.edition,
        effective_from=spec.effective_from,
        title=spec.title,
        bank=spec.bank,
        blueprint=blueprint,
        digest=hashlib.sha256(json.dumps(blueprint, sort_keys=True).encode()).hexdigest(),
        created_at=now,
    )
