"""One-time links: HR issues and prints them, the person sets a password with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup

from cstrain.access import actor, demand, may, public, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries, service
from cstrain.people.facts import AccountFacts, PersonFacts
from cstrain.people.forms import NewPasswordForm
from cstrain.people.passwords import check_password, hash_password
from cstrain.people.policy import FIRST_PASSWORD_HOURS, RESET_HOURS
from cstrain.people.views.account import personal_words
from cstrain.people.views.blueprint import blueprint
from cstrain.people.views.log_in import settings
from cstrain.people.views.second_factor import qr_code
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt
from cstrain.unit_of_work import own_transaction, unit_of_work

_MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Slip:
    """A printed slip: whose link, the address, its QR code, and for how many hours."""

    person: PersonFacts
    url: str
    qr: Markup
    hours: int
    first: bool


@blueprint.route("/links/<token>", methods=["GET", "POST"])
@public
@own_transaction
def redeem_link(token: str) -> Any:
    """Set a password by a one-time link."""
    account = queries.find_link(token, now())
    if account is None:
        raise NotFoundError("这个链接已经用过或已过期。请联系人力资源部重新发放。")
    facts = queries.get_person(account.person_id, local_date(now()))
    form = NewPasswordForm()
    page = {"form": form, "facts": facts, "token": token, "first": not account.has_password}
    if request.method != "POST":
        return render_template("people/redeem_link.html", **page)
    words = personal_words(account.person_id)
    if not form.validate() or not attempt(form, lambda: check_password(form.password.data, words)):
        return render_template("people/redeem_link.html", **page), 422
    hashed = hash_password(form.password.data)
    with unit_of_work():
        service.redeem_link(now(), token, hashed)
    flash(gettext("密码已设好，请用工号%(no)s登录。", no=facts.staff_no), "ok")
    return redirect(url_for("people.log_in"))


@blueprint.post("/people/<int:person_id>/link")
@requires("person.link")
def issue_link(person_id: int) -> Any:
    """Issue a link and show it once, ready to print; it is never shown again."""
    person = PersonId(person_id)
    demand("person.link", person)
    return render_template("people/links.html", slips=[_slip(person)])


@blueprint.post("/people/links")
@requires("person.link")
def issue_links() -> Any:
    """Issue links to everybody chosen who has no password yet, on sheets to print."""
    chosen = [PersonId(number) for number in request.form.getlist("person", whole)]
    allowed = [one for one in chosen if may(actor(), "person.link", one)]
    waiting = queries.without_password(allowed)
    if not waiting:
        raise DomainError("没有发放：选中的人都已设过密码，或者没有选人。")
    if len(waiting) > _MOST_AT_ONCE:
        raise DomainError("没有发放：一次最多%(most)s人。请分几次办理。", most=_MOST_AT_ONCE)
    return render_template("people/links.html", slips=[_slip(one) for one in waiting])


def _slip(person: PersonId) -> Slip:
    account: AccountFacts = queries.account_of(person)
    token = service.issue_link(actor(), now(), person)
    root = settings().public_url or request.url_root.rstrip("/")
    url = root + url_for("people.redeem_link", token=token)
    first = not account.has_password
    hours = FIRST_PASSWORD_HOURS if first else RESET_HOURS
    return Slip(queries.get_person(person, local_date(now())), url, qr_code(url, 4), hours, first)


@blueprint.post("/people/<int:person_id>/second-factor/remove")
@requires("person.link")
def unbind_second_factor(person_id: int) -> Any:
    """Remove the second factor of somebody who lost the device; they enrol again at the next log-in."""
    person = PersonId(person_id)
    demand("person.link", person)
    service.remove_second_factor(actor(), now(), person)
    flash(gettext("已解绑，对方下次登录时要重新绑定。"), "ok")
    return redirect(url_for("people.person", person_id=person))
