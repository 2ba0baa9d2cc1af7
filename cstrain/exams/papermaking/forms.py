"""Shapes of input for papers on their way. Choices are handed in; no query, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from cstrain.exams.papermaking.facts import (
    MOST_CELLS,
    MOST_PICKED,
    MOST_SECTIONS,
    DraftCell,
    DraftContent,
    DraftSection,
    Picked,
)
from cstrain.exams.policy import MOST_NAMED
from cstrain.questions.library.facts import MOST_TEXT, Wanted
from cstrain.ui.forms import CleanForm, CleanPart, DayField, MarkField, at_most, chosen, needed

_KINDS = [SelectChoice("exam", lazy_gettext("阶段考试")), SelectChoice("quiz", lazy_gettext("小测"))]
_WAYS = [
    SelectChoice("blueprint", lazy_gettext("按抽题格：每人抽到的题不同")),
    SelectChoice("hand", lazy_gettext("手工挑题：每人的题相同")),
]
_RELEASES = [
    SelectChoice("auto", lazy_gettext("交卷后自动")),
    SelectChoice("two_persons", lazy_gettext("两人发布")),
]
_MOST_TITLE = 60
DIFFICULTY_WORDS = {1: lazy_gettext("1 记住"), 2: lazy_gettext("2 会用"), 3: lazy_gettext("3 判断")}


def _listed(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, word) for value, word in words.items()]


class Whole(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; an empty field gives none."""
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("请填整数。")) from None


class OptionalMark(MarkField):
    """A mark that may be missing yet."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the mark; an empty field gives none."""
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata(valuelist)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}"


