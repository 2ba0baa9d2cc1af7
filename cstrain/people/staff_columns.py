"""Columns of the staff file with their synonyms, words and days. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

from cstrain.people.facts import ContractKind, Level, Status, Track

COLUMNS: dict[str, tuple[str, ...]] = {
    "姓名": ("员工姓名", "名字"),
    "工号": ("员工编号", "员工号", "编号", "用户名"),
    "手机": ("手机号", "手机号码", "移动电话", "联系电话", "电话"),
    "分机": ("分机号", "座机"),
    "邮箱": ("电子邮箱", "邮件", "email", "e-mail"),
    "部门": ("所属部门", "所在部门"),
    "品牌/组": ("品牌", "组", "班组", "小组", "所属组"),
    "岗位": ("职务", "职位", "岗位名称", "岗位类别"),
    "职级": ("级别", "等级"),
    "序列": ("通道",),
    "入职日期": ("入职时间", "入职日", "入职"),
    "状态": ("员工状态", "在职状态"),
    "导师工号": ("导师", "师傅工号", "师傅"),
    "合同类型": ("合同期限类型",),
    "合同开始": ("合同开始日", "合同开始日期", "合同起始日期"),
    "合同到期": ("合同到期日", "合同结束日期", "合同终止日期"),
    "试用期截止": ("试用期截止日", "试用期到期", "试用期结束日期"),
}
REFUSED_COLUMNS = {
    "密码": "不导入密码。首次密码由一次性链接设置，请删除这一列。",
    "初始密码": "不导入密码。首次密码由一次性链接设置，请删除这一列。",
    "身份证号": "不需要身份证号。请删除这一列，以保护个人信息。",
    "身份证号码": "不需要身份证号。请删除这一列，以保护个人信息。",
    "身份证": "不需要身份证号。请删除这一列，以保护个人信息。",
}
UNASSIGNED = "未分配"

STATUS = {
    "": Status.PROBATION,
    "试用期": Status.PROBATION,
    "试用": Status.PROBATION,
    "试用中": Status.PROBATION,
    "新员工": Status.PROBATION,
    "已转正": Status.CONVERTED,
    "转正": Status.CONVERTED,
    "正式": Status.CONVERTED,
    "正式员工": Status.CONVERTED,
}
LEVELS = {"初级": Level.JUNIOR, "中级": Level.INTERMEDIATE, "高级": Level.SENIOR, "资深": Level.PRINCIPAL}
TRACKS = {"基础": Track.BASIC, "贵宾": Track.VIP, "VIP": Track.VIP, "话务": Track.PHONE}
CONTRACTS = {
    "固定期限": ContractKind.FIXED_TERM,
    "无固定期限": ContractKind.OPEN_ENDED,
    "以完成一定工作任务为期限": ContractKind.TASK_BASED,
    "任务": ContractKind.TASK_BASED,
    "非全日制": ContractKind.PART_TIME,
}
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"[2-5]\d{4}")
_EXCEL_EPOCH = date(1899, 12, 30)


def column_of(title: str) -> str | None:
    """Return the column that a title means: case, width, spaces, stars and brackets do not matter."""
    plain = unicodedata.normalize("NFKC", title)
    plain = re.sub(r"[（(].*?[)）]|[\s*＊:：]", "", plain).lower()
    for name, synonyms in COLUMNS.items():
        if plain in {each.lower() for each in (name, *synonyms)}:
            return name
    return next((name for name in REFUSED_COLUMNS if name == plain), None)


def read_date(text: str) -> date | None:
    """Return the day a cell means (2026-11-20, 2026/11/20, 2026年11月20日, 20261120, Excel's number), or
    ``None``."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix(" 00:00")
    match = _DATE.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match is None:
        return _EXCEL_EPOCH + timedelta(days=int(plain)) if _SERIAL.fullmatch(plain) else None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def template_rows() -> list[list[str]]:
    """Return the rows of an empty staff file with one example, for download."""
    example = {
        "姓名": "李小禾",
        "工号": "K0399",
        "部门": "售前客服一部",
        "岗位": "客服专员",
        "入职日期": "2026-11-20",
        "状态": "试用期",
    }
    head: Iterable[str] = (f"{name}*" if name in {"姓名", "工号"} else name for name in COLUMNS)
    return [list(head), [example.get(name, "") for name in COLUMNS]]
