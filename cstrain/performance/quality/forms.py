"""Shapes of input for quality sampling. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf

from cstrain.performance.quality.facts import Side
from cstrain.performance.quality.policy import MOST_WORDS
from cstrain.ui.forms import CleanForm, DayField, LiveForm, at_most, chosen, needed

WHY_WORDS = {
    "known": lazy_gettext("认出了是谁的会话"),
    "unable": lazy_gettext("这通会话我评不了"),
    "other": lazy_gettext("其他原因"),
}
KIND_WORDS = {
    "answer": lazy_gettext("写说明，不改分"),
    "contest": lazy_gettext("提出异议，请别人重看"),
}


class EmptyForm(CleanForm):
    """A form of one button."""


class QueueForm(CleanForm):
    """Which queue to take a chat from; its fields are hidden."""

    week = StringField(validators=[needed()])
    side = StringField(validators=[needed(), AnyOf([side.value for side in Side])])


class BackForm(CleanForm):
    """Why a sheet is given back."""

    why = RadioField(lazy_gettext("为什么交回"), validators=[chosen(), AnyOf(list(WHY_WORDS))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.why.choices = list(WHY_WORDS.items())


class ChatsForm(CleanForm):
    """A chat file."""

    file = FileField(lazy_gettext("会话文件"))


class ChatForm(CleanForm):
    """A chat entered by hand."""

    staff_no = StringField(lazy_gettext("客服工号"), [needed(), at_most(64)])
    day = DayField(lazy_gettext("哪一天"), [needed()])
    channel = StringField(lazy_gettext("渠道"), [at_most(80)])
    code = StringField(lazy_gettext("会话编号"), [at_most(80)])
    customer = StringField(lazy_gettext("顾客"), [at_most(80)])
    vip = BooleanField(lazy_gettext("贵宾顾客"))
    lines = TextAreaField(lazy_gettext("对话"), [needed(), at_most(20_000)])


class PublishForm(CleanForm):
    """The publication of a week."""

    gaps_seen = BooleanField(lazy_gettext("没有打分的不再打分，照此公布"))


class ReplyForm(CleanForm):
    """What an agent says to a rating."""

    kind = RadioField(
        lazy_gettext("你要"), validators=[chosen(), AnyOf(list(KIND_WORDS))], validate_choice=False
    )
    words = TextAreaField(lazy_gettext("理由"), validators=[needed(), at_most(MOST_WORDS)])

    def offer(self, *, answer: bool, contest: bool) -> None:
        """Offer what may still be said; the service refuses the rest in words."""
        open_ways = {"answer": answer, "contest": contest}
        self.kind.choices = [(kind, word) for kind, word in KIND_WORDS.items() if open_ways[kind]]


class DecideForm(LiveForm):
    """The decision of a contest; ``live_form`` adds the points of a new rating."""

    upheld = RadioField(lazy_gettext("决定"), validators=[chosen(), AnyOf(["yes", "no"])])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.upheld.choices = [
            ("no", lazy_gettext("维持原来的打分")),
            ("yes", lazy_gettext("异议成立，重新打分")),
        ]
