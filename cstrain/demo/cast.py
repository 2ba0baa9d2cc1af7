"""The trainees of the demo company: where each of them stands today. Pure data.

``ordinal`` counts the days on which the trainee was rostered, from day 1 up to today (or the last working
day): 17 is somebody who is on day 17 today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

LAST_DAY = 23


class Turn(StrEnum):
    """How a trainee's road goes on after, or instead of, the usual days."""

    NONE = "none"
    NO_MENTOR = "no_mentor"
    ON_LEAVE = "on_leave"
    GATE_OPEN = "gate_open"
    ELIMINATED = "eliminated"
    CONVERTED = "converted"
    CHAIN = "chain"
    UNRELEASED = "unreleased"
    RESIT_WAITS = "resit_waits"
    RESIT_PASSED = "resit_passed"
    EXTENDED = "extended"
    GUIDE_WAITS = "guide_waits"


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """A cohort of the demo: which it is, and in words what was learnt from it once it is over."""

    key: str
    evaluation: str = ""
    programme: str = "new-agent"
    name: str = "客服班"


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody on the road. Marks by paper; what is not named is drawn near ``good_at``.

    ``keeps_open``: the last working day stays begun, also when today is a day of rest.
    """

    staff_no: str
    name: str
    place: str
    cohort: str
    mentor: str | None
    ordinal: int
    turn: Turn = Turn.NONE
    good_at: int = 91
    state: int = 4
    typing: int = 62
    telephone: int = 82
    quick_phrase: int = 88
    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    late_days: frozenset[int] = frozenset()
    unsigned_days: frozenset[int] = frozenset()
    substitute_day: int | None = None
    appeals: str = ""
    leaves_unread: str = ""
    post: str = "客服专员"
    keeps_open: bool = False

    @property
    def stops_at(self) -> int:
        """The last day of the programme that is played; the day that is today only begins."""
        return min(self.ordinal, LAST_DAY)


COHORTS = (
    CohortPlan(
        "past",
        "两人都已转正，一人经过补考。仓库日的带教人要提前一天确认；第6天的快捷短语练习时间不够，下一期加到两小时。",
    ),
    CohortPlan("first"),
    CohortPlan("second"),
    CohortPlan("third"),
    CohortPlan("store", programme="warehouse-support", name="仓库对接岗"),
)

TRAINEES = (
    Trainee("HM030", "崔阳", "SQ1", "past", "HM013", 97, Turn.CONVERTED, 93, marks={"conversion-oa": "88"}),
    Trainee(
        "HM031",
        "谭芳",
        "SH",
        "past",
        "HM017",
        96,
        Turn.RESIT_PASSED,
        88,
        marks={"conversion-rules": "76", "resit-conversion-rules": "87"},
    ),
    Trainee(
        "HM033",
        "吴思远",
        "SQ1",
        "first",
        "HM014",
        37,
        Turn.EXTENDED,
        84,
        marks={
            "conversion-product": "76",
            "conversion-rules": "90",
            "conversion-oa": "68",
            "resit-conversion-product": "81",
            "resit-conversion-oa": "74",
        },
    ),
    Trainee("HM034", "叶子琪", "SH", "first", "HM018", 33, Turn.CONVERTED, 94, state=5),
    Trainee(
        "HM035",
        "龚亮",
        "SQ2",
        "first",
        "HM016",
        15,
        Turn.ELIMINATED,
        76,
        state=2,
        typing=31,
        telephone=52,
        quick_phrase=48,
    ),
    Trainee(
        "HM036",
        "许静怡",
        "SH",
        "first",
        "HM018",
        25,
        Turn.CHAIN,
        93,
        state=5,
        marks={"conversion-product": "92", "conversion-rules": "88", "conversion-oa": "95"},
    ),
    Trainee(
        "HM037",
        "陈嘉豪",
        "SH",
        "first",
        "HM017",
        23,
        Turn.RESIT_WAITS,
        86,
        marks={"conversion-product": "85", "conversion-rules": "88", "conversion-oa": "72"},
    ),
    Trainee("HM038", "郑凯", "SQ2", "first", "HM015", 23, Turn.UNRELEASED, 91),
    Trainee("HM039", "沈佳怡", "SQ2", "first", "HM016", 22, good_at=89),
    Trainee(
        "HM040",
        "马晓燕",
        "SH",
        "second",
        "HM017",
        19,
        good_at=86,
        marks={"exam-day-18": "79.5"},
        appeals="exam-day-18",
    ),
    Trainee(
        "HM041",
        "林晓雯",
        "SQ1",
        "second",
        "HM013",
        17,
        good_at=92,
        marks={"exam-day-3": "84", "exam-day-5": "88", "exam-day-6": "79.5", "exam-day-8": "86"},
        late_days=frozenset({9, 14}),
        unsigned_days=frozenset({16}),
        substitute_day=12,
        keeps_open=True,
    ),
    Trainee("HM042", "顾晨", "SQ1", "second", "HM014", 16, Turn.GUIDE_WAITS, 87),
    Trainee("HM043", "方可欣", "SH", "second", "HM018", 12, good_at=90, leaves_unread="exam-rules"),
    Trainee(
        "HM044",
        "孙浩然",
        "SQ1",
        "third",
        "HM014",
        9,
        good_at=85,
        state=3,
        late_days=frozenset({2, 3, 5}),
        unsigned_days=frozenset({6, 7, 8, 9}),
    ),
    Trainee("HM045", "孟子涵", "SQ2", "third", "HM015", 8, good_at=89),
    Trainee("HM046", "贺敏", "SQ1", "third", "HM013", 7, Turn.ON_LEAVE, 88),
    Trainee(
        "HM047",
        "何雨桐",
        "SH",
        "third",
        "HM018",
        5,
        Turn.GATE_OPEN,
        82,
        state=3,
        typing=28,
        telephone=66,
        quick_phrase=61,
    ),
    Trainee("HM048", "杜若溪", "SQ1", "third", "HM013", 3, good_at=90),
    Trainee("HM049", "章悦", "SQ1", "third", None, 2, Turn.NO_MENTOR, 87),
    Trainee("HM050", "江一帆", "SQ2", "third", "HM016", 1),
    Trainee(
        "HM051",
        "石小川",
        "CK",
        "store",
        "HM019",
        4,
        good_at=86,
        unsigned_days=frozenset({3}),
        post="仓库与售后对接",
    ),
)
