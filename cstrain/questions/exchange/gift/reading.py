"""Questions of GIFT files as drafts: stem, name, feedback and what comments keep. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cstrain.questions.exchange.contract import Draft, row
from cstrain.questions.exchange.gift.answers import answers_of, is_fill_in
from cstrain.questions.exchange.gift.syntax import GAP, Piece, RefusedError, parts
from cstrain.questions.exchange.gift.text import Said, read_text
from cstrain.questions.facts import JsonObject
from cstrain.wording.said import say

ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
KEPT = ("difficulty", "source", "situation")
"""Fields of every type that our own files keep in a comment."""
KEPT_BY_TYPE: Mapping[str, tuple[str, ...]] = {
    "number": ("unit",),
    "short_answer": ("model", "rubric", "most"),
    "essay": ("model", "rubric", "most", "least"),
}
"""Fields that a type keeps there besides."""
UNIT = "（单位：%s）"
"""What stands behind the stem of a number with a unit."""
_MOST_EXPLAINED = 4000
_SHOWN = 40
_GAPS = re.compile("_{2,}")
_UNDERSCORE = re.compile("(?<!_)_(?!_)")


def draft_of(piece: Piece) -> Draft:
    """Return a question of a file as a draft; raises ``RefusedError``."""
    return _Reader(piece).draft()


class _Reader:
    """Makes one question a draft; notes gather as it goes."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self._parts = parts(piece.text)
        self._kept = piece.remarks.fields
        self._notes: dict[str, None] = {}
        self._format = "moodle"

    def draft(self) -> Draft:
        block = self._parts.block
        if block is None:
            raise RefusedError(say("没有答案块{ }，这是一段说明，不是试题。要当试题导入，请补上答案。"))
        stem = self._stem(is_fill_in(block))
        answers = answers_of(block, self._text)
        for lost in answers.lost:
            self._lose(lost)
        fields: JsonObject = {**self._id(stem), "stem": stem, **answers.fields}
        self._keep(fields)
        self._explain(fields, answers.feedback)
        piece = self._piece
        return Draft(row(piece.line), fields, piece.topic, tuple(piece.remarks.tags), tuple(self._notes))

    def _lose(self, what: str) -> None:
        self._notes[say("没有保留：%(what)s", what=what)] = None

    def _text(self, source: str) -> str:
        """Return a text of the question, in the stem's format where it has no marker of its own."""
        return self._heard(read_text(source, self._format))

    def _heard(self, said: Said) -> str:
        for each in said.lost:
            self._lose(each)
        return said.text

    def _stem(self, with_gap: bool) -> str:
        before, after = self._parts.before, self._parts.after
        if with_gap:
            before, after = self._with_one_gap(before, after)
        if after.strip():
            before = f"{before}{GAP}{after}"
        said = read_text(before)
        self._format = said.format
        return self._heard(said)

    def _with_one_gap(self, before: str, after: str) -> tuple[str, str]:
        """Return the text around the block of a short answer so that it has the one gap it needs."""
        if _UNDERSCORE.search(before + after):
            self._notes[say("题干里的单个下划线改成了全角，因为填空题用下划线表示空。")] = None
            before, after = (_UNDERSCORE.sub("＿", each) for each in (before, after))
        gaps = len(_GAPS.findall(before)) + len(_GAPS.findall(after))
        if gaps + bool(after.strip()) > 1:
            raise RefusedError(say("题干里有几处下划线，答案却只有一组。请每题只留一个空，或者改用单选题。"))
        if after.strip():
            return before, after
        return (_GAPS.sub(GAP, before) if gaps else before + GAP), ""

    def _id(self, stem: str) -> JsonObject:
        named, title = self._piece.remarks.id, self._parts.title
        for name in (named, title):
            if ID.fullmatch(name):
                if title not in {"", name}:
                    self._lose(say("题名“%(title)s”", title=title[:_SHOWN]))
                return {"id": name}
        if named:
            self._lose(say("编号“%(named)s”（只能用小写字母、数字和._-）", named=named[:_SHOWN]))
        if title and not stem.startswith(title.rstrip(".…")):
            self._lose(say("题名“%(title)s”", title=title[:_SHOWN]))
        return {}

    def _keep(self, fields: JsonObject) -> None:
        """Take over what a comment of ours keeps."""
        kept = self._kept
        if fields["type"] == "essay" and kept.get("type") == "short_answer":
            fields["type"] = "short_answer"
        for name in (*KEPT, *KEPT_BY_TYPE.get(fields["type"], ())):
            if name in kept:
                fields[name] = kept[name]
        if unit := fields.get("unit"):
            fields["stem"] = fields["stem"].removesuffix(UNIT % unit)

    def _explain(self, fields: JsonObject, feedback: tuple[str, ...]) -> None:
        general = self._text(self._parts.general)
        written = "model" in KEPT_BY_TYPE.get(fields["type"], ())
        if general and written and self._kept.get("feedback") == "model":
            fields["model"] = general
            return
        if general:
            fields["explanation"] = general
        if not feedback:
            return
        joined = "\n".join(feedback)
        if general or len(joined) > _MOST_EXPLAINED:
            self._lose(say("各个答案的单独反馈"))
        else:
            fields["explanation"] = joined
            self._notes[say("各个答案的单独反馈合并成了解析。")] = None
