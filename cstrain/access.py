"""Who may do what: permissions by name, relations by name; no table.

Roles, permissions and scopes are data (``policies/shipped/access.yaml``). A scope is a relation between the
acting person and the person the thing is about: ``own``, ``my_trainee``, ``my_department``, ``all`` ….
Packages register their relations; ``app.py`` wires the port that knows a person's roles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, cast

from flask import abort, current_app
from flask_login import current_user

from cstrain.kernel.errors import ForbiddenError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.kernel.registry import Registry

Relation = Callable[[PersonId, PersonId], bool]
View = TypeVar("View", bound=Callable[..., Any])

relations: Registry[Relation] = Registry("relation")
relations.add("all", lambda actor, subject: True)
relations.add("own", lambda actor, subject: actor == subject)
relations.add("others", lambda actor, subject: actor != subject)


_granting: ContextVar[frozenset[str]] = ContextVar("granting_roles", default=frozenset())


def granting_roles() -> frozenset[str]:
    """Return the roles by which the permission being judged is granted in the relation being asked.

    For relations that depend on an office: who heads one department and leads a group in another holds the
    head's permissions in the first only. Empty outside ``may``.
    """
    return _granting.get()


class RolesPort(Protocol):
    """Knows the roles a person holds at this moment."""

    def __call__(self, person: PersonId) -> frozenset[str]:
        """Return role names."""


@dataclass(frozen=True, slots=True)
class Grants:
    """The access chapter: role -> permission -> scopes (relation names)."""

    roles: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    _known: dict[tuple[frozenset[str], str], frozenset[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _held: dict[frozenset[str], frozenset[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def scopes(self, roles: frozenset[str], permission: str) -> frozenset[str]:
        """Return every scope in which one of ``roles`` grants ``permission`` (a page asks thirty times)."""
        known = self._known.get((roles, permission))
        if known is None:
            found = (self.roles.get(role, {}).get(permission, ()) for role in roles)
            known = self._known[roles, permission] = frozenset(scope for scopes in found for scope in scopes)
        return known

    def granting(self, roles: frozenset[str], permission: str, scope: str) -> frozenset[str]:
        """Return those of ``roles`` that grant ``permission`` in ``scope``."""
        return frozenset(role for role in roles if scope in self.roles.get(role, {}).get(permission, ()))

    def permissions(self) -> frozenset[str]:
        """All permission names that any role is granted."""
        return frozenset(name for grants in self.roles.values() for name in grants)

    def held(self, roles: frozenset[str]) -> frozenset[str]:
        """Return the permissions that one of ``roles`` grants in some scope."""
        known = self._held.get(roles)
        if known is None:
            known = frozenset(name for name in self.permissions() if self.scopes(roles, name))
            self._held[roles] = known
        return known


@dataclass(frozen=True, slots=True)
class Access:
    """The wired access control of an application."""

    grants: Grants
    roles_of: RolesPort


def _access() -> Access:
    return cast(Access, current_app.extensions["cstrain.access"])


def actor() -> PersonId:
    """Return the signed-in person's id; 401 when nobody is."""
    me = current_user._get_current_object()
    if not me.is_authenticated:
        abort(401)
    return PersonId(me.person_id)


def may(person: PersonId, permission: str, subject: PersonId | None = None) -> bool:
    """Tell whether ``person`` holds ``permission``, for ``subject`` where the thing is about somebody."""
    access = _access()
    roles = access.roles_of(person)
    scopes = access.grants.scopes(roles, permission)
    if subject is None:
        return bool(scopes)
    return any(
        _holds(scope, access.grants.granting(roles, permission, scope), person, subject)
        for scope in sorted(scopes)
    )


def _holds(scope: str, roles: frozenset[str], person: PersonId, subject: PersonId) -> bool:
    token = _granting.set(roles)
    try:
        return relations.get(scope)(person, subject)
    finally:
        _granting.reset(token)


def permissions_of(person: PersonId) -> frozenset[str]:
    """Return the permissions that ``person`` holds in some scope."""
    access = _access()
    return access.grants.held(access.roles_of(person))


def roles_granting(permission: str) -> frozenset[str]:
    """Return the roles that hold a permission in some scope (to offer people for a task)."""
    roles = _access().grants.roles
    return frozenset(role for role, grants in roles.items() if permission in grants)


def scopes_of(person: PersonId, permission: str) -> frozenset[str]:
    """Return the scopes in which ``person`` holds ``permission`` (to filter lists)."""
    access = _access()
    return access.grants.scopes(access.roles_of(person), permission)


def granted_by(person: PersonId, permission: str, scope: str) -> frozenset[str]:
    """Return the roles by which ``person`` holds ``permission`` in ``scope`` (to filter lists)."""
    access = _access()
    return access.grants.granting(access.roles_of(person), permission, scope)


def demand(permission: str, subject: PersonId) -> None:
    """Refuse unless the signed-in person holds ``permission`` for ``subject``.

    A foreign thing and a missing one answer the same (404), so that nobody learns what exists.
    """
    if not may(actor(), permission, subject):
        raise NotFoundError("没有找到这一页。它可能不存在，或者不属于你可以查看的范围。")


def requires(permission: str) -> Callable[[View], View]:
    """Name the permission of a route; the check runs before the view."""

    def mark(view: View) -> View:
        view.__permission__ = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a route that anybody may open."""
    view.__permission__ = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Mark a route for every signed-in person, about themself only."""
    view.__permission__ = "signed_in"  # type: ignore[attr-defined]
    return view


def guard(view: Callable[..., Any]) -> Any:
    """Check the permission a view names; called by the application before each request."""
    permission = getattr(view, "__permission__", None)
    if permission == "public":
        return None
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if permission is None:
        raise RuntimeError(f"route {view.__name__} names no permission")
    if permission != "signed_in" and not may(actor(), permission):
        raise ForbiddenError("你没有打开这一页的权限。如果工作需要，请联系系统管理员。")
    return None
