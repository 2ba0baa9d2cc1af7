"""Deductions and registers of the last months: booked by quality control, contested, upheld, reversed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cstrain.demo.stage import Road
from cstrain.demo.world import World
from cstrain.kernel.ids import PersonId
from cstrain.performance.discipline import service
from cstrain.performance.discipline.facts import Booking, Entry, Kind, Severity

_QC, _QC_MANAGER, _HEAD = "HM010", "HM029", "HM006"


@dataclass(frozen=True, slots=True)
class _Case:
    """A deduction: how many days ago, about whom, by which rule, and what became of it."""

    days_ago: int
    people: tuple[str, ...]
    code: str
    points: int
    evidence: str
    times: str | None = None
    says: str = ""
    answer: str = ""
    upheld: bool = False


@dataclass(frozen=True, slots=True)
class _Note:
    """An entry of a register."""

    days_ago: int
    person: str
    kind: Kind
    text: str
    evidence: str
    other: str | None = None
    severity: Severity | None = None
    vip: bool = False
    major: bool = False


_CASES = (
    _Case(128, ("HM025",), "attitude", 15, "通话录音：催单来电两次打断顾客"),
    _Case(117, ("HM024",), "language", 10, "会话记录：对顾客说“你自己看”"),
    _Case(104, ("HM014",), "attitude", 10, "通话录音：不了解当月满减活动，转问同事"),
    _Case(96, ("HM016",), "attitude", 20, "通话录音：语气不耐烦，顾客要求换人"),
    _Case(88, ("HM025",), "language", 5, "会话记录：称呼不当"),
    _Case(
        71, ("HM023", "HM024"), "together", 20, "监控14:05到14:20，两人离席聊天，顾客投诉无人接待",
        times="complaint",
    ),
    _Case(63, ("HM018",), "attitude", 10, "会话记录：没有使用标准结束语"),
    _Case(
        52, ("HM022",), "language", 5, "会话记录：缩略语顾客看不懂",
        says="是顾客先用的缩略语。", answer="上下文看过，不算不当用语。",
    ),
    _Case(45, ("HM025",), "attitude", 15, "通话录音：没有核对收货人就挂断"),
    _Case(
        33, ("HM016",), "language", 10, "会话记录：“说了多少遍了”",
        says="当天系统反复掉线。", answer="情况属实，但用语仍不合规定。", upheld=True,
    ),
    _Case(26, ("HM014",), "attitude", 10, "会话记录：没有说明退换条件，顾客再次来问"),
    _Case(12, ("HM023",), "language", 5, "会话记录：语句生硬"),
    _Case(
        4, ("HM024",), "attitude", 10, "通话录音：不了解本周活动，转问同事",
        says="活动前一晚才改，还没有通知到组里。",
    ),
)  # fmt: skip

_NOTES = (
    _Note(140, "HM013", Kind.AWARD, "年度服务之星", "表彰通知第3号"),
    _Note(121, "HM023", Kind.COVER, "替请病假的同事值晚班两天", "排班表", other="HM024"),
    _Note(109, "HM015", Kind.PROPOSAL, "把破损补发改成一次填单，平均少用4分钟", "改善方案表第8号"),
    _Note(92, "HM025", Kind.COMPLAINT, "顾客反映三次来电都没有回复", "投诉单1107", severity=Severity.MEDIUM),
    _Note(84, "HM016", Kind.VIOLATION, "未经批准带走顾客名单打印件，当天已交回", "行政通报第5号"),
    _Note(
        77, "HM024", Kind.COMPLAINT, "大客户订单改价没有确认，顾客要求赔付", "投诉单1132",
        severity=Severity.SERIOUS, vip=True, major=True,
    ),
    _Note(58, "HM014", Kind.CONFLICT, "交接时争执，组长当天调解", "组长日报", other="HM022"),
    _Note(49, "HM022", Kind.PROPOSAL, "整理尺寸问答二十条，组内已采用", "改善方案表第11号"),
    _Note(30, "HM023", Kind.SUGGESTION, "建议晚班增加一位接待", "意见箱"),
    _Note(18, "HM013", Kind.COVER, "替休年假的同事带新员工三天", "排班表", other="HM014"),
    _Note(9, "HM017", Kind.AWARD, "双十一期间零差错", "表彰通知第12号"),
)  # fmt: skip


def discipline(world: World) -> list[Road]:
    """Return the roads: one for each deduction, one for the registers."""
    return [_notes(world), *(_case(world, one) for one in _CASES)]


def _notes(world: World) -> Road:
    for one in _NOTES:
        at = world.at(world.today - timedelta(days=one.days_ago - 1), 9, 40)
        yield at
        service.enter(world.one(_HEAD), at, world.one(one.person), _entry(world, one))


def _case(world: World, one: _Case) -> Road:
    """Booked the day after it happened, contested the next day; decided two days later, or still waiting."""
    at = world.at(world.today - timedelta(days=one.days_ago - 1), 10, 20)
    yield at
    made = service.book(world.one(_QC), at, world.some(one.people), _booking(world, one))
    if one.says:
        at = world.at(world.today - timedelta(days=one.days_ago - 2), 11)
        yield at
        service.contest(world.one(one.people[0]), at, made[0], one.says)
    if one.answer:
        at += timedelta(days=2)
        yield at
        service.decide(world.one(_QC_MANAGER), at, made[0], upheld=one.upheld, answer=one.answer)


def _booking(world: World, one: _Case) -> Booking:
    return Booking(
        day=world.today - timedelta(days=one.days_ago),
        rule_set="hotline",
        code=one.code,
        points=one.points,
        evidence=one.evidence,
        times_code=one.times,
    )


def _entry(world: World, one: _Note) -> Entry:
    other: PersonId | None = world.one(one.other) if one.other is not None else None
    return Entry(
        kind=one.kind,
        day=world.today - timedelta(days=one.days_ago),
        text=one.text,
        evidence=one.evidence,
        severity=one.severity,
        vip=one.vip,
        major=one.major,
        other=other,
    )
