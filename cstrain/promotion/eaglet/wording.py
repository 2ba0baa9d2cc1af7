"""What pages and papers say of a plan's phases, items and results."""

from __future__ import annotations

from cstrain.people.policy import LEVEL_WORDS

PHASE_WORDS = {
    "proposed": "等审批",
    "refused": "没有获批",
    "approved": "已批准，等发布通知",
    "announced": "还没开始报名",
    "open": "报名中",
    "screening": "筛选中",
    "interviews": "面试中",
    "deciding": "等公布结果",
    "again": "有名额要再次通知",
    "studying": "学习中",
    "closed": "已结束",
    "ended": "已终止",
}
OFFICE_WORDS = {
    "gm": "总经理",
    "deputy_gm": "副总经理",
    "hr_manager": "人事经理",
    "service_director": "客服总监",
}
ITEM_WORDS = {"awards": "奖项", "conversion": "转正考试成绩", "duration": "计划时长", "level": "级别"}
ABOUT_WORDS = {
    "tenure": "在普通客服部门工作满1年",
    "register": "没有重大投诉",
    "endorsement": "上级评语",
    "headcount": "名额",
    "conversion": "转正考试成绩",
    "level": "级别",
    "awards": "奖项",
}
PLATFORM_WORDS = {"soso": "SOSO", "google": "Google"}
BY_WORDS = {"screening": "同分，按筛选总分", "service": "同分，按客服工作时间", "arrival": "同分，按报名先后"}
TIE_WORDS = {"mentor": "师徒", "superior": "上下级"}
SAID_WORDS = {
    "results": "工作成绩",
    "progress": "计划进度",
    "methods": "学习方法",
    "exam_times": "计划考试时间",
}
RESULT_WORDS = {
    "waiting": "等成绩",
    "passed": "过线",
    "failed": "未过线",
    "absent": "缺考",
    "exempt": "免试",
}
REMOVAL_WORDS = {
    "asked": "等人力资源部决定",
    "kept": "不除名",
    "window": "决定除名，申诉期内",
    "appealed": "决定除名，申诉中",
    "removed": "已除名",
    "reinstated": "申诉成立，不除名",
}


def item_given(name: str, given: str) -> str:
    """Say what the sheet found of an item in Chinese, for paper."""
    if name == "level":
        return LEVEL_WORDS.get(given, given)
    return given
