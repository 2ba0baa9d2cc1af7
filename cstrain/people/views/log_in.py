"""Logging in and out, and asking for a new password."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import force_locale, gettext
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from cstrain.access import public
from cstrain.config import Settings
from cstrain.extensions import login_manager, now
from cstrain.kernel.ids import new_token
from cstrain.notifications.service import address_of, queue_mail
from cstrain.people import service
from cstrain.people.accounts import start_session
from cstrain.people.forms import LogInForm, LostPasswordForm
from cstrain.people.passwords import hash_password, needs_rehash, verify_password
from cstrain.people.policy import LOG_IN_WINDOW_MINUTES, RESET_HOURS
from cstrain.people.rules import staff_no_meant
from cstrain.people.service.log_in import LoggedIn
from cstrain.people.views.blueprint import address, blueprint, local_path
from cstrain.unit_of_work import own_transaction, unit_of_work

_DEVICE = "cstrain_device"
_YEAR = 365 * 24 * 3600


def settings() -> Settings:
    """Return the application's settings."""
    return cast(Settings, current_app.extensions["cstrain.settings"])


def _device_name() -> str:
    return f"__Host-{_DEVICE}" if settings().secure_cookies else _DEVICE


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="device")


def device_of(username: str) -> str:
    """Return the mark of a browser from which this account has logged in before, else an empty text."""
    try:
        owner, mark = _serializer().loads(request.cookies.get(_device_name(), ""))
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if owner == username else ""


def remember_device(response: Any, username: str) -> Any:
    """Let this browser be known for the account."""
    mark = device_of(username) or new_token()
    response.set_cookie(
        _device_name(),
        _serializer().dumps([username, mark]),
        max_age=_YEAR,
        httponly=True,
        secure=settings().secure_cookies,
        samesite="Lax",
        path="/",
    )
    return response


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def ask_to_log_in() -> Any:
    """Send a visitor to the log-in page and back afterwards; a script gets a plain 401."""
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return {"error": gettext("请先登录。")}, 401
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("people.log_in", next=None if back == "/" else back))


@blueprint.route("/log-in", methods=["GET", "POST"])
@public
@own_transaction
def log_in() -> Any:
    """Ask for staff number and password. Unknown and known accounts get the same answer in the same time."""
    form = LogInForm()
    target = local_path(request.args.get("next"))
    if request.method != "POST":
        if current_user.is_authenticated:
            return redirect(target)
        return render_template("people/log_in.html", form=form)
    if not form.validate():
        return render_template("people/log_in.html", form=form), 422
    username = staff_no_meant(form.username.data)
    with unit_of_work():
        attempt = service.begin_log_in(now(), username, address(), device_of(username))
    if attempt.blocked:
        says = gettext("登录失败次数太多，为保护账号，请%(n)s分钟后再试。", n=LOG_IN_WINDOW_MINUTES)
        form.form_errors = [says]
        return render_template("people/log_in.html", form=form), 429
    if not verify_password(attempt.password_hash, form.password.data):
        form.form_errors = [gettext("工号或密码不对，没有登录。请检查后再试；忘记密码可以重新设置。")]
        return render_template("people/log_in.html", form=form), 422
    rehash = needs_rehash(attempt.password_hash or "")
    new_hash = hash_password(form.password.data) if rehash else None
    with unit_of_work():
        logged_in = service.finish_log_in(now(), attempt, username, new_hash)
    return _go_on(logged_in, username, target)


def _go_on(logged_in: LoggedIn, username: str, target: str) -> Any:
    if logged_in.second_factor:
        cookie.clear()
        cookie["pending"] = {
            "person": logged_in.person_id,
            "epoch": logged_in.epoch,
            "username": username,
            "at": now().isoformat(),
            "next": target,
        }
        return redirect(url_for("people.second_factor"))
    start_session(logged_in.person_id, logged_in.epoch, second_factor=False)
    return remember_device(make_response(redirect(target)), username)


@blueprint.post("/log-out")
@public
@own_transaction
def log_out() -> Any:
    """End the session of this browser."""
    cookie.clear()
    flash(gettext("你已退出登录。"), "ok")
    return redirect(url_for("people.log_in"))


@blueprint.route("/lost-password", methods=["GET", "POST"])
@public
@own_transaction
def lost_password() -> Any:
    """Send a reset link by mail where mail is configured; otherwise say who issues one."""
    form = LostPasswordForm()
    by_mail = bool(settings().mail_url and settings().public_url)
    if request.method != "POST" or not by_mail:
        return render_template("people/lost_password.html", form=form, by_mail=by_mail)
    if not form.validate():
        return render_template("people/lost_password.html", form=form, by_mail=by_mail), 422
    with unit_of_work():
        _send_reset(staff_no_meant(form.username.data))
    flash(
        gettext("如果这个工号登记了邮箱，重设密码的邮件马上就到，链接%(n)s小时内有效。", n=RESET_HOURS), "ok"
    )
    return redirect(url_for("people.log_in"))


def _send_reset(username: str) -> None:
    issued = service.request_reset(now(), username)
    if issued is None:
        return
    person, token = issued
    found = address_of(person)
    if found is None or not found.email:
        return
    with force_locale(found.locale):
        subject = gettext("重设密码")
        url = settings().public_url + url_for("people.redeem_link", token=token)
        body = gettext("有人为你的账号申请了重设密码。如果是你，请在%(n)s小时内打开：", n=RESET_HOURS)
        rest = gettext("如果不是你，不用理会，现在的密码仍然有效。")
    queue_mail(person, subject, f"{body}\n\n{url}\n\n{rest}", now())