class Boxes(SelectMultipleField):
    """Several of a list; what the list has not (any more) does not count."""

    data: Any
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Keep what is offered."""
        offered = {choice.value for choice in self.iter_choices()}
        self.data = [each for each in self.data or () if each in offered]


def _between(low: float, high: float, message: Any) -> NumberRange:
    return NumberRange(low, high, message)


class SeedForm(CleanForm):
    """Which form of a paper to look at; sent with GET, so it needs no token."""

    class Meta:
        csrf = False

    seed = Whole(
        lazy_gettext("卷号"),
        validators=[Optional(), _between(1, 999_999, lazy_gettext("请填1到999999的整数。"))],
        default=1,
    )


class NarrowForm(CleanForm):
    """Narrows the questions to pick from; sent with GET."""

    class Meta:
        csrf = False

    text = StringField(lazy_gettext("题干、选项或编号里有"), [at_most(MOST_TEXT)])
    topic = SelectField(lazy_gettext("主题"), [Optional()])
    type = SelectField(lazy_gettext("题型"), [Optional()])
    difficulty = SelectField(lazy_gettext("难度"), [Optional()])

    def offer(self, topics: Mapping[str, str], types: Mapping[str, str]) -> None:
        """Fill the lists to choose from."""
        every = [SelectChoice("", gettext("全部"))]
        self.topic.choices = every + _listed(topics)
        self.type.choices = every + _listed(types)
        self.difficulty.choices = every + _listed(DIFFICULTY_WORDS)

    def wanted(self, bank: str) -> Wanted:
        """Return what was asked for of the questions in use; a value not offered narrows nothing."""
        self.validate()
        topic, kind, level = (
            "" if field.errors else field.data or "" for field in (self.topic, self.type, self.difficulty)
        )
        return Wanted(
            text=(self.text.data or "")[:MOST_TEXT],
            bank=bank,
            topic=topic,
            type=kind,
            difficulty=int(level) if level else None,
            state="live",
        )


class NewPaperForm(CleanForm):
    """How a paper begins."""

    title = StringField(lazy_gettext("名称"), validators=[needed(), at_most(_MOST_TITLE)])
    name = StringField(lazy_gettext("短名"), validators=[needed(), at_most(60)])
    kind = RadioField(lazy_gettext("种类"), choices=_KINDS, default="exam", validators=[chosen()])
    bank = SelectField(lazy_gettext("题库"), validators=[needed()])
    way = RadioField(lazy_gettext("怎样出题"), choices=_WAYS, default="blueprint", validators=[chosen()])
    copy_of = SelectField(lazy_gettext("从哪份试卷开始"), validators=[Optional()])

    def offer(self, banks: Mapping[str, str], papers: Mapping[str, str]) -> None:
        """Fill the lists of banks and papers (titles by name)."""
        self.bank.choices = _listed(banks)
        named = {ref: f"{title}（{ref}）" for ref, title in papers.items()}
        self.copy_of.choices = [SelectChoice("", gettext("空白")), *_listed(named)]


class CellPart(CleanPart):
    """A cell."""

    count = Whole(
        lazy_gettext("抽几题"),
        validators=[Optional(), _between(1, MOST_NAMED, lazy_gettext("请填1到40的整数。"))],
    )
    bank = SelectField(lazy_gettext("题库"), validators=[Optional()])
    topics = Boxes(lazy_gettext("主题"))
    types = Boxes(lazy_gettext("题型"))
    difficulties = Boxes(lazy_gettext("难度"), coerce=int)
    refs = HiddenField()

    def offer(self, lists: CellLists, own: str) -> None:
        """Fill the lists; the topics are those of the cell's bank, else of the paper's."""
        self.bank.choices = [SelectChoice("", gettext("试卷的题库")), *_listed(lists.banks)]
        here = self.bank.data if self.bank.data in lists.banks else own
        self.topics.choices = _listed(lists.topics.get(here, {}))
        self.types.choices = _listed(lists.types)
        self.difficulties.choices = _listed(lists.difficulties)

    def cell(self) -> DraftCell:
        """Return what was typed."""
        return DraftCell(
            topics=tuple(self.topics.data or ()),
            types=tuple(self.types.data or ()),
            difficulties=tuple(self.difficulties.data or ()),
            count=self.count.data,
            bank=self.bank.data or "",
            refs=tuple(dict.fromkeys((self.refs.data or "").split()))[:MOST_NAMED],
        )


class CellLists:
    """What a cell chooses from: banks and types by name, topics by bank, difficulties."""

    def __init__(
        self,
        banks: Mapping[str, str],
        topics: Mapping[str, Mapping[str, str]],
        types: Mapping[str, Any],
        difficulties: Mapping[int, Any],
    ) -> None:
        self.banks, self.topics, self.types, self.difficulties = banks, topics, types, difficulties


class SectionPart(CleanPart):
    """A section with its cells."""

    title = StringField(lazy_gettext("部分的名称"), validators=[at_most(_MOST_TITLE)])
    marks = OptionalMark(
        lazy_gettext("每题几分"),
        validators=[Optional(), _between(0, 100, lazy_gettext("请填0到100。"))],
    )
    cells = FieldList(FormField(CellPart), max_entries=MOST_CELLS)

    def section(self) -> DraftSection:
        """Return what was typed."""
        cells = tuple(entry.form.cell() for entry in self.cells)
        return DraftSection(title=self.title.data or "", marks=self.marks.data, cells=cells)


class HeadForm(CleanForm):
    """The head of a paper, and the revision that was read."""

    revision = HiddenField()
    title = StringField(lazy_gettext("名称"), validators=[needed(), at_most(_MOST_TITLE)])
    kind = RadioField(lazy_gettext("种类"), choices=_KINDS, validators=[chosen()])
    effective_from = DayField(lazy_gettext("从哪天起使用"), validators=[needed()])
    minutes = Whole(
        lazy_gettext("时长（分钟）"),
        validators=[needed(), _between(1, 480, lazy_gettext("请填1到480的整数。"))],
    )
    pass_mark = OptionalMark(
        lazy_gettext("及格线（分）"), validators=[needed(), _between(0, 100, lazy_gettext("请填0到100。"))]
    )
    difficulty_tolerance = OptionalMark(
        lazy_gettext("两份卷的平均难度最多差多少"),
        validators=[needed(), _between(0.01, 2, lazy_gettext("请填0.01到2。"))],
    )
    release = RadioField(lazy_gettext("成绩发布"), choices=_RELEASES, validators=[chosen()])
    consequences = BooleanField(lazy_gettext("影响去留（要两人发布成绩）"))
    disjoint = BooleanField(lazy_gettext("每次考的题全部换新"))
    partial = BooleanField(lazy_gettext("多选题按部分给分"))
    unified = BooleanField(lazy_gettext("所有人同一时间考"))
    requires = StringField(lazy_gettext("先修试卷的编号"), validators=[at_most(400)])

    def number(self) -> int:
        """Return the revision that was read; 0 for none."""
        text = self.revision.data or ""
        return int(text) if text.isdecimal() and len(text) < 9 else 0

    def head(self, before: DraftContent) -> DraftContent:
        """Return the paper with what was typed in its head."""
        asked = (self.requires.data or "").replace("，", " ").replace("、", " ").replace(",", " ").split()
        return before.changed(
            title=self.title.data,
            kind=self.kind.data,
            effective_from=self.effective_from.data,
            minutes=self.minutes.data,
            pass_mark=self.pass_mark.data,
            difficulty_tolerance=self.difficulty_tolerance.data,
            release="two_persons" if self.consequences.data else self.release.data,
            consequences=self.consequences.data,
            disjoint=self.disjoint.data,
            partial=self.partial.data,
            unified=self.unified.data,
            requires=tuple(dict.fromkeys(asked))[:10],
        )


class BlueprintForm(HeadForm):
    """A paper of cells."""

    sections = FieldList(FormField(SectionPart), max_entries=MOST_SECTIONS)

    def offer(self, lists: CellLists, own: str) -> None:
        """Fill the lists of all cells; ``own`` is the paper's bank."""
        for section in self.sections:
            for entry in section.form.cells:
                entry.form.offer(lists, own)

    def content(self, before: DraftContent) -> DraftContent:
        """Return the paper as typed."""
        return self.head(before).changed(sections=tuple(entry.form.section() for entry in self.sections))


