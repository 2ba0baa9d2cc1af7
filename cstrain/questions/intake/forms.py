"""The shape of what is typed on the pages of imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, Regexp

from cstrain.questions.exchange.contract import formats
from cstrain.questions.exchange.sheets.columns import MEANINGS, in_words
from cstrain.questions.facts import TopicPath
from cstrain.questions.intake.rules import BANK_NAME
from cstrain.ui.filters import told
from cstrain.ui.forms import CleanForm, at_most

MOST_TITLE = 60
_MOST_PASTED = 500_000
LEAVE_OUT, AS_KNOWN = "-", "="


class UploadForm(CleanForm):
    """A file or a pasted text, and the bank it is for."""

    bank = SelectField(_l("放进题库"), [Optional()])
    new_name = StringField(
        _l("新题库的代号"),
        [
            Optional(),
            Regexp(rf"{BANK_NAME}\Z", message=_l("代号用2到40个小写字母、数字、_或-，以字母开头。")),
        ],
    )
    new_title = StringField(_l("新题库的名称"), [at_most(MOST_TITLE)])
    file = FileField(_l("试题文件"))
    text = TextAreaField(_l("或者粘贴试题"), [at_most(_MOST_PASTED)])
    format = SelectField(_l("格式"), [Optional()])

    def offer(self, banks: Mapping[str, str]) -> None:
        """Fill the lists to choose from."""
        self.bank.choices = [SelectChoice("", _l("新建一个题库"))] + [
            SelectChoice(name, title) for name, title in banks.items()
        ]
        readable = [each for each in formats() if each.reads]
        self.format.choices = [SelectChoice("", _l("自动判断"))] + [
            SelectChoice(each.name, _l(each.label)) for each in readable
        ]


class ConfirmForm(CleanForm):
    """Where the questions of an import go."""

    placing = SelectField(
        _l("知识点"),
        choices=[
            SelectChoice("file", _l("按文件里写的，没有的主题新建")),
            SelectChoice("known", _l("只用题库里已有的主题，其余的放进下面的主题")),
            SelectChoice("default", _l("全部放进下面的主题")),
        ],
    )
    default_topic = SelectField(_l("没有写知识点的题放进"), [Optional()])

    def offer(self, topics: Iterable[TopicPath]) -> None:
        """Fill the list of topics; a bank that is to be made has one."""
        listed = [SelectChoice(each.ref, each.path) for each in topics]
        self.default_topic.choices = listed or [SelectChoice("", _l("未分类"))]


class ExportForm(CleanForm):
    """As what a bank is exported."""

    format = SelectField(_l("格式"))
    active = SelectField(
        _l("哪些题"),
        default="",
        choices=[
            SelectChoice("", _l("在用的题和等待首次审核的题")),
            SelectChoice("1", _l("只要在用的题")),
        ],
    )

    def offer(self) -> None:
        """Fill the list of formats."""
        writable = [each for each in formats() if each.writes]
        self.format.choices = [SelectChoice(each.name, _l(each.label)) for each in writable]


def columns_form(columns: Iterable[Mapping[str, Any]], mapping: Mapping[str, str]) -> CleanForm:
    """Return a form with one choice for each column, in order: what it means, or that it is left out."""
    fields = {}
    for number, column in enumerate(columns):
        choices = [SelectChoice(LEAVE_OUT, _l("不读这一列"))]
        if column["known_as"]:
            choices.append(
                SelectChoice(AS_KNOWN, _l("就是“%(word)s”", word=told(in_words(column["known_as"]))))
            )
        choices += [SelectChoice(word, str(told(in_words(word)))) for word in MEANINGS]
        said = mapping.get(str(column["heading"]))
        chosen = (AS_KNOWN if column["known_as"] else LEAVE_OUT) if said is None else said or LEAVE_OUT
        fields[f"column_{number}"] = SelectField(column["heading"], choices=choices, default=chosen)
    made: CleanForm = type("ColumnsForm", (CleanForm,), fields)()
    return made


def meanings_of(form: CleanForm, columns: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what a filled form says of the headings; those left as they are known are not among them."""
    said = {}
    for number, column in enumerate(columns):
        word = form[f"column_{number}"].data
        if word != AS_KNOWN:
            said[str(column["heading"])] = "" if word == LEAVE_OUT else word
    return said
