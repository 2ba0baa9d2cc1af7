"""The signed-in person: who they are for Flask-Login, when a session dies, when a second factor is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, g, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext
from flask_login import current_user

from cstrain.extensions import local_date, login_manager, now, session
from cstrain.kernel.ids import PersonId, new_token
from cstrain.notifications.queries import unread
from cstrain.people.facts import Status
from cstrain.people.models import Account, Person
from cstrain.people.policy import ROLE_WORDS, SESSION_HOURS
from cstrain.people.queries.persons import status_on
from cstrain.people.queries.roles import held_roles, roles_of, roles_on, standing_in_for
from cstrain.policies.access_chapter import second_factor_roles
from cstrain.prepared import Prepared
from cstrain.unit_of_work import connection

_OPEN_WITHOUT_SECOND_FACTOR = frozenset(
    {"people.enrol_second_factor", "people.second_factor", "people.log_in", "people.log_out"}
    | {"people.set_language", "web.static", "web.set_language", "web.health"}
)

_ROLES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person of the running request, as templates and ``access`` see them."""

    person_id: PersonId
    name: str
    staff_no: str
    locale: str
    roles: frozenset[str]
    epoch: int
    has_second_factor: bool
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the session."""
        return f"{self.person_id}.{self.epoch}"

    @property
    def role_words(self) -> str:
        """The words of the roles held, at most two, in the reader's language."""
        held = [role for role in ROLE_WORDS if role in self.roles]
        granted = [role for role in held if role not in {"employee", "trainee"}]
        shown = granted or [role for role in held if role == "trainee"] or held
        words = [gettext(ROLE_WORDS[role]) for role in shown[:_ROLES_SHOWN]]
        return "、".join(words) + (gettext("等") if len(shown) > _ROLES_SHOWN else "")

    @property
    def unread(self) -> int:
        """How many notices have not been read."""
        return unread(self.person_id)


_WHO, _TODAY = sa.bindparam("person", type_=sa.Integer()), sa.bindparam("on", type_=sa.Date())
_SIGNED_IN = Prepared(
    sa.select(
        Account.person_id,
        Account.session_epoch,
        Account.closed_at,
        Account.locale,
        Account.totp_confirmed_at,
        Person.name,
        Person.staff_no,
        status_on(_WHO, _TODAY).label("status"),
        roles_on(_WHO, _TODAY).label("granted"),
    )
    .join(Person, Person.id == Account.person_id)
    .where(Account.person_id == _WHO)
)
"""Who is signed in, asked once at every request: one statement, built once."""


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_signed_in(value: str) -> SignedIn | None:
    """Return the person of a session; ``None`` when it is void.

    A session is void after its absolute lifetime, after a password change or reset (epoch), when the
    account is closed, and when the person has left: all seen at the very next request.
    """
    person, _, epoch = value.partition(".")
    if not (person.isdecimal() and epoch.isdecimal()) or _is_over(cookie.get("since")):
        return None
    at = now()
    row = _SIGNED_IN.one_or_none(connection(), {"person": int(person), "on": local_date(at)})
    if row is None or row.session_epoch != int(epoch):
        return None
    if row.closed_at is not None and row.closed_at <= at:
        return None
    found = _signed_in(row)
    g.setdefault("roles", {})[found.person_id] = found.roles
    return found if found.roles else None


def _is_over(since: object) -> bool:
    try:
        started = datetime.fromisoformat(str(since))
    except ValueError:
        return True
    return now() - started >= timedelta(hours=SESSION_HOURS)


def _signed_in(row: Any) -> SignedIn:
    granted = row.granted.split(",") if row.granted else ()
    return SignedIn(
        person_id=PersonId(row.person_id),
        name=row.name,
        staff_no=row.staff_no,
        locale=row.locale,
        roles=held_roles(Status(row.status) if row.status else None, granted),
        epoch=row.session_epoch,
        has_second_factor=row.totp_confirmed_at is not None,
    )


def session_values(person_id: PersonId, epoch: int, *, second_factor: bool) -> dict[str, Any]:
    """Return what a fresh session holds; the caller clears the old one first (no session fixation)."""
    return {
        "_user_id": f"{person_id}.{epoch}",
        "sid": new_token(),
        "since": now().isoformat(),
        "second_factor": second_factor,
        "roles": _known_roles(roles_of(person_id, local_date(now()))),
    }


def _known_roles(roles: frozenset[str]) -> str:
    """Return roles as the session keeps them."""
    return ",".join(sorted(roles))


def start_session(person_id: PersonId, epoch: int, *, second_factor: bool) -> None:
    """Replace the browser's session by a fresh one for this person."""
    cookie.clear()
    cookie.update(session_values(person_id, epoch, second_factor=second_factor))
    cookie.permanent = True


def sign_in_for_tests(person_id: int) -> dict[str, Any]:
    """Return the values of a signed-in session, second factor included (for the test client)."""
    epoch = session().scalar(sa.select(Account.session_epoch).where(Account.person_id == person_id))
    if epoch is None:
        raise LookupError(f"person {person_id} has no account")
    return session_values(PersonId(person_id), epoch, second_factor=True)


def needs_second_factor(person: PersonId) -> bool:
    """Tell whether a person must sign in with a second factor: by an own role, or that of whom they stand
    in for.

    Nobody must where the settings switch it off (the demo company).
    """
    if not current_app.extensions["cstrain.settings"].second_factor:
        return False
    today = local_date(now())
    wanted = second_factor_roles()
    principals = standing_in_for(person, today)
    return any(roles_of(one, today) & wanted for one in (person, *principals))


def demand_second_factor() -> Any:
    """Send who needs a second factor and has not shown one to enrol or to show it, before anything else."""
    me = current_user._get_current_object()  # once: each look through the proxy goes a long way
    if request.endpoint in _OPEN_WITHOUT_SECOND_FACTOR or not me.is_authenticated:
        return None
    _renew_on_role_change(me)
    if cookie.get("second_factor") or not needs_second_factor(me.person_id):
        return None
    if me.has_second_factor:
        cookie.clear()
        return redirect(url_for("people.log_in"))
    return redirect(url_for("people.enrol_second_factor"))


def _renew_on_role_change(person: SignedIn) -> None:
    """Give the session a new id when the person's roles are not those it last knew (docs/rules.md 5)."""
    known = _known_roles(person.roles)
    if cookie.get("roles") != known:
        if "roles" in cookie:
            cookie["sid"] = new_token()
        cookie["roles"] = known
