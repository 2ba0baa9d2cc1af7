"""What other packages may know of pay. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cstrain.kernel.ids import DepartmentId


@dataclass(frozen=True, slots=True)
class BindingFacts:
    """A department follows a scheme from a day on; ``scheme_ref`` ``None``: that of the one above it."""

    department_id: DepartmentId
    scheme_ref: str | None
    effective_from: date
    note: str
