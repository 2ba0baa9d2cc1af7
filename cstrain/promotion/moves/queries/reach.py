"""For which departments somebody holds a permission: the same answer as ``may``, for many people at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cstrain.access import granted_by, scopes_of
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.people import queries as people

_ALL = frozenset({"all", "others"})
_HEADED = "my_department"


@dataclass(frozen=True, slots=True)
class Reach:
    """``everywhere``, or the departments somebody heads with those below."""

    everywhere: bool
    departments: frozenset[DepartmentId]

    def covers(self, department: DepartmentId | None) -> bool:
        """Tell whether a department is within reach."""
        return self.everywhere or department in self.departments

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.departments)


def reach(person: PersonId, permission: str, today: date) -> Reach:
    """Return for which departments somebody holds a permission by their offices of a day."""
    scopes = scopes_of(person, permission)
    if scopes & _ALL:
        return Reach(True, frozenset())
    if _HEADED not in scopes:
        return Reach(False, frozenset())
    headed = people.department_ids_headed(person, today, granted_by(person, permission, _HEADED))
    return Reach(False, frozenset(below for one in headed for below in people.subtree(one)))
