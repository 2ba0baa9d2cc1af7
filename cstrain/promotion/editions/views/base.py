"""What the pages of editions share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext, lazy_gettext

from cstrain.extensions import local_date, now
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts
from cstrain.promotion.editions import queries
from cstrain.promotion.editions.facts import Stage, is_chapter

blueprint = Blueprint("editions", __name__, url_prefix="/promotion")

STAGE_WORDS = {
    Stage.DRAFTED: lazy_gettext("等审核"),
    Stage.CHECKED: lazy_gettext("等批准"),
    Stage.APPROVED: lazy_gettext("已批准"),
    Stage.RETURNED: lazy_gettext("已退回"),
    Stage.WITHDRAWN: lazy_gettext("已撤回"),
    Stage.REPLACED: lazy_gettext("已改写"),
}
OFFICE_WORDS = {
    "hr": lazy_gettext("人力资源部"),
    "hr_manager": lazy_gettext("人事经理"),
    "gm_office": lazy_gettext("总经办"),
    "deputy_gm": lazy_gettext("副总经理"),
    "gm": lazy_gettext("总经理"),
}
FIELD_WORDS = {
    "title": lazy_gettext("标题"),
    "source": lazy_gettext("来源"),
    "kind": lazy_gettext("种类"),
    "levels": lazy_gettext("级别"),
    "titles": lazy_gettext("级别名称"),
    "skip_by": lazy_gettext("越级由谁授权"),
    "notes": lazy_gettext("说明"),
    "clause": lazy_gettext("条款"),
    "road": lazy_gettext("途径"),
    "panel": lazy_gettext("评审组"),
    "notice_working_days": lazy_gettext("公示工作日"),
    "trial_months": lazy_gettext("试岗月数"),
    "text": lazy_gettext("条件"),
    "grade": lazy_gettext("等级"),
    "topic": lazy_gettext("评价内容"),
    "roles": lazy_gettext("谁评价"),
    "metric": lazy_gettext("指标"),
    "papers": lazy_gettext("试卷"),
    "offices": lazy_gettext("职务"),
    "scope": lazy_gettext("比较范围"),
    "register_of": lazy_gettext("登记簿"),
    "consecutive": lazy_gettext("是否连续"),
}
"""Words for what may differ between two editions; numbers have theirs in the simulation."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a list is shown, and where the others are."""

    page: int
    pages: int
    endpoint: str
    values: dict[str, Any]

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for(self.endpoint, **self.values, page=number)


def titled(ref: str) -> str:
    """Return the title of a ladder or a chapter in the reader's language."""
    title = queries.title_of(ref)
    return str(gettext(title)) if is_chapter(ref) else title  # a ladder's title is the company's own words


def today() -> date:
    """Return the company's day."""
    return local_date(now())


def persons(ids: Iterable[PersonId]) -> dict[PersonId, PersonFacts]:
    """Return facts of people as they stand today."""
    return people.people(set(ids), today())