class PickedPart(CleanPart):
    """A question picked by hand."""

    ref = HiddenField()
    part = StringField(lazy_gettext("部分的名称"), validators=[at_most(_MOST_TITLE)])
    marks = OptionalMark(
        lazy_gettext("分值"), validators=[Optional(), _between(0, 100, lazy_gettext("请填0到100。"))]
    )


class HandForm(HeadForm):
    """A paper of picked questions, in order."""

    picked = FieldList(FormField(PickedPart), max_entries=MOST_PICKED)

    def content(self, before: DraftContent) -> DraftContent:
        """Return the paper as typed; only questions that it had are taken from the list."""
        known = {one.ref for one in before.picked}
        parts = [entry.form for entry in self.picked if entry.form.ref.data in known]
        picked = tuple(
            Picked(ref=part.ref.data, marks=part.marks.data, part=part.part.data or "") for part in parts
        )
        return self.head(before).changed(picked=picked)


class ChooseForm(CleanForm):
    """Questions chosen from what a search found."""

    revision = HiddenField()
    refs = SelectMultipleField(lazy_gettext("试题"), validate_choice=False)


class ReasonForm(CleanForm):
    """Why something is sent back or withdrawn."""

    reason = TextAreaField(lazy_gettext("原因"), validators=[needed(), at_most(500)])


def typed(content: DraftContent, revision: int) -> dict[str, Any]:
    """Return a paper as the data of its form."""
    head = content.model_dump(exclude={"sections", "picked", "requires", "way", "bank"})
    return head | {
        "revision": str(revision),
        "requires": "、".join(content.requires),
        "sections": [_typed_section(each) for each in content.sections],
        "picked": [each.model_dump() for each in content.picked],
    }


def _typed_section(section: DraftSection) -> dict[str, Any]:
    cells: Iterable[DraftCell] = section.cells
    return {
        "title": section.title,
        "marks": section.marks,
        "cells": [cell.model_dump() | {"refs": " ".join(cell.refs)} for cell in cells],
    }
