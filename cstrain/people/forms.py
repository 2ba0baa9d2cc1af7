"""Shapes of input. Choices are handed in by the views; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, Optional

from cstrain.people import policy
from cstrain.people.facts import ContractKind, DepartmentFacts, LeaveKind, PersonFacts, Status
from cstrain.ui.forms import CleanForm, DayField, at_most, chosen, needed, typed_day

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


class LogInForm(CleanForm):
    """Staff number and password."""

    username = StringField(lazy_gettext("工号"), [needed(), at_most(64)])
    password = PasswordField(lazy_gettext("密码"), [needed(), at_most(policy.PASSWORD_MAXIMUM)])


class CodeForm(CleanForm):
    """A code of the second factor."""

    code = StringField(lazy_gettext("验证码"), [needed(), at_most(20)])


class LostPasswordForm(CleanForm):
    """Whose password was lost."""

    username = StringField(lazy_gettext("工号"), [needed(), at_most(64)])


class NewPasswordForm(CleanForm):
    """A new password, twice."""

    password = PasswordField(
        lazy_gettext("新密码"),
        [needed(), at_most(policy.PASSWORD_MAXIMUM)],
        description=lazy_gettext("至少10个字符。可以用几个不相干的词连成一句，好记也难猜。"),
    )
    again = PasswordField(
        lazy_gettext("再输一次新密码"),
        [needed(), EqualTo("password", lazy_gettext("两次输入的不一样，请重新输入。"))],
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one, twice."""

    current = PasswordField(lazy_gettext("现在的密码"), [needed(), at_most(policy.PASSWORD_MAXIMUM)])


class LanguageForm(CleanForm):
    """The language one reads."""

    locale = RadioField(
        lazy_gettext("界面语言"), choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")]
    )


class PersonForm(CleanForm):
    """Name and contact data."""

    name = StringField(lazy_gettext("姓名"), [needed(), at_most(60)])
    phone = StringField(lazy_gettext("手机"), [at_most(30)])
    email = StringField(lazy_gettext("邮箱"), [at_most(254)])
    extension = StringField(lazy_gettext("分机"), [at_most(8)])


class HireForm(PersonForm):
    """A new person with the first contract."""

    staff_no = StringField(
        lazy_gettext("工号"),
        [needed(), at_most(32)],
        description=lazy_gettext("也是登录名，以后不能改。"),
    )
    department = SelectField(lazy_gettext("部门"), [chosen()])
    post = StringField(lazy_gettext("岗位"), [at_most(40)])
    hire_date = DayField(lazy_gettext("入职日期"), [needed()])
    status = RadioField(lazy_gettext("状态"), [chosen()], default=str(Status.PROBATION))
    level = SelectField(lazy_gettext("级别"), default="")
    track = SelectField(lazy_gettext("序列"), default="")
    contract = SelectField(lazy_gettext("合同类型"), default="")
    contract_start = DayField(
        lazy_gettext("合同开始"), [Optional()], description=lazy_gettext("不填则同入职日期。")
    )
    contract_end = DayField(lazy_gettext("合同到期"), [Optional()])
    probation_end = DayField(lazy_gettext("试用期截止"), [Optional()])
    signed_on = DayField(lazy_gettext("签订日期"), [Optional()])

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


class StateForm(CleanForm):
    """A change of status, level, track, department or post."""

    effective_from = DayField(lazy_gettext("生效日"), [needed()])
    status = SelectField(lazy_gettext("状态"), [chosen()])
    level = SelectField(lazy_gettext("级别"), default="")
    track = SelectField(lazy_gettext("序列"), default="")
    department = SelectField(lazy_gettext("部门"), [chosen()])
    post = StringField(lazy_gettext("岗位"), [at_most(40)])
    reason = TextAreaField(lazy_gettext("变动原因"), [needed(), at_most(500)])

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


class ContractForm(CleanForm):
    """A labour contract."""

    kind = SelectField(lazy_gettext("合同类型"), [chosen()], default=str(ContractKind.FIXED_TERM))
    starts_on = DayField(lazy_gettext("合同开始"), [needed()])
    ends_on = DayField(lazy_gettext("合同到期"), [Optional()], description=lazy_gettext("固定期限合同必填。"))
    probation_end = DayField(lazy_gettext("试用期截止"), [Optional()])
    signed_on = DayField(lazy_gettext("签订日期"), [Optional()])

    def offer(self) -> ContractForm:
        """Hand in the choices."""
        self.kind.choices = words(policy.CONTRACT_WORDS)
        return self


