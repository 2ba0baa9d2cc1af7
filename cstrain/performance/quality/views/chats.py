"""Pages where chats come in: a file in two steps, one by hand; and a chat to read."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.documents.tables import Cell
from cstrain.extensions import local_date, now, zone
from cstrain.kernel.errors import NotFoundError
from cstrain.people import queries as people
from cstrain.performance.quality import chat_file, queries, service
from cstrain.performance.quality.forms import ChatForm, ChatsForm, EmptyForm
from cstrain.performance.quality.policy import MOST_FILE, MOST_LINES
from cstrain.performance.quality.service import NewChat
from cstrain.performance.quality.views.base import blueprint, booking_url, note_view, workbook
from cstrain.ui.refusal import attempt

_SHOWN = 200


@blueprint.route("/chats/import", methods=["GET", "POST"])
@requires("quality.import")
def import_chats() -> Any:
    """Take a chat file and check it; nothing is entered yet."""
    form = ChatsForm()
    made: list[int] = []
    if form.validate_on_submit():
        if not form.file.data:
            form.file.errors = [gettext("请选择要导入的文件。")]
        elif attempt(form, lambda: made.append(_upload(form))):
            return redirect(url_for("quality.chat_batch", batch_id=made[0]))
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "quality/import.html",
        form=form,
        columns=chat_file.COLUMNS,
        most=MOST_LINES,
        megabytes=MOST_FILE // 1_000_000,
    )
    return page, status


def _upload(form: ChatsForm) -> int:
    upload = form.file.data
    return service.upload_chats(actor(), now(), upload.read(), upload.filename or "")


@blueprint.get("/chats/import/template.xlsx")
@requires("quality.import")
def chat_template() -> Response:
    """Download an empty chat file with its columns and one example."""
    return workbook(chat_file.template_rows(), "chat-template.xlsx")


@blueprint.get("/chats/import/<int:batch_id>")
@requires("quality.import")
def chat_batch(batch_id: int) -> str:
    """Show what a checked file would bring in, or what is wrong in it."""
    facts = queries.batch(actor(), batch_id)
    return render_template(
        "quality/batch.html",
        batch=facts,
        form=EmptyForm(formdata=None),
        names=people.people(facts.people, local_date(now())),
        shown=_SHOWN,
    )


@blueprint.get("/chats/import/<int:batch_id>/faults.xlsx")
@requires("quality.import")
def chat_faults(batch_id: int) -> Response:
    """Download the list of what is wrong, by row and column."""
    facts = queries.batch(actor(), batch_id)
    rows: list[list[Cell]] = [["行", "列", "问题"]]
    rows += [[one.row, one.column, one.text] for one in facts.faults]
    return workbook(rows, "chat-faults.xlsx")


@blueprint.post("/chats/import/<int:batch_id>/confirm")
@requires("quality.import")
def confirm_chats(batch_id: int) -> Any:
    """Enter every chat of the checked file."""
    added, late = service.confirm_chats(actor(), now(), batch_id)
    if late:
        flash(gettext("已导入%(n)s通，其中%(late)s通来晚了，不再抽取。", n=added, late=late), "warn")
    else:
        flash(gettext("已导入%(n)s通会话。", n=added), "ok")
    return redirect(url_for("quality.chat_batch", batch_id=batch_id))


@blueprint.post("/chats/import/<int:batch_id>/discard")
@requires("quality.import")
def discard_chats(batch_id: int) -> Any:
    """Throw the checked file away."""
    service.discard_chats(actor(), now(), batch_id)
    flash(gettext("这份文件没有导入，检查结果已删除。"), "ok")
    return redirect(url_for("quality.import_chats"))


@blueprint.route("/chats/new", methods=["GET", "POST"])
@requires("quality.import")
def new_chat() -> Any:
    """Enter one chat by hand."""
    form = ChatForm()
    made: list[int] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(_enter(form))):
        flash(gettext("会话已保存。"), "ok")
        if may(actor(), "quality.view"):
            return redirect(url_for("quality.chat", chat_id=made[0]))
        return redirect(url_for("quality.new_chat"))
    page = render_template(
        "quality/new_chat.html", form=form, example=chat_file.EXAMPLE, words=chat_file.SPEAKER_WORDS
    )
    return page, 422 if form.is_submitted() else 200


def _enter(form: ChatForm) -> int:
    agent = people.find_person_by_staff_no(form.staff_no.data or "", form.day.data)
    if agent is None:
        raise NotFoundError("没有保存：没有这个工号的员工。请核对。")
    new = NewChat(
        agent.id,
        form.channel.data or "",
        form.code.data or "",
        form.customer.data or "",
        form.vip.data,
        chat_file.typed_lines(form.lines.data or "", form.day.data, zone()),
    )
    return service.enter_chat(actor(), now(), new)


@blueprint.get("/chats/<int:chat_id>")
@requires("quality.view")
def chat(chat_id: int) -> str:
    """Show a chat of somebody in one's charge."""
    found = queries.chat(actor(), chat_id)
    agent = people.get_person(found.agent_id, local_date(now()))
    note_view(agent.id, "quality.chat")
    evidence = gettext("会话%(code)s", code=found.code)
    return render_template(
        "quality/chat.html", chat=found, agent=agent, book=booking_url(agent, found.day, evidence)
    )
