"""The access chapter: which role holds which permission in which relation, and who needs a second factor.

Read from ``shipped/access.yaml`` once per process. An unknown key, a relation that nobody registers or a role
without a name stops the application at start.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from cstrain.access import Grants
from cstrain.policies import yaml_source

PATH = Path(__file__).parent / "shipped" / "access.yaml"


class SecondFactor(BaseModel):
    """Roles that sign in with a second factor."""

    required_for: list[str]


class AccessChapter(BaseModel):
    """The chapter as it stands in the file (source: docs/rules.md 4)."""

    ref: str
    edition: int
    effective_from: date
    source: str
    roles: dict[str, dict[str, list[str]]]
    second_factor: SecondFactor


@cache
def load_chapter(path: Path = PATH) -> AccessChapter:
    """Return the shipped access chapter; raises ``SourceError`` with file and line."""
    document = yaml_source.read(path)
    chapter = yaml_source.validate(AccessChapter, document)
    faults = [
        document.fault(("second_factor", "required_for", index), f"没有“{role}”这个角色，请检查拼写。")
        for index, role in enumerate(chapter.second_factor.required_for)
        if role not in chapter.roles
    ]
    if faults:
        raise yaml_source.SourceError(tuple(faults))
    return chapter


def load_grants(path: Path = PATH) -> Grants:
    """Return role -> permission -> relations, for ``cstrain.access``."""
    chapter = load_chapter(path)
    return Grants(
        {
            role: {permission: tuple(scopes) for permission, scopes in permissions.items()}
            for role, permissions in chapter.roles.items()
        }
    )


def second_factor_roles(path: Path = PATH) -> frozenset[str]:
    """Return the roles whose holders must sign in with a second factor."""
    return frozenset(load_chapter(path).second_factor.required_for)


def unknown_relations(grants: Grants, known: frozenset[str]) -> list[str]:
    """Return relations that the chapter names and no package registers (empty: all are known)."""
    named = {
        scope for permissions in grants.roles.values() for scopes in permissions.values() for scope in scopes
    }
    return sorted(named - known)
