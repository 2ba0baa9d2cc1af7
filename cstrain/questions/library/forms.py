"""The shape of a search, of an act on many questions, of a saved search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from cstrain.questions.facts import BankFacts
from cstrain.questions.forms import DIFFICULTY_LABELS, TYPE_LABELS
from cstrain.questions.library.facts import KINDS, MOST_AT_ONCE, MOST_TEXT, BulkAct, TopicChoice, Wanted
from cstrain.questions.tags import neat_tags
from cstrain.ui.forms import MOST_ID, CleanForm, DayField, at_most, chosen, needed

STATE_LABELS = {
    "": _l("没有停用的"),
    "live": _l("在用"),
    "new": _l("在写或待初审"),
    "changing": _l("在用，正在改"),
    "retired": _l("已停用"),
    "all": _l("全部"),
}
SORT_LABELS = {
    "": _l("自动"),
    "newest": _l("新题在前"),
    "ref": _l("按编号"),
    "used": _l("考得多的在前"),
    "facility": _l("得分率低的在前"),
}
USE_LABELS = {"": _l("全部"), "never": _l("从没考过"), "flagged": _l("统计提示要看")}
ORIGIN_LABELS = {"": _l("全部"), "shipped": _l("随产品发布"), "own": _l("自己的")}
KIND_LABELS = {
    "move": _l("换主题"),
    "tag": _l("加标签"),
    "untag": _l("去掉标签"),
    "retire": _l("停用"),
    "restore": _l("恢复使用"),
}


class _Asked(CleanForm):
    """A form that is sent with GET: nothing is written, so it needs no token."""

    class Meta:
        csrf = False


def _offered(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, word) for value, word in words.items()]


def _all_or(choices: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice("", _l("全部")), *(SelectChoice(value, word) for value, word in choices)]


class SearchForm(_Asked):
    """Narrows the list of questions."""

    text = StringField(_l("题干、选项或编号里有"), [at_most(MOST_TEXT)])
    bank = SelectField(_l("题库"), [Optional()])
    topic = SelectField(_l("主题（含下级）"), [Optional()])
    type = SelectField(_l("题型"), [Optional()], choices=_all_or(TYPE_LABELS.items()))
    difficulty = SelectField(
        _l("难度"), [Optional()], choices=_all_or((str(n), word) for n, word in DIFFICULTY_LABELS.items())
    )
    state = SelectField(_l("状态"), [Optional()], choices=_offered(STATE_LABELS))
    tag = SelectField(_l("标签"), [Optional()])
    origin = SelectField(_l("来源"), [Optional()], choices=_offered(ORIGIN_LABELS))
    source = SelectField(_l("出处课文"), [Optional()])
    rule_version = StringField(_l("制度版本"), [at_most(60)])
    use = SelectField(_l("使用情况"), [Optional()])
    asked_from = DayField(_l("最近考过，从"), [Optional()])
    asked_to = DayField(_l("最近考过，到"), [Optional()])
    sort = SelectField(_l("排序"), [Optional()])

    def offer(
        self,
        banks: Sequence[BankFacts],
        topics: Sequence[TopicChoice],
        tags: Sequence[str],
        lessons: Iterable[tuple[str, str]],
        *,
        judged: bool,
    ) -> None:
        """Fill the lists to choose from; ``judged``: the reader may see statistics."""
        self.bank.choices = _all_or((each.name, each.title) for each in banks)
        self.topic.choices = _all_or((each.ref, indented(each)) for each in topics)
        self.tag.choices = _all_or((each, each) for each in tags)
        self.source.choices = [
            *_all_or([("-", _l("没有写出处"))]),
            *(SelectChoice(*each) for each in lessons),
        ]
        hidden = () if judged else ("flagged", "facility")
        self.use.choices = [each for each in _offered(USE_LABELS) if each.value not in hidden]
        self.sort.choices = [each for each in _offered(SORT_LABELS) if each.value not in hidden]

    def wanted(self, bank: str = "") -> Wanted:
        """Return what was asked for, within a bank if one is given; a value not offered narrows nothing."""
        self.validate()
        level = self._of("difficulty")
        return Wanted(
            text=(self.text.data or "")[:MOST_TEXT],
            bank=bank or self._of("bank"),
            topic=self._of("topic"),
            type=self._of("type"),
            difficulty=int(level) if level else None,
            tag=self._of("tag"),
            state=self._of("state"),
            origin=self._of("origin"),
            source=self._of("source"),
            rule_version=self._of("rule_version"),
            use=self._of("use"),
            asked_from=self._day("asked_from"),
            asked_to=self._day("asked_to"),
            sort=self._of("sort"),
        )

    def _of(self, name: str) -> str:
        return "" if self[name].errors else self[name].data or ""

    def _day(self, name: str) -> date | None:
        found: date | None = None if self[name].errors else self[name].data
        return found

    def values(self, wanted: Wanted) -> dict[str, str]:
        """Return the values of the address that ask for this again; empty ones are left out."""
        found = {name: getattr(wanted, name) for name in self._fields}
        return {name: str(value) for name, value in found.items() if value not in ("", None)}


def indented(choice: TopicChoice) -> str:
    """Return a topic's title as a flat list shows its level."""
    return "　" * choice.depth + choice.title


