"""Shapes of input. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from cstrain.onboarding.facts import CohortFacts
from cstrain.onboarding.policy import DECISION_WORDS, STATE_WORDS, Decision, Programme, SheetSpec
from cstrain.people.facts import PersonFacts
from cstrain.ui.forms import CleanForm, CleanPart, DayField, InstantField, at_most, chosen, needed

Choices = list[SelectChoice]
_DECISIONS: tuple[Decision, ...] = ("continue", "higher_demands", "improve", "eliminate")
_STARS = (1, 2, 3, 4, 5)


def people_choices(people: Iterable[PersonFacts], empty: str | None = None) -> Choices:
    """Return choices of people: name, staff number, department; ``empty`` heads the list."""
    head = [SelectChoice("", gettext(empty))] if empty is not None else []
    return head + [
        SelectChoice(str(one.id), f"{one.name} {one.staff_no} {one.department_name}") for one in people
    ]


def mentor_choices(
    people: Iterable[PersonFacts], loads: Mapping[int, int], cap: int, empty: str | None = None
) -> Choices:
    """Return choices of mentors with how many trainees each has, of how many."""
    head = [SelectChoice("", gettext(empty))] if empty is not None else []
    return head + [
        SelectChoice(
            str(one.id),
            gettext(
                "%(name)s（%(department)s），现带%(n)s人，上限%(cap)s人",
                name=one.name,
                department=one.department_name,
                n=loads.get(one.id, 0),
                cap=cap,
            ),
        )
        for one in people
    ]


def cohort_choices(cohorts: Iterable[CohortFacts]) -> Choices:
    """Return choices of cohorts with their programmes."""
    return [SelectChoice(str(one.id), f"{one.name} {one.programme_title}") for one in cohorts]


class _Mark(DecimalField):
    """A number with at most one decimal, or nothing yet."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(gettext("请填数字，例如 38 或 8.5。")) from None


class ActForm(CleanForm):
    """A POST without fields: only its token is checked."""


class EnrolForm(CleanForm):
    """Who begins which programme when, with whom."""

    person = SelectField(lazy_gettext("新员工"), [chosen()])
    cohort = SelectField(lazy_gettext("期"), [chosen()])
    start_date = DayField(
        lazy_gettext("开始日期"),
        [needed()],
        description=lazy_gettext("第1天是这一天起第一个上班日；日期按部门日历、排班和请假推算。"),
    )
    mentor = SelectField(lazy_gettext("导师"), default="")
    with_pre_start = BooleanField(lazy_gettext("开始前有岗前集训"))
    window = BooleanField(lazy_gettext("已知悉超期"))


class MentorForm(CleanForm):
    """A new mentor from a day on, or a substitute between two days."""

    kind = RadioField(lazy_gettext("指定"), [chosen()], default="mentor")
    mentor = SelectField(lazy_gettext("人员"), [chosen()])
    first_day = DayField(lazy_gettext("从哪天起"), [needed()])
    last_day = DayField(lazy_gettext("代带到哪天"), [Optional()], description=lazy_gettext("只有代带要填。"))
    reason = TextAreaField(lazy_gettext("原因"), [needed(), at_most(500)])

    def offer(self, mentors: Choices) -> MentorForm:
        """Hand in the choices."""
        self.kind.choices = [
            SelectChoice("mentor", gettext("更换导师")),
            SelectChoice("substitute", gettext("有日期的代带")),
        ]
        self.mentor.choices = mentors
        return self


class GuideForm(CleanForm):
    """Who guides and signs a guide's day."""

    day = SelectField(lazy_gettext("哪一天"), [chosen()])
    guide = SelectField(lazy_gettext("带教人"), [chosen()])


class ReplanForm(CleanForm):
    """From which day on the rest is planned anew, and why."""

    from_day = HiddenField(validators=[needed()])
    reason = TextAreaField(lazy_gettext("重排原因"), [needed(), at_most(500)])
    window = BooleanField(lazy_gettext("已知悉超期"))


class StateForm(CleanForm):
    """What becomes of an enrolment."""

    act = RadioField(lazy_gettext("办理"), [chosen()])
    day = DayField(
        lazy_gettext("从哪天起"), [Optional()], description=lazy_gettext("恢复和转出要填，其他不填。")
    )
    cohort = SelectField(lazy_gettext("转到哪一期"), default="")
    reason = TextAreaField(lazy_gettext("原因"), [needed(), at_most(500)])
    window = BooleanField(lazy_gettext("已知悉超期"))


