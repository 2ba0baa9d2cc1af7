"""Shapes of input. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from cstrain.people import policy
from cstrain.people.facts import ContractKind, DepartmentFacts, LeaveKind, PersonFacts, Status

Choices = list[SelectChoice]


def words(table: Mapping[str, str], *, empty: str | None = None) -> Choices:
    """Return choices from a table of words, in the reader's language; ``empty`` heads the list."""
    head = [SelectChoice("", gettext(empty))] if empty is not None else []
    return head + [SelectChoice(str(key), gettext(word)) for key, word in table.items()]


def department_choices(departments: Iterable[DepartmentFacts], empty: str | None = None) -> Choices:
    """Return choices of departments by name."""
    head = [SelectChoice("", gettext(empty))] if empty is not None else []
    return head + [SelectChoice(str(one.id), one.name) for one in departments]


def person_choices(people: Iterable[PersonFacts], empty: str | None = None) -> Choices:
    """Return choices of people: name, staff number, department."""
    head = [SelectChoice("", gettext(empty))] if empty is not None else []
    return head + [
        SelectChoice(str(one.id), f"{one.name} {one.staff_no} {one.department_name}") for one in people
    ]


def number(field: Any) -> int | None:
    """Return the id chosen in a select field, ``None`` for the empty choice."""
    return int(field.data) if field.data else None


def _needed() -> InputRequired:
    return InputRequired(lazy_gettext("请填写这一项。"))


def _chosen() -> InputRequired:
    return InputRequired(lazy_gettext("请选择一项。"))


class _Day(DateField):
    """A day by the browser's own picker."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("这不是日期，请写成2026-11-20这样。")) from None


class LogInForm(FlaskForm):
    """Staff number and password."""

    username = StringField(lazy_gettext("工号"), [_needed(), Length(max=64)])
    password = PasswordField(lazy_gettext("密码"), [_needed(), Length(max=policy.PASSWORD_MAXIMUM)])


class CodeForm(FlaskForm):
    """A code of the second factor."""

    code = StringField(lazy_gettext("验证码"), [_needed(), Length(max=20)])


class LostPasswordForm(FlaskForm):
    """Whose password was lost."""

    username = StringField(lazy_gettext("工号"), [_needed(), Length(max=64)])


class NewPasswordForm(FlaskForm):
    """A new password, twice."""

    password = PasswordField(
        lazy_gettext("新密码"),
        [_needed(), Length(max=policy.PASSWORD_MAXIMUM)],
        description=lazy_gettext("至少10个字符。可以用几个不相干的词连成一句，好记也难猜。"),
    )
    again = PasswordField(
        lazy_gettext("再输一次新密码"),
        [_needed(), EqualTo("password", lazy_gettext("两次输入的不一样，请重新输入。"))],
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one, twice."""

    current = PasswordField(lazy_gettext("现在的密码"), [_needed(), Length(max=policy.PASSWORD_MAXIMUM)])


class LanguageForm(FlaskForm):
    """The language one reads."""

    locale = RadioField(
        lazy_gettext("界面语言"), choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")]
    )


class PersonForm(FlaskForm):
    """Name and contact data."""

    name = StringField(lazy_gettext("姓名"), [_needed(), Length(max=60)])
    phone = StringField(lazy_gettext("手机"), [Length(max=30)])
    email = StringField(lazy_gettext("邮箱"), [Length(max=254)])
    extension = StringField(lazy_gettext("分机"), [Length(max=8)])


class HireForm(PersonForm):
    """A new person with the first contract."""

    staff_no = StringField(
        lazy_gettext("工号"),
        [_needed(), Length(max=32)],
        description=lazy_gettext("也是登录名，以后不能改。"),
    )
    department = SelectField(lazy_gettext("部门"), [_chosen()])
    post = StringField(lazy_gettext("岗位"), [Length(max=40)])
    hire_date = _Day(lazy_gettext("入职日期"), [_needed()])
    status = RadioField(lazy_gettext("状态"), [_chosen()], default=str(Status.PROBATION))
    level = SelectField(lazy_gettext("级别"), default="")
    track = SelectField(lazy_gettext("序列"), default="")
    contract = SelectField(lazy_gettext("合同类型"), default="")
    contract_start = _Day(
        lazy_gettext("合同开始"), [Optional()], description=lazy_gettext("不填则同入职日期。")
    )
    contract_end = _Day(lazy_gettext("合同到期"), [Optional()])
    probation_end = _Day(lazy_gettext("试用期截止"), [Optional()])
    signed_on = _Day(lazy_gettext("签订日期"), [Optional()])

    def offer(self, departments: Iterable[DepartmentFacts]) -> HireForm:
        """Hand in the choices."""
        self.department.choices = department_choices(departments, "请选择")
        self.status.choices = words(
            {key: word for key, word in policy.STATUS_WORDS.items() if key != Status.LEFT}
        )
        self.level.choices = words(policy.LEVEL_WORDS, empty="未定级")
        self.track.choices = words(policy.TRACK_WORDS, empty="未分序列")
        self.contract.choices = words(policy.CONTRACT_WORDS, empty="暂不登记合同")
        return self


class StateForm(FlaskForm):
    """A change of status, level, track, department or post."""

    effective_from = _Day(lazy_gettext("生效日"), [_needed()])
    status = SelectField(lazy_gettext("状态"), [_chosen()])
    level = SelectField(lazy_gettext("级别"), default="")
    track = SelectField(lazy_gettext("序列"), default="")
    department = SelectField(lazy_gettext("部门"), [_chosen()])
    post = StringField(lazy_gettext("岗位"), [Length(max=40)])
    reason = TextAreaField(lazy_gettext("变动原因"), [_needed(), Length(max=500)])

    def offer(self, departments: Iterable[DepartmentFacts], status: Status) -> StateForm:
        """Hand in the choices; leaving has a page of its own."""
        self.status.choices = words(
            {
                key: word
                for key, word in policy.STATUS_WORDS.items()
                if key != Status.LEFT or status is Status.LEFT
            }
        )
        self.level.choices = words(policy.LEVEL_WORDS, empty="未定级")
        self.track.choices = words(policy.TRACK_WORDS, empty="未分序列")
        self.department.choices = department_choices(departments)
        return self


