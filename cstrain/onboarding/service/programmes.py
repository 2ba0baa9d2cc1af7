"""Brings the shipped programmes into the database, edition by edition."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import sqlalchemy as sa

from cstrain.audit.service import record
from cstrain.extensions import session
from cstrain.kernel.errors import ConflictError
from cstrain.onboarding.models import ProgrammeEdition
from cstrain.onboarding.programme_source import shipped_programmes


def load_programmes(now: datetime) -> int:
    """Insert editions that are not there yet; return how many.

    Raises ``ConflictError`` when a shipped edition differs from the stored one of the same number: who has
    begun goes on with the edition they began with. Raises ``SourceError`` for faults in the files.
    """
    stored = {
        (row.ref, row.edition): row.digest
        for row in session().execute(
            sa.select(ProgrammeEdition.ref, ProgrammeEdition.edition, ProgrammeEdition.digest)
        )
    }
    added = 0
    for programme in shipped_programmes():
        body = programme.model_dump(mode="json")
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        held = stored.get((programme.ref, programme.edition))
        if held is not None and held != digest:
            raise ConflictError(
                "培训计划%(ref)s第%(edition)s版与已入库的内容不同。用过的版本不能改，请把edition加1。",
                ref=programme.ref,
                edition=programme.edition,
            )
        if held is None:
            session().add(
                ProgrammeEdition(
                    ref=programme.ref,
                    edition=programme.edition,
                    effective_from=programme.effective_from,
                    title=programme.title,
                    body=body,
                    digest=digest,
                    created_at=now,
                )
            )
            record(None, "programme.load", f"programme:{programme.ref}", edition=programme.edition)
            added += 1
    session().flush()
    return added
