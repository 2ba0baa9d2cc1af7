"""Shapes of input for conversion cases. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.validators import Optional as MayBeEmpty

from cstrain.onboarding.conversion.facts import Outcome
from cstrain.onboarding.conversion.policy import OUTCOME_WORDS
from cstrain.ui.forms import CleanForm, DayField, at_most, chosen, needed

_MOST = 2000


def _length() -> Length:
    return Length(max=_MOST, message=lazy_gettext("最多2000个字。"))


class DayForm(CleanForm):
    """A day on which papers are sat."""

    on_day = DayField(lazy_gettext("考试日期"), validators=[needed()])


class ViolationsForm(CleanForm):
    """What HR states about violations in a case."""

    violations = RadioField(lazy_gettext("试用期内有没有违纪"), validators=[chosen()])
    text = TextAreaField(
        lazy_gettext("违纪情况"),
        description=lazy_gettext("有违纪时填写，一行一条，写明日期和情况。"),
        validators=[_length()],
    )

    def offer(self) -> None:
        """Fill the two answers."""
        self.violations.choices = [("none", gettext("无")), ("listed", gettext("有"))]


class SummaryForm(CleanForm):
    """The trainee's own summary."""

    text = TextAreaField(
        lazy_gettext("试用期小结"),
        description=lazy_gettext("20至2000个字：学了什么，做得怎样，不足和今后的计划。"),
        validators=[needed()],
    )


class TrainingForm(CleanForm):
    """Special training for a case."""

    text = TextAreaField(
        lazy_gettext("专项培训"),
        description=lazy_gettext("写明补哪些内容、由谁带、什么时候。"),
        validators=[needed(), _length()],
    )


class OfferForm(CleanForm):
    """Until when probation shall be extended."""

    until = DayField(lazy_gettext("延长到"), validators=[needed()])


class ConsentForm(CleanForm):
    """The employee's written consent, as HR records it."""

    until = DayField(lazy_gettext("同意延长到"), validators=[needed()])
    consented_on = DayField(lazy_gettext("员工签字日期"), validators=[needed()])
    evidence = StringField(
        lazy_gettext("凭据"),
        description=lazy_gettext("同意书存放的位置或档案号。"),
        validators=[needed(), at_most(500)],
    )


class OwnConsentForm(CleanForm):
    """The employee's consent, given by themself; carries nothing but the token."""


class DecisionForm(CleanForm):
    """How a case shall be decided, and why."""

    outcome = RadioField(lazy_gettext("结论"), validators=[chosen()])
    until = DayField(
        lazy_gettext("延长到"),
        description=lazy_gettext("只在延长试用期时填写，与同意书一致。"),
        validators=[MayBeEmpty()],
    )
    reason = TextAreaField(
        lazy_gettext("理由"),
        description=lazy_gettext("与建议结论不同时，至少写10个字。"),
        validators=[needed(), _length()],
    )

    def offer(self, choices: Iterable[Outcome]) -> None:
        """Fill the outcomes."""
        self.outcome.choices = [(str(one), gettext(OUTCOME_WORDS[one])) for one in choices]


class NoteForm(CleanForm):
    """A reason, for a confirmation or for sending back."""

    note = TextAreaField(lazy_gettext("说明"), validators=[_length()])


class SendBackForm(CleanForm):
    """Why an elimination is not pursued."""

    note = TextAreaField(lazy_gettext("退回原因"), validators=[needed(), _length()])


class AnswerForm(CleanForm):
    """The trainee's answer to an elimination."""

    answer = TextAreaField(
        lazy_gettext("我的答复"),
        description=lazy_gettext("只能答复一次，保存后保留在案。"),
        validators=[needed(), _length()],
    )


class EliminationForm(CleanForm):
    """Everything the law asks for of an elimination within probation."""

    listed = SelectField(lazy_gettext("没有达到的录用条件"), validators=[MayBeEmpty()])
    condition = StringField(
        lazy_gettext("其他录用条件"),
        description=lazy_gettext("上面没有列出时填写，要与员工确认过的文字一致。"),
        validators=[at_most(500)],
    )
    acknowledged_on = DayField(
        lazy_gettext("员工确认这项条件的日期"),
        description=lazy_gettext("在系统里确认过的条件可以留空，由系统填写。"),
        validators=[MayBeEmpty()],
    )
    evidence = TextAreaField(
        lazy_gettext("证据"),
        description=lazy_gettext("成绩、签核、考核表等，写明日期和存放位置。"),
        validators=[needed(), _length()],
    )
    union_notice = StringField(
        lazy_gettext("通知工会的情况"),
        description=lazy_gettext("写明日期和方式；没有工会的写“无工会”。"),
        validators=[needed(), at_most(500)],
    )
    reasons = TextAreaField(
        lazy_gettext("写进通知书的理由"),
        description=lazy_gettext("员工会看到这段文字，并可以答复。"),
        validators=[needed(), _length()],
    )
    last_day = DayField(lazy_gettext("最后工作日"), validators=[needed()])

    def offer(self, conditions: Iterable[tuple[str, str, date | None]]) -> None:
        """Fill the recruitment conditions: key, words, and when the person acknowledged them."""
        choices: list[Any] = [("", gettext("其他（在下面填写）"))]
        for key, text, acknowledged in conditions:
            day = acknowledged.isoformat() if acknowledged else gettext("还没有确认")
            choices.append((key, gettext("%(text)s（确认：%(day)s）", text=text, day=day)))
        self.listed.choices = choices
