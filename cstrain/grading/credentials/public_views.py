"""Verifying a certificate: for anybody, without logging in, and not to be indexed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import public
from cstrain.extensions import now
from cstrain.grading.credentials import queries
from cstrain.grading.credentials.codes import read_code, spaced
from cstrain.grading.credentials.limiter import Limiter

blueprint = Blueprint("verify", __name__, url_prefix="/verify")
_MOST_TYPED = 64


@blueprint.get("")
@public
def ask() -> Any:
    """Ask for the code of a certificate."""
    typed = request.args.get("code", "").strip()[:_MOST_TYPED]
    if typed:
        return redirect(url_for("verify.show", code=read_code(typed) or typed.replace("/", " ")))
    return _answer("", 200)


@blueprint.get("/<code>")
@public
def show(code: str) -> Response:
    """Say whether a certificate is genuine and stands; nothing else that its holder would not show."""
    typed = code[:_MOST_TYPED]
    rules = queries.credential_rules()
    window = timedelta(minutes=rules.verify_minutes)
    if not _limiter().allows(request.remote_addr or "", now(), rules.verify_most, window):
        says = gettext("查得太频繁，请%(n)s分钟后再试。", n=rules.verify_minutes)
        return _answer(typed, 429, error=says)
    read = read_code(typed)
    if read is None:
        says = gettext("编号抄错了：应该是16位字母和数字。请对照证书再输一次。")
        return _answer(typed, 404, error=says)
    found = queries.verify(read, now())
    if found is None:
        says = gettext("没有这张证书。请对照证书核对编号；核对无误的，这张证书不是本系统出具的。")
        return _answer(spaced(read), 404, error=says)
    return _answer(spaced(read), 200, found=found)


def _limiter() -> Limiter:
    return cast(Limiter, current_app.extensions["cstrain.certificate_lookups"])


def _answer(typed: str, status: int, *, error: str = "", found: Any = None) -> Response:
    page = render_template("grading/verify.html", typed=typed, error=error, found=found)
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