class SignForm(CleanPart):
    """A day to sign, one of several on a page; its CSRF token belongs to the page's form."""

    pick = BooleanField(lazy_gettext("签这天"))
    state = RadioField(lazy_gettext("工作状态"), coerce=int, validate_choice=False)
    remark = TextAreaField(lazy_gettext("评语（1、2分时必填）"), [at_most(500)])

    def offer(self) -> SignForm:
        """Hand in the choices."""
        self.state.choices = [SelectChoice(value, gettext(word)) for value, word in STATE_WORDS.items()]
        return self


class NoteForm(CleanForm):
    """An addition to a signature."""

    text = TextAreaField(lazy_gettext("追加更正"), [needed(), at_most(500)])


class ExamForm(CleanForm):
    """When and where a day's papers are sat."""

    opens_at = InstantField(lazy_gettext("开始时间"), [needed()])
    closes_at = InstantField(lazy_gettext("结束时间"), [needed()])
    place = StringField(lazy_gettext("地点"), [at_most(80)])


class CohortExamForm(ExamForm):
    """The same for a whole cohort."""

    day = SelectField(lazy_gettext("哪一天的考试"), [chosen()])


class GateForm(CleanForm):
    """A decision at a gate."""

    decision = RadioField(lazy_gettext("决定"), [chosen()])
    reason = TextAreaField(lazy_gettext("理由"), [needed(), at_most(1000)])

    def offer(self, *, may_eliminate: bool) -> GateForm:
        """Hand in the choices; elimination only where the gate allows it."""
        offered = [one for one in _DECISIONS if may_eliminate or one != "eliminate"]
        self.decision.choices = [SelectChoice(one, gettext(DECISION_WORDS[one])) for one in offered]
        return self


class SampleForm(CleanForm):
    """What HR found when checking a signed day."""

    agrees = RadioField(lazy_gettext("抽查结果"), [chosen()])
    note = StringField(lazy_gettext("说明"), [at_most(500)])

    def offer(self) -> SampleForm:
        """Hand in the choices."""
        self.agrees.choices = [
            SelectChoice("yes", gettext("与签核相符")),
            SelectChoice("no", gettext("不相符")),
        ]
        return self


class CohortForm(CleanForm):
    """A new cohort."""

    name = StringField(lazy_gettext("期的名称"), [needed(), at_most(40)])
    programme = SelectField(lazy_gettext("培训计划"), [chosen()])
    starts_on = DayField(lazy_gettext("开始日期"), [needed()])

    def offer(self, programmes: Iterable[Programme]) -> CohortForm:
        """Hand in the choices."""
        self.programme.choices = [SelectChoice(one.ref, one.title) for one in programmes]
        return self


class EvaluationForm(CleanForm):
    """The evaluation and summary of a cohort."""

    text = TextAreaField(lazy_gettext("评估与总结"), [needed(), at_most(5000)])


class RatingForm(CleanForm):
    """What a trainee says at the end."""

    mentor_stars = RadioField(lazy_gettext("给导师打分"), [chosen()], coerce=int)
    programme_stars = RadioField(lazy_gettext("给培训计划打分"), [chosen()], coerce=int)
    text = TextAreaField(lazy_gettext("想说的话"), [at_most(1000)])

    def offer(self) -> RatingForm:
        """Hand in the choices."""
        words = [gettext(word) for word in ("很差", "较差", "一般", "较好", "很好")]
        choices = [SelectChoice(star, word) for star, word in zip(_STARS, words, strict=True)]
        self.mentor_stars.choices = self.programme_stars.choices = choices
        return self


class SheetForm(CleanForm):
    """A score sheet; its numbers are added by ``sheet_form``."""

    evidence = TextAreaField(lazy_gettext("依据"), [needed(), at_most(1000)])
    reason = StringField(lazy_gettext("更正原因"), [at_most(500)])

    def marks(self) -> dict[str, Decimal | None]:
        """Return the numbers by name; ``None`` where nothing was entered."""
        return {
            field.short_name.removeprefix("mark_"): field.data
            for field in self
            if field.short_name.startswith("mark_")
        }


def sheet_form(spec: SheetSpec, data: Mapping[str, Any] | None = None) -> SheetForm:
    """Return the form of a kind of score sheet, filled with ``data`` (a sheet to be corrected)."""
    titles = {each.id: each.title for each in spec.measures} | {each.id: each.title for each in spec.items}
    fields = {f"mark_{name}": _Mark(title, [Optional()], places=1) for name, title in titles.items()}
    made = type("SheetOfKind", (SheetForm,), fields)
    form: SheetForm = made(data=dict(data or {}))
    return form
