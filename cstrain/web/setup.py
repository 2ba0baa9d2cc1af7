"""Wires language, templates' common values, error pages and static files into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, current_app, g, render_template, request
from flask_babel import get_locale, gettext
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from cstrain.extensions import babel, login_manager, session
from cstrain.kernel.errors import DomainError
from cstrain.ui.refusal import told
from cstrain.unit_of_work import is_crossed
from cstrain.web.cookies import Cookies
from cstrain.web.i18n import CatalogueDomain, select_locale, worded
from cstrain.web.navigation import navigation

_SAYS = {
    401: "请先登录。",
    403: "你没有打开这一页的权限。如果工作需要，请联系系统管理员。",
    404: "没有找到这一页。它可能不存在，或者不属于你可以查看的范围。",
    405: "这个地址不接受这种请求。请回到上一页重新操作。",
    413: "上传的内容太大，没有保存。请分成小一些的文件再传（每次不超过%(most)sMB）。",
    429: "操作太频繁，请稍后再试。",
    500: "系统出了错，这一步没有保存。请稍后再试；如果再次出现，请把页面时间告诉系统管理员。",
}


def init_app(app: Flask) -> None:
    """Register everything of the front of the house that is not a route."""
    app.session_interface = Cookies(app)
    babel.init_app(app, locale_selector=select_locale)
    babel.domain_instance = CatalogueDomain()
    app.jinja_env.globals["gettext"] = _say
    app.before_request(_refuse_nul)
    app.context_processor(_common)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(DBAPIError, _crossed)
    app.register_error_handler(CSRFError, _csrf_refused)
    app.register_error_handler(HTTPException, _http_error)
    login_manager.login_view = "people.log_in"
    login_manager.login_message = None
    # Flask-Login would rewrite the cookie of whoever's address changed (a phone's does all day) to note that
    # the log-in is no longer fresh, which nothing here asks
    login_manager.session_protection = None


def _refuse_nul() -> None:
    """Answer that there is no such page to an address with a NUL: no text of PostgreSQL can hold one.

    (Forms drop it, ``cstrain.ui.forms``; answers in an exam carry it escaped.)
    """
    if "\0" in request.path or any("\0" in value for _name, value in request.args.items(multi=True)):
        abort(404)


@pass_context
def _say(context: Context, message: str, /, **values: Any) -> str:
    """Say a page's message with its values, safe as HTML, as Jinja's own ``gettext`` does.

    A page looks up many words: its catalogue is found once a rendering, not once a word.
    """
    words = worded(g.get("catalogue") or babel.domain_instance.get_translations(), message, values)
    return (Markup(words) if context.eval_ctx.autoescape else words) % values  # noqa: S704  # our catalogue


def _common() -> dict[str, Any]:
    locale = get_locale()
    g.catalogue = babel.domain_instance.get_translations()
    return {
        "locale": locale.language if locale else "zh",
        "nav": navigation(),
        "me": current_user if current_user.is_authenticated else None,
    }


def _page(status: int, says: str) -> tuple[Any, int]:
    if request.accept_mimetypes.best == "application/json" or request.is_json:
        return {"error": says}, status
    return render_template("web/error.html", status=status, says=says), status


def _refused(error: DomainError) -> tuple[Any, int]:
    return _page(error.status, told(error))


def _crossed(error: DBAPIError) -> tuple[Any, int]:
    """Answer who got into somebody else's way (a double click, two at once); other errors stay errors.

    Services refuse in their own words where they know of it; this is for the rest. A program is told to try
    again.
    """
    if not is_crossed(error):
        raise error
    session().rollback()
    current_app.logger.warning("units crossed at %s", request.endpoint, exc_info=error)
    status = 503 if request.is_json else 409
    return _page(status, gettext("同一时间还有人在办同一件事，这一步没有保存。请刷新后再看。"))


def _csrf_refused(_error: CSRFError) -> tuple[Any, int]:
    return _page(
        400, gettext("页面放得太久，或者你已在别处重新登录，这一步没有保存。请返回上一页刷新后再试。")
    )


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    says = gettext(_SAYS.get(error.code, _SAYS[404]), **_limit(error.code))
    return _page(error.code, says)


def _limit(code: int) -> dict[str, int]:
    """Return what the sentence of 413 names: how much this address takes at once, in MB."""
    return {"most": max(1, (request.max_content_length or 0) // (1024 * 1024))} if code == 413 else {}
