"""Words and limits of the people chapter. Pure: plain data that rules and pages read.

The Chinese words are message ids; the English twins stand in ``translations/en/people.po``.
"""

from __future__ import annotations

from cstrain.kernel.calendar import Week
from cstrain.people.facts import ContractKind, LeaveKind, Level, Status, Track

ROLE_WORDS: dict[str, str] = {
    "employee": "员工",
    "trainee": "新员工",
    "mentor": "导师",
    "guide": "带教人",
    "group_leader": "组长",
    "trainer": "培训师",
    "examiner": "考官",
    "marker": "阅卷人",
    "invigilator": "监考",
    "supervisor": "主管",
    "service_director": "客服总监",
    "department_director": "部门总监",
    "qc": "质检",
    "qc_manager": "质检经理",
    "vip_manager": "贵宾经理",
    "hr": "人力资源部",
    "hr_manager": "人事经理",
    "gm_office": "总经办",
    "deputy_gm": "副总经理",
    "gm": "总经理",
    "juror": "评委",
    "administrator": "系统管理员",
    "auditor": "审计",
}
"""Roles and offices in the order in which pages list them."""

IMPLIED_ROLES = frozenset({"employee", "trainee"})
"""Roles that follow from the employment status; nobody grants them."""

HEAD_ROLES = ("supervisor", "vip_manager", "service_director", "department_director", "group_leader")
"""Roles held for a department; all but the last head it. The order is the way up from an agent."""

SUPERIOR_ROLES = ("supervisor", "vip_manager", "service_director", "department_director")

EXCLUSIVE_ROLES = frozenset({"auditor"})
"""Roles that may not be held beside another granted role (the auditor reads everything and changes
nothing)."""

STATUS_WORDS: dict[str, str] = {
    Status.PROBATION: "试用期",
    Status.CONVERTED: "已转正",
    Status.LEFT: "已离职",
}
LEVEL_WORDS: dict[str, str] = {
    Level.JUNIOR: "初级",
    Level.INTERMEDIATE: "中级",
    Level.SENIOR: "高级",
    Level.PRINCIPAL: "资深",
}
TRACK_WORDS: dict[str, str] = {Track.BASIC: "基础", Track.VIP: "贵宾", Track.PHONE: "话务"}
WEEK_WORDS: dict[str, str] = {
    Week.SIX_DAYS: "六天工作制",
    Week.FIVE_DAYS: "五天工作制",
    Week.EVERY_DAY: "每天",
}
CONTRACT_WORDS: dict[str, str] = {
    ContractKind.FIXED_TERM: "固定期限",
    ContractKind.OPEN_ENDED: "无固定期限",
    ContractKind.TASK_BASED: "以完成一定工作任务为期限",
    ContractKind.PART_TIME: "非全日制",
}
LEAVE_WORDS: dict[str, str] = {
    LeaveKind.ANNUAL: "年假",
    LeaveKind.SICK: "病假",
    LeaveKind.PERSONAL: "事假",
    LeaveKind.MARRIAGE: "婚假",
    LeaveKind.MATERNITY: "产假",
    LeaveKind.BEREAVEMENT: "丧假",
    LeaveKind.INJURY: "工伤假",
    LeaveKind.OTHER: "其他",
}

LOG_IN_FAILURES = 10
"""Failed log-ins allowed for one account in the window (docs/rules.md 5)."""
LOG_IN_FAILURES_PER_ADDRESS = 100
"""Failed log-ins allowed from one address in the window: a whole office may share one."""
LOG_IN_WINDOW_MINUTES = 15
SESSION_HOURS = 12
"""A session ends this long after log-in, however busy it was."""
PASSWORD_MINIMUM = 10
PASSWORD_MAXIMUM = 200
FIRST_PASSWORD_HOURS = 72
RESET_HOURS = 2
RECOVERY_CODES = 10
LOST_PASSWORD_PER_HOUR = 3
PAGE_SIZE = 30


def role_word(role: str) -> str:
    """Return the Chinese word (message id) of a role."""
    return ROLE_WORDS.get(role, role)
