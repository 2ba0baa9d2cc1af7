"""A chat scenario: what the customer says, how one may answer, where each answer leads."""

from flask_babel import lazy_gettext as _l

from cstrain.questions.authoring.editing.editor import EDITORS, Editor, stem
from cstrain.questions.authoring.editing.examples import CHAT
from cstrain.questions.authoring.editing.fields import Lines, Number, Text
from cstrain.questions.authoring.editing.group import Group
from cstrain.questions.authoring.editing.rows import Named, Rows

_PLACE = _l("用小写字母、数字和下划线起名，例如 ask_photo。")
_OPENING = Group(
    name="opening",
    label=_l("接待之前看到的"),
    columns=(
        Text(name="customer", label=_l("顾客")),
        Text(name="level", label=_l("顾客级别")),
        Named(
            name="order",
            label=_l("订单卡"),
            row_label=_l("第%(n)s项"),
            add_label=_l("再加一项"),
            most=12,
            plain=True,
            columns=(Text(name="key", label=_l("项目")), Text(name="value", label=_l("内容"))),
        ),
        Lines(name="facts", label=_l("已知的情况，一行一条"), rows=3),
    ),
)
_REPLIES = Rows(
    name="replies",
    label=_l("可以怎样回"),
    row_label=_l("回法%(n)s"),
    add_label=_l("再加一种回法"),
    most=4,
    begin=2,
    columns=(
        Text(name="label", label=_l("按钮上的字")),
        Text(name="text", label=_l("填入的话"), rows=2),
        Text(name="to", label=_l("接着到")),
        Number(name="credit", label=_l("得分"), usual="0"),
        Lines(name="hears", label=_l("自己打字时，每行的词都说到才算；同义词用|隔开")),
    ),
)
_TURNS = Named(
    name="turns",
    label=_l("顾客的话和回法"),
    hint=_l("每一步起一个名字，回法写明接着到哪一步。一路至少6步，至少3处分岔。"),
    row_label=_l("第%(n)s步"),
    add_label=_l("再加一步"),
    most=30,
    begin=1,
    is_key=True,
    columns=(
        Text(name="place", label=_l("名字"), hint=_PLACE),
        Lines(name="says", label=_l("顾客说，一行一句"), rows=2),
        _REPLIES,
        Text(name="otherwise", label=_l("别的话接着到")),
    ),
)
_ENDINGS = Named(
    name="endings",
    label=_l("结局"),
    row_label=_l("结局%(n)s"),
    add_label=_l("再加一个结局"),
    most=6,
    begin=2,
    is_key=True,
    columns=(
        Text(name="place", label=_l("名字")),
        Lines(name="says", label=_l("顾客最后说，一行一句"), rows=2),
        Number(name="credit", label=_l("得分"), usual="0"),
    ),
)
_WANTED = Rows(
    name="wanted",
    label=_l("该说到的"),
    row_label=_l("第%(n)s项"),
    add_label=_l("再加一项"),
    most=12,
    is_key=True,
    columns=(
        Text(name="title", label=_l("叫什么")),
        Lines(name="any_of", label=_l("说到任何一个就算，一行一个")),
        Number(name="of", label=_l("分")),
    ),
)
_FORBIDDEN = Rows(
    name="forbidden",
    label=_l("不能说的"),
    row_label=_l("第%(n)s项"),
    add_label=_l("再加一项"),
    most=12,
    is_key=True,
    columns=(
        Text(name="title", label=_l("叫什么")),
        Lines(name="any_of", label=_l("不能说的词，一行一个")),
        Lines(name="unless", label=_l("同一句里有这些就不算，一行一个")),
        Number(name="cost", label=_l("扣几分")),
    ),
)
_NUMBERS = (
    Number(name="first_reply_seconds", label=_l("第一句限时"), usual="30", unit=_l("秒")),
    Number(name="first_reply_credit", label=_l("第一句及时得"), usual="2", unit=_l("分"), is_key=True),
    Number(name="reply_seconds", label=_l("平均每句限时"), usual="45", unit=_l("秒")),
    Number(name="reply_credit", label=_l("回得及时得"), usual="2", unit=_l("分"), is_key=True),
    Number(
        name="person_share",
        label=_l("由人打分的比例"),
        usual="0",
        is_key=True,
        hint=_l("0到1，例如0.3；按会话质检的标准打。"),
    ),
)
EDITORS.add(
    "chat",
    Editor(
        _l("和模拟的顾客聊天，按选择、用词和速度计分。"),
        (
            stem(),
            _OPENING,
            Text(name="start", label=_l("从哪一步开始"), is_key=True),
            _TURNS,
            _ENDINGS,
            _WANTED,
            _FORBIDDEN,
            *_NUMBERS,
        ),
        example=CHAT,
    ),
)
