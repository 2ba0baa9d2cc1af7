"""What pages say of a competition's phases, checks and missing factors, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from cstrain.promotion.competition.facts import COLLEAGUES, Missing
from cstrain.promotion.competition.policy import CompetitionRules
from cstrain.ui.filters import listing, month

PHASE_WORDS = {
    "announced": "还没开始报名",
    "open": "报名中",
    "checking": "资格审查",
    "rating": "评分中",
    "calculated": "已统分",
    "decided": "试岗中",
    "ended": "已结束",
}
CHECK_WORDS = {
    "waits_opinion": "等部门意见",
    "waits_check": "等资格审查",
    "passed": "资格合格",
    "returned": "不符，退回",
    "withdrawn": "本人撤回",
}
TIE_WORDS = {"ability": "业务能力", "interview": "面试", "tenure": "入职先后"}


def lacks(missing: Missing, names: Mapping[int, str], rules: CompetitionRules) -> str:
    """Say in one sentence what a candidate's factor lacks."""
    who, title = names[missing.candidate], gettext(rules.factor(missing.factor).title)
    if missing.factor == "pm":
        if missing.months:
            without = listing(month(each) for each in missing.months)
            return str(
                gettext("%(who)s：%(factor)s缺%(months)s的月度分。", who=who, factor=title, months=without)
            )
        return str(
            gettext(
                "%(who)s：%(factor)s只有%(have)s个已关账月份，要%(need)s个。",
                who=who,
                factor=title,
                have=missing.have,
                need=missing.need,
            )
        )
    if missing.factor == COLLEAGUES:
        text = gettext(
            "%(who)s：同事已打分%(have)s人，要%(need)s人。", who=who, have=missing.have, need=missing.need
        )
        return str(text)
    text = gettext(
        "%(who)s：%(factor)s已交%(have)s份，要%(need)s份。",
        who=who,
        factor=title,
        have=missing.have,
        need=missing.need,
    )
    return str(text)
