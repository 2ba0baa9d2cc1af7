"""One's own account: language, password, second factor."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask_babel import gettext
from flask_login import current_user

from cstrain.access import actor, signed_in
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries, service
from cstrain.people.accounts import needs_second_factor, start_session
from cstrain.people.forms import ChangePasswordForm, LanguageForm
from cstrain.people.passwords import check_password, hash_password, verify_password
from cstrain.people.policy import LOG_IN_WINDOW_MINUTES
from cstrain.people.rules import pinyin_of
from cstrain.people.views.blueprint import address, blueprint
from cstrain.people.views.log_in import device_of
from cstrain.ui.refusal import attempt
from cstrain.unit_of_work import own_transaction, unit_of_work


def personal_words(person: PersonId) -> tuple[str, ...]:
    """Return what of a person a password should not be made of."""
    facts = queries.get_person(person, local_date(now()))
    mail = (facts.email or "").partition("@")[0]
    pinyin, _initials = pinyin_of(facts.name)
    return tuple(word for word in (facts.staff_no, facts.name, pinyin, facts.phone or "", mail) if word)


def _page(form: ChangePasswordForm) -> str:
    tongue = LanguageForm(formdata=None, locale=current_user.locale)
    return render_template(
        "people/account.html",
        form=form,
        tongue=tongue,
        facts=queries.get_person(actor(), local_date(now())),
        login=queries.account_of(actor()),
        required=needs_second_factor(actor()),
        shown_second_factor=bool(cookie.get("second_factor")),
        viewings=queries.view_log_of(actor(), 20),
        names=queries.people([one.viewer_id for one in queries.view_log_of(actor(), 20)], local_date(now())),
    )


@blueprint.get("/account")
@signed_in
def account() -> str:
    """Show one's account and who looked at one's record."""
    return _page(ChangePasswordForm(formdata=None))


@blueprint.post("/account/language")
@signed_in
def set_language() -> Any:
    """Keep the language one reads."""
    form = LanguageForm()
    service.set_locale(actor(), str(form.locale.data))
    return redirect(url_for("people.account"))


@blueprint.post("/account/password")
@signed_in
@own_transaction
def change_password() -> Any:
    """Change one's password; all other sessions end."""
    form = ChangePasswordForm()
    if not form.validate() or not _current_fits(form):
        return _page(form), 422
    if not attempt(form, lambda: check_password(form.password.data, personal_words(actor()))):
        return _page(form), 422
    person, shown = actor(), bool(cookie.get("second_factor"))
    hashed = hash_password(form.password.data)
    with unit_of_work():
        epoch = service.change_password(person, now(), hashed)
    start_session(person, epoch, second_factor=shown)
    flash(gettext("密码已更换，其他设备上的登录都已失效。"), "ok")
    return redirect(url_for("people.account"))


def _current_fits(form: ChangePasswordForm) -> bool:
    """Check the present password, counted like a log-in so that a left screen is no place to guess."""
    username = current_user.staff_no
    with unit_of_work():
        tried = service.begin_log_in(now(), username, address(), device_of(username))
    if tried.blocked:
        form.form_errors = [gettext("试错次数太多，请%(n)s分钟后再试。", n=LOG_IN_WINDOW_MINUTES)]
        return False
    if not verify_password(tried.password_hash, form.current.data):
        form.current.errors = [gettext("现在的密码不对。")]
        return False
    with unit_of_work():
        service.succeed(tried)
    return True
