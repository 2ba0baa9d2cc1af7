"""An operation task: a window of a simulated back office, and the end state that earns the marks."""

import yaml
from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.desk import FORBIDDEN, WANTED_FIELDS
from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.examples import OPERATION
from cstrain.questions.authoring.editing.fields import Choice, Lines, Number, Text
from cstrain.questions.authoring.editing.group import Group
from cstrain.questions.authoring.editing.rows import Rows
from cstrain.questions.authoring.editing.yaml_part import YamlPart

_NAME = _l("用小写字母、数字起名，例如 note。")
_KINDS = (
    ("text", _l("文字")),
    ("long_text", _l("长文字")),
    ("number", _l("数字")),
    ("money", _l("金额")),
    ("date", _l("日期")),
    ("choice", _l("下拉选择")),
    ("check", _l("勾选")),
    ("readonly", _l("只读")),
)
_FIELDS = Rows(
    name="fields",
    label=_l("表单里的项目"),
    hint=_l("至少6个能填的。"),
    row_label=_l("第%(n)s项"),
    add_label=_l("再加一项"),
    most=20,
    begin=6,
    columns=(
        Text(name="id", label=_l("名字"), hint=_NAME),
        Text(name="label", label=_l("显示的字")),
        Choice(name="kind", label=_l("种类"), choices=_KINDS, usual="text", listed=True),
        Lines(name="options", label=_l("下拉的内容，一行一个")),
        Text(name="start", label=_l("开始时的值")),
        Text(name="unit", label=_l("单位")),
        Text(name="hint", label=_l("提示")),
    ),
)
_BUTTONS = Rows(
    name="buttons",
    label=_l("按钮"),
    row_label=_l("按钮%(n)s"),
    add_label=_l("再加一个按钮"),
    most=6,
    begin=2,
    columns=(
        Text(name="id", label=_l("名字")),
        Text(name="label", label=_l("按钮上的字")),
        Choice(
            name="does",
            label=_l("按了以后"),
            choices=(("save", _l("存入")), ("cancel", _l("放弃改动")), ("act", _l("做这件事"))),
            usual="save",
            listed=True,
        ),
    ),
)
_COLUMNS = Lines(
    name="columns", label=_l("列表显示哪几项"), hint=_l("写项目的名字，一行一个；没有列表的不写。")
)
_ROWS = YamlPart(
    name="rows",
    label=_l("列表里的记录"),
    hint=_l("没有列表的不写；有的至少2条，每条写名字（id）和各项开始时的值（values），照框里的例子写。"),
    example=yaml.safe_dump(OPERATION["rows"], allow_unicode=True, sort_keys=False),
)
_WANTED = Group(
    name="wanted",
    label=_l("应办成的样子"),
    is_key=True,
    columns=(
        Text(name="row", label=_l("在哪条记录上"), hint=_l("没有列表的不写。")),
        Text(name="button", label=_l("按哪个按钮存入")),
        WANTED_FIELDS,
        Rows(
            name="also",
            label=_l("还要按的按钮"),
            row_label=_l("第%(n)s个"),
            add_label=_l("再加一个"),
            most=4,
            columns=(Text(name="press", label=_l("按钮")), Number(name="credit", label=_l("分"))),
        ),
    ),
)
EDITORS.add(
    "operation",
    Editor(
        _l("在模拟系统里办一件事，按办成的结果计分。"),
        (
            stem(),
            Text(name="system", label=_l("系统名称")),
            Text(name="brief", label=_l("要办的事"), rows=4),
            _FIELDS,
            _COLUMNS,
            _ROWS,
            _BUTTONS,
            _WANTED,
            FORBIDDEN,
        ),
        example=OPERATION,
    ),
)
