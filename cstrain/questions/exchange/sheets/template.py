"""The empty workbook that trainers fill in: our columns, drop-downs, a second sheet that explains. Pure."""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter

from cstrain.questions.exchange.contract import MOST_QUESTIONS
from cstrain.questions.exchange.sheets.drafts import LABELS
from cstrain.questions.exchange.sheets.written import COLUMNS, DIFFICULTIES

_WIDE, _NARROW = frozenset(("题干", "解析", "评分标准")), frozenset(("题型", "难度", "情景题", "字数"))
GUIDE: tuple[tuple[str, str, str], ...] = (
    ("列", "怎么写", "例子"),
    ("题型", "必填，从下拉里选。空着时只有从选项和答案看得准的才读入。", "单选题"),
    ("题干", "必填。填空题的空写四条下划线，每空一处。", "退货要在____天内提出。"),
    ("选项A……", "选择题：每个选项一格，中间不要空格。", "七天"),
    ("选项（配对题）", "每格一对，左=右。文字里本来就有的等号写成\\=。", "红旗=加急"),
    ("选项（排序题）", "按正确顺序写，考试时打乱；答案空着。", "核对订单"),
    ("答案（单选、多选）", "正确选项的字母，几个连写或用顿号隔开。", "AC"),
    ("答案（判断题）", "正确或错误（对、错、√、×、T、F也可以）。", "正确"),
    (
        "答案（填空题）",
        "几个空用竖线隔开，同一空的几种写法用斜杠隔开，斜杠两边各空一格；答案里本来就有的|和/前面加\\。",
        "七 / 7 | 元\\/天",
    ),
    ("答案（数字题）", "数字±允许误差 单位；误差和单位可以不写。", "12.5±0.5 元"),
    ("答案（配对题）", "一般空着。多余的右边每行一个，前面写“多余：”。", "多余：退货"),
    ("答案（简答、论述）", "参考答案，可以空着。", "先道歉，再说明发货时间。"),
    (
        "评分标准",
        "简答题和论述题：每行一条，要点|分；后面还可以写|说明|最差/中间/最好。空着时按整体10分。",
        "说明退款时限|3",
    ),
    ("字数", "简答题和论述题的字数上限，论述题也可以写范围。", "100-2000"),
    ("难度", "易、中、难（或1、2、3）；空着算中。", "中"),
    ("知识点", "可以分级，用斜杠隔开。", "售后/退货"),
    ("标签", "几个用顿号隔开。", "新人、大促"),
    ("编号", "可以空着。同一道题再次导入时用同一个编号；只用小写字母、数字和._-。", "returns-001"),
    ("情景题", "是，或空着。", "是"),
    ("分值、状态", "不是试题的内容，有这样的列也可以，不读入。", ""),
    ("行数", f"一个文件最多{MOST_QUESTIONS}道题；列的顺序随意，不用的列可以删掉。", ""),
)
"""What each column holds: for the second sheet of the template and for the help page."""


def template() -> bytes:
    """Return the empty workbook: a head, drop-downs for type, difficulty and situation, a sheet of help."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 (no clock: equal data, equal file)
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})
    page = book.add_worksheet("试题")
    for column, name in enumerate(COLUMNS):
        page.set_column(column, column, 40 if name in _WIDE else 9 if name in _NARROW else 16, text)
        page.write_string(0, column, name, bold)
    page.freeze_panes(1, 2)
    lists = {"题型": list(LABELS.values()), "难度": list(DIFFICULTIES.values()), "情景题": ["是"]}
    for name, words in lists.items():
        column = COLUMNS.index(name)
        rule = {"validate": "list", "source": words, "error_type": "warning"}
        page.data_validation(1, column, MOST_QUESTIONS, column, rule)
    guide = book.add_worksheet("填写说明")
    guide.set_column(0, 0, 22)
    guide.set_column(1, 2, 60, wrapped)
    for number, row in enumerate(GUIDE):
        for column, cell in enumerate(row):
            guide.write_string(number, column, cell, bold if number == 0 else wrapped)
    book.close()
    return buffer.getvalue()