class ContractForm(FlaskForm):
    """A labour contract."""

    kind = SelectField(lazy_gettext("合同类型"), [_chosen()], default=str(ContractKind.FIXED_TERM))
    starts_on = _Day(lazy_gettext("合同开始"), [_needed()])
    ends_on = _Day(lazy_gettext("合同到期"), [Optional()], description=lazy_gettext("固定期限合同必填。"))
    probation_end = _Day(lazy_gettext("试用期截止"), [Optional()])
    signed_on = _Day(lazy_gettext("签订日期"), [Optional()])

    def offer(self) -> ContractForm:
        """Hand in the choices."""
        self.kind.choices = words(policy.CONTRACT_WORDS)
        return self


class RoleForm(FlaskForm):
    """A role with its dates."""

    role = SelectField(lazy_gettext("角色"), [_chosen()])
    department = SelectField(
        lazy_gettext("负责的部门"),
        default="",
        description=lazy_gettext("主管、组长、总监、贵宾经理必填，其他角色不用填。"),
    )
    valid_from = _Day(lazy_gettext("开始日"), [_needed()])
    valid_to = _Day(
        lazy_gettext("结束日"), [Optional()], description=lazy_gettext("不填则一直有效，直到结束。")
    )

    def offer(self, departments: Iterable[DepartmentFacts]) -> RoleForm:
        """Hand in the choices."""
        roles = {key: word for key, word in policy.ROLE_WORDS.items() if key not in policy.IMPLIED_ROLES}
        self.role.choices = words(roles, empty="请选择")
        self.department.choices = department_choices(departments, "不限部门")
        return self


class LeaveForm(FlaskForm):
    """An absence."""

    kind = SelectField(lazy_gettext("假别"), [_chosen()], default=str(LeaveKind.SICK))
    first_day = _Day(lazy_gettext("第一天"), [_needed()])
    last_day = _Day(lazy_gettext("最后一天"), [_needed()])
    reason = StringField(lazy_gettext("说明"), [Length(max=200)])

    def offer(self) -> LeaveForm:
        """Hand in the choices."""
        self.kind.choices = words(policy.LEAVE_WORDS)
        return self


class LeavingForm(FlaskForm):
    """Somebody leaves the company."""

    last_day = _Day(lazy_gettext("最后工作日"), [_needed()])
    reason = TextAreaField(lazy_gettext("离职原因"), [_needed(), Length(max=500)])
    successor = SelectField(
        lazy_gettext("接手人"), default="", description=lazy_gettext("所带学员和未办完的事项交给谁。")
    )
    close_now = BooleanField(lazy_gettext("立即关闭账号"))

    def offer(self, people: Iterable[PersonFacts]) -> LeavingForm:
        """Hand in the choices."""
        self.successor.choices = person_choices(people, "没有要交接的")
        return self


class StandInForm(FlaskForm):
    """Somebody signs for somebody else."""

    principal = SelectField(lazy_gettext("被代理人"), [_chosen()])
    stand_in = SelectField(lazy_gettext("代理人"), [_chosen()])
    first_day = _Day(lazy_gettext("第一天"), [_needed()])
    last_day = _Day(lazy_gettext("最后一天"), [_needed()])
    reason = StringField(lazy_gettext("原因"), [_needed(), Length(max=200)])

    def offer(self, people: Iterable[PersonFacts]) -> StandInForm:
        """Hand in the choices."""
        self.principal.choices = person_choices(people, "请选择")
        self.stand_in.choices = list(self.principal.choices)
        return self


class CompanyDayForm(FlaskForm):
    """The company's own word about a day."""

    day = _Day(lazy_gettext("日期"), [_needed()])
    working = RadioField(lazy_gettext("这一天"), [_chosen()])
    department = SelectField(lazy_gettext("适用部门"), default="")
    note = StringField(lazy_gettext("说明"), [Length(max=60)])

    def offer(self, departments: Iterable[DepartmentFacts]) -> CompanyDayForm:
        """Hand in the choices."""
        self.working.choices = [SelectChoice("yes", gettext("上班")), SelectChoice("no", gettext("休息"))]
        self.department.choices = department_choices(departments, "全公司")
        return self


class DepartmentForm(FlaskForm):
    """A department."""

    code = StringField(lazy_gettext("代码"), [Length(max=40)])
    name = StringField(lazy_gettext("名称"), [_needed(), Length(max=40)])
    parent = SelectField(lazy_gettext("上级部门"), default="")
    week = SelectField(lazy_gettext("工作制"), [_chosen()])
    is_active = BooleanField(lazy_gettext("使用中"), default=True)

    def offer(self, departments: Iterable[DepartmentFacts]) -> DepartmentForm:
        """Hand in the choices."""
        self.parent.choices = department_choices(departments, "没有上级")
        self.week.choices = words(policy.WEEK_WORDS)
        return self


class UploadForm(FlaskForm):
    """A staff file."""

    file = FileField(lazy_gettext("员工表格"), description=lazy_gettext("xlsx或csv，最多5MB、5000人。"))


class EmptyForm(FlaskForm):
    """A button: the token alone."""


def month_of(text: str | None, today: date) -> date:
    """Return the first day of the month in ``2026-11``; this month for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
