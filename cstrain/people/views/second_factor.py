"""The second factor: showing it at log-in, enrolling, recovery codes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import segno
from flask import flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from cstrain.access import actor, public, signed_in
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import service
from cstrain.people.accounts import needs_second_factor, start_session
from cstrain.people.forms import CodeForm
from cstrain.people.passwords import new_recovery_codes, new_totp_secret, token_hash, totp_step, totp_uri
from cstrain.people.policy import LOG_IN_WINDOW_MINUTES, RECOVERY_CODES
from cstrain.people.views.blueprint import address, blueprint, local_path
from cstrain.people.views.log_in import device_of, remember_device
from cstrain.unit_of_work import own_transaction, unit_of_work

_PENDING_MINUTES = 10
_ISSUER = "cstrain"


def qr_code(text: str, scale: int = 5) -> Markup:
    """Return a QR code as inline SVG, black on white in every theme."""
    svg = segno.make(text, error="m").svg_inline(scale=scale, dark="#000", light="#fff", border=3)
    return Markup(svg)  # noqa: S704 (made of modules only, no text of the input)


def _pending() -> dict[str, Any] | None:
    """Return who showed the right password a moment ago, or ``None``."""
    pending = cookie.get("pending")
    if not isinstance(pending, dict):
        return None
    begun = datetime.fromisoformat(pending["at"])
    return pending if now() - begun < timedelta(minutes=_PENDING_MINUTES) else None


@blueprint.route("/second-factor", methods=["GET", "POST"])
@public
@own_transaction
def second_factor() -> Any:
    """Ask for the code of the second factor after the right password."""
    pending = _pending()
    if pending is None:
        return redirect(url_for("people.log_in"))
    form = CodeForm()
    if request.method != "POST":
        return render_template("people/second_factor.html", form=form)
    if not form.validate():
        return render_template("people/second_factor.html", form=form), 422
    person, username = PersonId(pending["person"]), pending["username"]
    with unit_of_work():
        fits = service.check_second_factor(now(), person, form.code.data, address(), device_of(username))
    if fits:
        start_session(person, pending["epoch"], second_factor=True)
        return remember_device(make_response(redirect(local_path(pending["next"]))), username)
    if fits is None:
        says = gettext("登录失败次数太多，为保护账号，请%(n)s分钟后再试。", n=LOG_IN_WINDOW_MINUTES)
    else:
        says = gettext("验证码不对或已经用过。请等验证器显示下一个后再输入。")
    form.form_errors = [says]
    return render_template("people/second_factor.html", form=form), 429 if fits is None else 422


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@signed_in
def enrol_second_factor() -> Any:
    """Set up an authenticator app: a QR code, then the first code; recovery codes are shown once."""
    form = CodeForm()
    if current_user.has_second_factor:
        return redirect(url_for("people.account"))
    if request.method != "POST":
        cookie["enrolling"] = cookie.get("enrolling") or new_totp_secret()
        return _enrol_page(form, cookie["enrolling"]), 200
    secret = cookie.get("enrolling")
    if not secret:
        return redirect(url_for("people.enrol_second_factor"))
    step = totp_step(secret, form.code.data, now(), None) if form.validate() else None
    if step is None:
        form.form_errors = [
            gettext("验证码不对，还没有开启。请核对手机时间，再输入验证器现在显示的6位数字。")
        ]
        return _enrol_page(form, secret), 422
    codes = new_recovery_codes(RECOVERY_CODES)
    service.confirm_second_factor(actor(), now(), secret, step, [token_hash(code) for code in codes])
    cookie.pop("enrolling", None)
    cookie["second_factor"] = True
    return render_template("people/recovery_codes.html", codes=codes)


def _enrol_page(form: CodeForm, secret: str) -> str:
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template(
        "people/enrol_second_factor.html",
        form=form,
        qr=qr_code(totp_uri(secret, current_user.staff_no, _ISSUER)),
        secret=groups,
        required=needs_second_factor(actor()),
    )


@blueprint.post("/account/recovery-codes")
@signed_in
def renew_recovery_codes() -> Any:
    """Make new recovery codes; they are shown once and the old ones end."""
    _must_have_shown_it()
    codes = new_recovery_codes(RECOVERY_CODES)
    service.renew_recovery_codes(actor(), [token_hash(code) for code in codes])
    return render_template("people/recovery_codes.html", codes=codes)


@blueprint.post("/account/second-factor/remove")
@signed_in
def remove_second_factor() -> Any:
    """Switch one's own second factor off, where no role of one's demands it."""
    _must_have_shown_it()
    if needs_second_factor(actor()):
        raise DomainError(
            "没有关闭：你的角色必须使用第二重验证。要换手机，请联系人力资源部或系统管理员解绑。"
        )
    service.remove_second_factor(actor(), now(), actor())
    start_session(actor(), current_user.epoch + 1, second_factor=False)
    flash(gettext("第二重验证已关闭。"), "ok")
    return redirect(url_for("people.account"))


def _must_have_shown_it() -> None:
    if not cookie.get("second_factor"):
        raise DomainError("没有保存：这次登录没有用第二重验证。请重新登录后再试。")
