"""Who works at the demo company. Pure data: nothing here knows a service or a clock.

Months are counted back from the day the company began to use the system.
"""

from __future__ import annotations

from dataclasses import dataclass

from cstrain.kernel.calendar import Week
from cstrain.people.facts import Level, Track

COMPANY = "禾木家居用品有限公司"
PASSWORD = "hemu-jiaju-8264"  # noqa: S105  # the demo's one password, printed at start
BEGAN_DAYS_AGO = 150


@dataclass(frozen=True, slots=True)
class Place:
    """A department and its working week."""

    code: str
    name: str
    week: Week = Week.SIX_DAYS
    platform: str | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """A role held, for a department where it heads one."""

    role: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Rise:
    """A level reached some months before the system began."""

    months_ago: int
    level: Level


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody on board when the system began: hired so many months before, with the levels reached since."""

    staff_no: str
    name: str
    place: str
    post: str
    hired_months_ago: int
    offices: tuple[Office, ...] = ()
    rises: tuple[Rise, ...] = ()
    track: Track | None = None
    extension: str | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles held."""
        return tuple(office.role for office in self.offices)


PLACES = (
    Place("ZJB", "总经办"),
    Place("HR", "人力资源部"),
    Place("PX", "培训组"),
    Place("ZJ", "质检组"),
    Place("KF", "客服中心"),
    Place("SQ1", "售前客服一部", platform="soso", within="KF"),
    Place("SQ2", "售前客服二部", Week.FIVE_DAYS, platform="google", within="KF"),
    Place("SH", "售后客服部", within="KF"),
    Place("CK", "仓储部"),
)


_HEADS = frozenset({"supervisor", "group_leader", "service_director", "vip_manager"})


def _office(
    number: int, name: str, place: str, post: str, months: int, *roles: str, extension: str | None = None
) -> Employee:
    offices = tuple(Office(role, place if role in _HEADS else None) for role in roles)
    return Employee(f"HM{number:03d}", name, place, post, months, offices, extension=extension)


def _agent(
    number: int,
    name: str,
    place: str,
    months: int,
    rises: tuple[tuple[int, Level], ...],
    *roles: str,
    track: Track = Track.BASIC,
    extension: str | None = None,
) -> Employee:
    offices = tuple(Office(role, place if role == "group_leader" else None) for role in roles)
    steps = tuple(Rise(ago, level) for ago, level in rises)
    return Employee(f"HM{number:03d}", name, place, "客服专员", months, offices, steps, track, extension)


_J, _I, _S = Level.JUNIOR, Level.INTERMEDIATE, Level.SENIOR

STAFF = (
    _office(1, "宋国平", "ZJB", "总经理", 140, "gm"),
    _office(2, "范丽华", "ZJB", "副总经理", 122, "deputy_gm"),
    _office(3, "秦月", "ZJB", "总经办主任", 75, "gm_office", extension="8003"),
    _office(4, "冯晓岚", "HR", "人事经理", 96, "hr_manager", extension="8010"),
    _office(5, "何静", "HR", "人事专员", 41, "hr", extension="8011"),
    _office(6, "唐志远", "SQ1", "售前客服一部主管", 88, "supervisor", extension="8101"),
    _office(7, "罗雪梅", "SQ2", "售前客服二部主管", 79, "supervisor", extension="8201"),
    _office(8, "彭建军", "SH", "售后客服部主管", 102, "supervisor", extension="8301"),
    _office(9, "邓文博", "PX", "培训师", 57, "trainer", "marker", extension="8020"),
    _office(10, "叶蓁", "ZJ", "质检员", 38, "qc", "examiner", "invigilator", extension="8030"),
    _office(11, "高翔", "ZJB", "系统管理员", 46, "administrator"),
    _office(12, "沈秋萍", "ZJB", "审计专员", 63, "auditor"),
    _agent(13, "周敏", "SQ1", 55, ((53, _J), (45, _I), (30, _S)), "mentor", extension="8126"),
    _agent(14, "钱立", "SQ1", 43, ((41, _J), (33, _I)), "mentor", extension="8127"),
    _agent(15, "苏婷", "SQ2", 50, ((48, _J), (39, _I), (22, _S)), "mentor", extension="8226"),
    _agent(16, "韩冬", "SQ2", 36, ((34, _J), (25, _I)), "mentor", extension="8227"),
    _agent(17, "赵倩", "SH", 61, ((59, _J), (50, _I), (36, _S)), "mentor", extension="8326"),
    _agent(18, "曹睿", "SH", 39, ((37, _J), (28, _I)), "mentor", extension="8327"),
    _office(19, "魏大勇", "CK", "仓储组长", 68, "guide", "mentor", extension="8401"),
    _office(20, "余慧", "SH", "售后专员", 52, "guide", extension="8330"),
    _agent(21, "丁晓峰", "SQ1", 47, ((45, _J), (36, _I)), "group_leader", extension="8128"),
    _agent(22, "梁静", "SQ1", 44, ((42, _J), (32, _I), (14, _S))),
    _agent(23, "戴明", "SQ2", 31, ((29, _J), (17, _I))),
    _agent(24, "石磊", "SQ2", 33, ((31, _J), (19, _I)), track=Track.VIP),
    _agent(25, "姚瑶", "SH", 16, ((14, _J),), track=Track.PHONE),
    _agent(26, "白露", "SQ1", 20, ((18, _J),)),
    _office(27, "蒋宏伟", "CK", "仓储部主管", 84, "supervisor", extension="8400"),
    _office(28, "姜海涛", "KF", "客服总监", 110, "service_director", extension="8100"),
    _office(29, "田雨", "ZJ", "质检经理", 59, "qc_manager", "marker", extension="8031"),
    _office(52, "尹若兰", "KF", "贵宾经理", 71, "vip_manager", extension="8102"),
)
"""Everybody on board when the system began, in the order in which they are entered."""

LEAVER = "HM026"
"""Left some weeks ago."""

LOG_IN_WORDS: tuple[tuple[str, str], ...] = (
    ("新员工（第17天）", "HM041"),
    ("导师", "HM013"),
    ("带教人", "HM019"),
    ("组长", "HM021"),
    ("主管", "HM006"),
    ("客服总监", "HM028"),
    ("贵宾经理", "HM052"),
    ("培训师、阅卷人", "HM009"),
    ("质检、考官、监考", "HM010"),
    ("质检经理", "HM029"),
    ("人力资源部", "HM005"),
    ("人事经理", "HM004"),
    ("总经办", "HM003"),
    ("副总经理", "HM002"),
    ("总经理", "HM001"),
    ("系统管理员", "HM011"),
    ("审计", "HM012"),
    ("员工（已转正）", "HM022"),
)
"""The log-ins printed at start: role in words, staff number."""