class TargetForm(_Asked):
    """What to do to the chosen questions, before it is looked at."""

    act = SelectField(_l("要做什么"), [chosen()], choices=_offered(KIND_LABELS))
    to = SelectField(_l("换到哪个主题"), [Optional()])
    tags = StringField(_l("标签（几个用逗号隔开）"), [at_most(400)])

    def offer(self, topics: Sequence[TopicChoice]) -> None:
        """Fill the list of topics."""
        choices = [SelectChoice(each.ref, indented(each)) for each in topics]
        self.to.choices = [SelectChoice("", _l("请选择")), *choices]

    def asked(self) -> BulkAct | None:
        """Return the act; ``None`` for none that is offered."""
        return _act(self.act.data, self.to.data, self.tags.data)

    @property
    def is_aimed(self) -> bool:
        """Whether it says where to move or which tags."""
        act = self.asked()
        return act is not None and (act.kind in {"retire", "restore"} or bool(act.topic or act.tags))


class BulkForm(CleanForm):
    """Confirms an act on the questions that were looked at: exactly those, whatever fits by then."""

    act = HiddenField()
    to = HiddenField()
    tags = HiddenField()
    ids = HiddenField()
    reason = TextAreaField(_l("原因"), [needed(), at_most(300)])

    def asked(self) -> BulkAct | None:
        """Return the act; ``None`` for none that is offered."""
        return _act(self.act.data, self.to.data, self.tags.data)

    def chosen_ids(self) -> list[int]:
        """Return the ids of the questions; what is no id is left out. One too many tells of too many."""
        return ids_in((self.ids.data or "").split(",", MOST_AT_ONCE + 1)[: MOST_AT_ONCE + 1])


def ids_in(words: Iterable[str]) -> list[int]:
    """Return the different ids among words."""
    most = len(str(MOST_ID))
    numbers = (int(each) for each in words if each.isascii() and each.isdecimal() and len(each) <= most)
    return list(dict.fromkeys(each for each in numbers if each <= MOST_ID))


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a typed list, overlong ones too: commas of any kind, or lines, part them."""
    for sign in "，、;；\n":
        text = text.replace(sign, ",")
    return neat_tags(text.split(","))


def _act(kind: str | None, to: str | None, tags: str | None) -> BulkAct | None:
    return BulkAct(kind, (to or "")[:200], split_tags((tags or "")[:400])) if kind in KINDS else None


class ViewForm(CleanForm):
    """Keeps the present search under a name."""

    name = StringField(_l("名称"), [needed(), at_most(40)])
    shared = BooleanField(_l("给所有培训师用"))
    wanted = HiddenField()
