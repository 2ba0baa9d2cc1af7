"""The chapter of reports, contests and titles, and the words of its closed sets. Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cstrain.performance.activities.facts import Kind, Measure, Number, Phase
from cstrain.performance.facts import METRICS, SALES_SHARE

CHAPTER = "activities.yaml"

DEDUCTIONS = "deductions"
"""The number of un-reversed deductions of a month, beside the metrics of its record."""

Way = Literal["proposal", "contest"]
_Name = Field(pattern=r"^[a-z][a-z0-9_]*$")


class _Chapter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(_Chapter):
    """A heading of a report and what is to be written under it."""

    code: str = _Name
    title: str = Field(min_length=1)
    hint: str = ""
    required: bool = False


class Entered(_Chapter):
    """A number that the leader gives by hand because no record of the system has it."""

    code: str = _Name
    title: str = Field(min_length=1)
    unit: str = ""


class ReportForm(_Chapter):
    """What a report asks. It is due on the leader's next rostered day by ``due_hour`` (company time)."""

    due_hour: int = Field(ge=0, le=23)
    numbers: tuple[Number, ...] = ()
    entered: tuple[Entered, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _once(self) -> ReportForm:
        for codes in ([one.code for one in self.sections], [one.code for one in self.entered]):
            if len(set(codes)) < len(codes):
                raise ValueError("报告的栏目编号不能重复。")
        return self


class Reports(_Chapter):
    """Both forms; a report not handed in is listed for ``look_back_days`` and may be made up so long."""

    look_back_days: int = Field(ge=1, le=60)
    day: ReportForm
    week: ReportForm

    def form(self, kind: Kind) -> ReportForm:
        """Return the form of a kind."""
        return self.day if kind is Kind.DAY else self.week


class Contests(_Chapter):
    """What a department may compete in, and the bounds of a contest."""

    least_months: int = Field(ge=1, le=12)
    most_months: int = Field(ge=1, le=24)
    most_seats: int = Field(ge=1, le=100)
    metrics: dict[str, Literal["more", "less"]] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Contests:
        for name in self.metrics:
            if name not in {*METRICS, SALES_SHARE, DEDUCTIONS}:
                raise ValueError(f"没有{name}这个指标，请用月度绩效里的指标。")
        return self


class TitleKind(_Chapter):
    """A title. ``most``: at most so many proposed a department and month; ``least_grade``: of that month."""

    code: str = _Name
    title: str = Field(min_length=1)
    by: tuple[Way, ...] = Field(min_length=1)
    most: int | None = Field(default=None, ge=1)
    least_grade: Literal["S", "A", "B", "C", "D"] | None = None


class Titles(_Chapter):
    """The titles, and how many months back one may still be proposed."""

    months_back: int = Field(ge=1, le=12)
    kinds: tuple[TitleKind, ...] = Field(min_length=1)

    def kind(self, code: str) -> TitleKind | None:
        """Return the title of a code, if there is one."""
        return next((one for one in self.kinds if one.code == code), None)

    def given_by(self, way: Way) -> list[TitleKind]:
        """Return the titles that are given one way."""
        return [one for one in self.kinds if way in one.by]


class ActivityRules(_Chapter):
    """The chapter (docs/rules.md 7)."""

    ref: str
    edition: int = Field(ge=1)
    effective_from: date
    source: str = Field(min_length=1)
    reports: Reports
    contests: Contests
    titles: Titles


KIND_WORDS: dict[str, str] = {Kind.DAY: "日报", Kind.WEEK: "周报"}

NUMBER_WORDS: dict[str, tuple[str, str]] = {
    Number.PEOPLE: ("在职人数", "%(n)s人"),
    Number.DUE: ("应出勤", "%(n)s人天"),
    Number.LEAVE: ("请假", "%(n)s人天"),
    Number.CHATS: ("接待会话", "%(n)s通"),
    Number.FIRST_RESPONSE: ("首次响应平均", "%(n)s秒"),
    Number.UNANSWERED: ("没有回复的会话", "%(n)s通"),
    Number.DEDUCTIONS: ("扣分", "%(n)s条"),
    Number.DEDUCTION_POINTS: ("扣分合计", "%(n)s分"),
    Number.COMPLAINTS: ("投诉登记", "%(n)s件"),
    Number.AWARDS: ("奖励登记", "%(n)s件"),
}
"""Numbers of a report that the system knows: word and amount (message ids)."""

MEASURE_WORDS: dict[str, str] = {
    Measure.MEAN: "各月平均",
    Measure.TOTAL: "各月合计",
    Measure.GAIN: "末月比首月的进步",
}

PHASE_WORDS: dict[str, str] = {
    Phase.ANNOUNCED: "还没开始",
    Phase.RUNNING: "进行中",
    Phase.COUNTING: "等月份关账",
    Phase.READY: "可以公布结果",
    Phase.PROPOSED: "结果等另一人确认",
    Phase.ENDED: "已结束",
}

WHY_WORDS: dict[str, str] = {
    "runs": "发起人不参加",
    "left": "已离职，不参加",
    "few": "数据的月份不够",
    "gap": "有月份没有数据",
}
"""Why somebody has no place in the standings."""

PAGE_SIZE = 30
MOST_WORDS = 2000
