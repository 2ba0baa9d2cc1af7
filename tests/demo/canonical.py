"""Everything in a database as one digest, passwords left out."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

LEFT_OUT = {("account", "password_hash")}


def digests() -> dict[str, str]:
    """Return the digest of every table's rows, by table. Needs an application context."""
    from cstrain.extensions import Base, session

    found = {}
    for table in Base.metadata.sorted_tables:
        columns = [each for each in table.columns if (table.name, each.name) not in LEFT_OUT]
        rows = session().execute(sa.select(*columns).order_by(*table.primary_key.columns))
        text = "\n".join("|".join(_text(value) for value in row) for row in rows)
        found[table.name] = hashlib.sha256(text.encode()).hexdigest()
    return found


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return repr(value)
