"""The inbox behind the bell."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.notifications import queries, service
from cstrain.ui.forms import whole

blueprint = Blueprint("notifications", __name__)
blueprints = [blueprint]


@blueprint.get("/notices")
@requires("notice.read")
def inbox() -> str:
    """Show one's notices, newest first."""
    box = queries.notices(actor(), request.args.get("page", 1, whole))
    links = {
        "page": box.page,
        "pages": box.pages,
        "url": lambda number: url_for("notifications.inbox", page=number),
    }
    return render_template("notifications/inbox.html", box=box, links=links)


@blueprint.post("/notices/<int:notice_id>")
@requires("notice.read")
def open_notice(notice_id: int) -> Any:
    """Mark a notice as read and go where it leads."""
    url = service.mark_read(actor(), notice_id, now())
    return redirect(url or url_for("notifications.inbox"))


@blueprint.post("/notices/read")
@requires("notice.read")
def read_all() -> Any:
    """Mark all notices as read."""
    count = service.mark_all_read(actor(), now())
    flash(gettext("已把%(n)s条通知标为已读。", n=count), "ok")
    return redirect(url_for("notifications.inbox"))