class RoleForm(CleanForm):
    """A role with its dates."""

    role = SelectField(lazy_gettext("角色"), [chosen()])
    department = SelectField(
        lazy_gettext("负责的部门"),
        default="",
        description=lazy_gettext("主管、组长、总监、贵宾经理必填，其他角色不用填。"),
    )
    valid_from = DayField(lazy_gettext("开始日"), [needed()])
    valid_to = DayField(
        lazy_gettext("结束日"), [Optional()], description=lazy_gettext("不填则一直有效，直到结束。")
    )

    def offer(self, departments: Iterable[DepartmentFacts]) -> RoleForm:
        """Hand in the choices."""
        roles = {key: word for key, word in policy.ROLE_WORDS.items() if key not in policy.IMPLIED_ROLES}
        self.role.choices = words(roles, empty="请选择")
        self.department.choices = department_choices(departments, "不限部门")
        return self


class LeaveForm(CleanForm):
    """An absence."""

    kind = SelectField(lazy_gettext("假别"), [chosen()], default=str(LeaveKind.SICK))
    first_day = DayField(lazy_gettext("第一天"), [needed()])
    last_day = DayField(lazy_gettext("最后一天"), [needed()])
    reason = StringField(lazy_gettext("说明"), [at_most(200)])

    def offer(self) -> LeaveForm:
        """Hand in the choices."""
        self.kind.choices = words(policy.LEAVE_WORDS)
        return self


class LeavingForm(CleanForm):
    """Somebody leaves the company."""

    last_day = DayField(lazy_gettext("最后工作日"), [needed()])
    reason = TextAreaField(lazy_gettext("离职原因"), [needed(), at_most(500)])
    successor = SelectField(
        lazy_gettext("接手人"), default="", description=lazy_gettext("所带学员和未办完的事项交给谁。")
    )
    close_now = BooleanField(lazy_gettext("立即关闭账号"))

    def offer(self, people: Iterable[PersonFacts]) -> LeavingForm:
        """Hand in the choices."""
        self.successor.choices = person_choices(people, "没有要交接的")
        return self


class StandInForm(CleanForm):
    """Somebody signs for somebody else."""

    principal = SelectField(lazy_gettext("被代理人"), [chosen()])
    stand_in = SelectField(lazy_gettext("代理人"), [chosen()])
    first_day = DayField(lazy_gettext("第一天"), [needed()])
    last_day = DayField(lazy_gettext("最后一天"), [needed()])
    reason = StringField(lazy_gettext("原因"), [needed(), at_most(200)])

    def offer(self, people: Iterable[PersonFacts]) -> StandInForm:
        """Hand in the choices."""
        self.principal.choices = person_choices(people, "请选择")
        self.stand_in.choices = list(self.principal.choices)
        return self


class CompanyDayForm(CleanForm):
    """The company's own word about a day."""

    day = DayField(lazy_gettext("日期"), [needed()])
    working = RadioField(lazy_gettext("这一天"), [chosen()])
    department = SelectField(lazy_gettext("适用部门"), default="")
    note = StringField(lazy_gettext("说明"), [at_most(60)])

    def offer(self, departments: Iterable[DepartmentFacts]) -> CompanyDayForm:
        """Hand in the choices."""
        self.working.choices = [SelectChoice("yes", gettext("上班")), SelectChoice("no", gettext("休息"))]
        self.department.choices = department_choices(departments, "全公司")
        return self


class DepartmentForm(CleanForm):
    """A department."""

    code = StringField(lazy_gettext("代码"), [at_most(40)])
    name = StringField(lazy_gettext("名称"), [needed(), at_most(40)])
    parent = SelectField(lazy_gettext("上级部门"), default="")
    week = SelectField(lazy_gettext("工作制"), [chosen()])
    is_active = BooleanField(lazy_gettext("使用中"), default=True)

    def offer(self, departments: Iterable[DepartmentFacts]) -> DepartmentForm:
        """Hand in the choices."""
        self.parent.choices = department_choices(departments, "没有上级")
        self.week.choices = words(policy.WEEK_WORDS)
        return self


class UploadForm(CleanForm):
    """A staff file."""

    file = FileField(lazy_gettext("员工表格"), description=lazy_gettext("xlsx或csv，最多5MB、5000人。"))


class EmptyForm(CleanForm):
    """A button: the token alone."""


def month_of(text: str | None, today: date) -> date:
    """Return the first day of the month in ``2026-11``; this month for anything else."""
    return typed_day(f"{text}-01") or today.replace(day=1)
