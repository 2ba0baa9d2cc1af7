"""Sample words and numbers for the component gallery."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace as Thing

import yaml
from flask import Response, send_from_directory
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FileField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
    widgets,
)
from wtforms.fields.choices import SelectChoice

from cstrain.ui.charts import Bar, Line, Point

ROOT = Path(__file__).parents[2]
WORDS_FILE = Path(__file__).with_name("words.yaml")
ICONS = ("home", "book", "paper", "stairs", "pen", "list", "seal", "box", "lock")
WORDS = ("今天", "培训计划", "考试", "成绩", "晋升通道", "题库", "人员", "制度", "审计")


def static_file(filename: str) -> Response:
    return send_from_directory(ROOT / "cstrain" / "web" / "static", filename)


def _things(value: object) -> object:
    """Mappings become objects, as the macros want them."""
    if isinstance(value, dict):
        return Thing(**{key: _things(inner) for key, inner in value.items()})
    return [_things(inner) for inner in value] if isinstance(value, list) else value


def navigation(count: int) -> list[Thing]:
    return [
        Thing(label=word, url=f"/{icon}", current=index == 0, icon=icon, group="学习")
        for index, (word, icon) in enumerate(list(zip(WORDS, ICONS, strict=True))[:count])
    ]


def choices(*pairs: tuple[object, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class GalleryForm(Form):
    """Every kind of field that the macros know."""

    resit = StringField("补考日期", [validators.InputRequired()], default="2026年11月20日")
    ends = DateField("新的试用期结束日", default=date(2026, 11, 10))
    salary = DecimalField(
        "试用期工资", description="不低于本地最低工资，也不低于转正工资的80%。", default=3000
    )
    department = SelectField("部门", choices=choices(("1", "售前一组"), ("2", "售后二组")))
    remark = TextAreaField("评语（1、2分时必填）")
    conflict = RadioField(
        "你是否当过她的导师？",
        choices=choices(("no", "没有"), ("yes", "有，我要回避"), ("ask", "不确定，请人力判断")),
        default="no",
    )
    state = RadioField(
        "工作状态",
        choices=choices((1, "需帮助"), (2, "偏弱"), (3, "合格"), (4, "良好"), (5, "出色")),
        coerce=int,
        default=4,
    )
    papers = SelectMultipleField(
        "补考试卷",
        choices=choices(("a", "产品知识"), ("b", "规则与流程"), ("c", "OA操作")),
        default=["b"],
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )
    agreed = BooleanField("我已读过考试纪律", [validators.InputRequired()])
    sheet = FileField("绩效表格")
    secret = PasswordField("密码")
    talk = StringField("述职陈述", default="86")
    guide = StringField("带教与协作")


def form() -> GalleryForm:
    made = GalleryForm(prefix="f-")
    made.form_errors.append("表格没有导入，一行也没写入。")
    made.ends.errors = ["这个日期早于今天。请填2026年11月21日或以后的日期。"]
    made.remark.errors = ["还没写评语。打1、2分要写清问题，请补一句今天要改的地方。"]
    return made


def _state(number: int) -> str:
    if number in (9, 14):
        return "late"
    if number < 16:
        return "done"
    return {16: "wait", 17: "today", 18: "exam", 22: "exam", 21: "skipped"}.get(number, "locked")


EXAM_DAYS = (3, 5, 6, 8, 18, 22)
SAYS = {"done": "已签核", "late": "已补签", "wait": "待导师签核", "today": "今天", "exam": "未开始，考试日"}


def days() -> list[Thing]:
    first, made = date(2026, 10, 29), []
    while len(made) < 23:
        if first.weekday() < 5:
            number = len(made) + 1
            state = _state(number)
            made.append(
                Thing(
                    number=number,
                    date=first,
                    state=state,
                    exam=number in EXAM_DAYS,
                    url=None if state == "locked" else f"/days/{number}",
                    says=f"第{number}天，{first.month}月{first.day}日，{SAYS.get(state, '未开放')}",
                )
            )
        first += timedelta(days=1)
    made[-1].word = "补考"
    return made


def weeks() -> list[Thing]:
    grouped: dict[tuple[int, int], list[Thing]] = {}
    for day in days():
        grouped.setdefault(day.date.isocalendar()[:2], []).append(day)
    return [Thing(label=f"{w[0].date.month}月{w[0].date.day}日", days=w) for w in grouped.values()]


def _todo() -> list[Thing]:
    return [
        Thing(
            state="is-done",
            what="讲座：岗位全流程",
            meta=["09:30–10:30", "二楼培训室", "已签到"],
            action_url=None,
        ),
        Thing(
            state="is-done",
            what="实际操作：接待与打单",
            meta=["10:40–16:00", "导师周敏带教", "已登记"],
            action_url=None,
        ),
        Thing(
            state="is-next",
            what="第17天小测",
            meta="10题，18:00前完成",
            action_url="/quiz",
            action_label="开始小测",
            method="post",
        ),
        Thing(
            state="is-later", what="请导师签核", meta="小测完成后自动提醒周敏，你不用操作", action_url=None
        ),
    ]


def _scores() -> list[Thing]:
    rows = [
        ("第3天 基础能力", "84.0", 84),
        ("第5天 前四天", "88.5", 88.5),
        ("第6天 快捷短语", "79.5", 79.5),
        ("近5次小测均分", "91.2", 91.2),
    ]
    made = [Thing(name=name, score=score, value=value, passed=value >= 80) for name, score, value in rows]
    return [*made, Thing(name="第18天综合考试", score=None, value=None, passed=None)]


def _board() -> list[Thing]:
    row = {"team": "售后二组", "mentor": "导师赵倩", "days": days(), "opinion": "考后填部门意见"}
    chen = Thing(
        **row,
        name="陈嘉豪",
        day="等补考",
        about="签22天，均3.6",
        scores=[("ok", "85.0"), ("bad", "72.5"), ("ok", "88.0")],
        state="warn",
        glyph="late",
        proposal="专项培训后补考",
        why="规则72.5，差7.5分；另两卷及格",
    )
    wu = Thing(
        **row,
        name="吴思远",
        day="第5天",
        about="签4天，均2.5",
        scores=[("ok", None), ("ok", None), ("ok", None)],
        state="bad",
        glyph="warn",
        proposal="进入去留评议",
        why="第3天快捷短语61.0，打字28字/分",
    )
    return [
        Thing(title="要处理 2人", note="三卷每卷100分，80分及格", rows=[chen, wu]),
        Thing(title="正常 1人", note=None, rows=[wu]),
    ]


def _conditions() -> list[Thing]:
    common = {"link_url": "/records", "link_label": "3条记录", "clause": "第4.2条第九项"}
    return [
        Thing(
            **common,
            state="not_met",
            text="近3个完整月，每月扣分不超过1条",
            value="9月有2条",
            needs="要求每月≤1条",
            clause_text="《客服晋升制度》2017年6月版 第4.2条第九项：近3个完整月，每月扣分不超过1条。",
        ),
        Thing(
            **common,
            state="unknown",
            text="能代替缺勤同事的工作",
            value="主管未评",
            needs="要求≥4分",
            clause_text=None,
        ),
        Thing(
            **common,
            state="met",
            text="绩效A级以上累计6个月",
            value="7个月",
            needs="要求≥6个月",
            clause_text="按已关账的月份计算。",
        ),
    ]


def words() -> Thing:
    points = [
        Point("11月", None),
        Point("12月", 84, "84.0"),
        Point("1月", 78.5, "78.5", met=False),
        Point("2月", 90, "90.0"),
        Point("3月", None),
        Point("4月", 95.5, "95.5"),
        Point("5月", 88, "88.0"),
        Point("6月", 79.5, "79.5", met=False),
    ]
    classes = [
        Bar("60–64", 1, bad=True),
        Bar("65–69", 0, bad=True),
        Bar("70–74", 2, bad=True),
        Bar("75–79", 3, bad=True),
        Bar("80–84", 7),
        Bar("85–89", 6),
        Bar("90–94", 4),
        Bar("95–100", 2),
    ]
    return Thing(
        **vars(_things(yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8")))),
        weeks=weeks(),
        todo=_todo(),
        scores=_scores(),
        board=_board(),
        conditions=_conditions(),
        points=points,
        classes=classes,
        bars=[
            Bar("产品知识", 91, "91.0"),
            Bar("规则与流程", 72.5, "72.5", bad=True),
            Bar("OA操作", 88, "88.0"),
        ],
        mark=Line(80, "及格线80"),
        page=Thing(page=4, pages=12, url=lambda n: f"/board?page={n}"),
        cells=[
            Thing(
                number=n,
                url=f"#q{n}",
                state="answered" if n < 14 else ("local" if n < 17 else "open"),
                flagged=n in (9, 20),
                current=n == 18,
            )
            for n in range(1, 41)
        ],
        elements=lambda f: [
            (f.talk, "条理清楚，用数据说明业绩", "20%"),
            (f.guide, "带过新员工，能说出改进过的流程", "10%"),
        ],
    )
