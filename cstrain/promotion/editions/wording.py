"""Words for what differs in a calculation that was looked at again (message ids)."""

from __future__ import annotations

from cstrain.judgement.recounting import Deviation

KIND_WORDS: dict[str, str] = {
    "competition": "竞聘统分",
    "rating": "季度评级",
    "screening": "雏鹰计划筛选表",
    "interviews": "雏鹰计划面试",
}
WHAT_WORDS: dict[str, str] = {
    "rank": "名次",
    "total": "总分",
    "ability": "业务能力评分表",
    "interview": "面试评分表",
    "manager": "经理评分表",
    "colleagues": "同事评分的计数",
    "candidate": "参加的人",
    "rules": "发布时的办法",
    "base": "部门的月度数据",
    "outcome": "结果",
    "level": "级别",
    "goal": "以后的级别",
    "why": "说明",
    "below": "低于标准",
    "recorded_outcome": "登记的结果",
    "recorded_level": "登记的级别",
    "recorded_goal": "登记的以后级别",
    "recorded_why": "登记的说明",
    "recorded_below": "登记的低于标准",
    "application": "报名",
    "place": "名额",
    "gates": "条件",
    "items": "各项得分",
    "invited": "入围",
    "unknown": "待确认的项目",
    "mean": "面试平均分",
    "accepted": "入选",
    "by": "同分时比较的项目",
    "sheet": "面试评分表",
}


def what_of(one: Deviation) -> str:
    """Return the word for what differs; its code where there is none."""
    return WHAT_WORDS.get(one.what, one.what)
