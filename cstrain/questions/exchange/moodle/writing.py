"""From the fields of our questions to Moodle XML, type by type, as Moodle itself exports them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.moodle.gaps import cloze
from cstrain.questions.exchange.moodle.own import grader_text, own_tags
from cstrain.questions.exchange.plain_text import to_html

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = 60
_AUTO = "moodle_auto_format"
_Lines = Iterator[str]


class CannotWriteError(ValueError):
    """Moodle has no such question; ``args[0]`` is the type's name."""


def question(fields: Mapping[str, Any], tags: Sequence[str]) -> tuple[str, bool]:
    """Return a ``<question>``, and whether all its characters could be written (XML has no control ones).

    Raises ``CannotWriteError`` for a type that Moodle has not.
    """
    writer = _WRITERS.get(fields["type"])
    if writer is None:
        raise CannotWriteError(fields["type"])
    kind, lines = writer(fields)
    several = fields["type"] == "fill_in" and len(fields["blanks"]) > 1
    stem = cloze(fields["stem"], fields["blanks"]) if several else to_html(fields["stem"])
    explanation = _formatted(fields.get("explanation", ""))
    whole = "\n".join(
        [
            f'<question type="{kind}">',
            f"<name>{_text(_name(fields['stem']))}</name>",
            f'<questiontext format="html">{_text(stem)}</questiontext>',
            f'<generalfeedback format="html">{explanation}</generalfeedback>',
            "<defaultgrade>1.0000000</defaultgrade>",
            "<penalty>0.0000000</penalty>",
            "<hidden>0</hidden>",
            *([f"<idnumber>{escaped(fields['id'])}</idnumber>"] if fields.get("id") else []),
            *lines,
            "<tags>",
            *(f"<tag>{_text(tag)}</tag>" for tag in own_tags(fields, tags)),
            "</tags>",
            "</question>",
        ]
    )
    legal = _ILLEGAL.sub("", whole)
    return legal, legal == whole


def is_trimmed(fields: Mapping[str, Any]) -> bool:
    """Tell whether Moodle drops blanks or line ends around an accepted answer or the right side of a pair."""
    blanks = [text for accepted in fields.get("blanks", ()) for text in accepted]
    rights = [right for _left, right in fields.get("pairs", ())]
    return any(text != text.strip() for text in (*blanks, *rights, *fields.get("extra", ())))


def category(topic: str) -> str:
    """Return the pseudo question that puts what follows into a category."""
    levels = [each.strip() for each in topic.split("/")]
    path = "/".join(["$course$", "top", *(each for each in levels if each)])
    legal = _ILLEGAL.sub("", path)
    return f'<question type="category">\n    <category>{_text(legal)}</category>\n  </question>'


def escaped(text: str) -> str:
    """Return a text as XML character data."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace("\r", "&#13;")


def _text(text: str) -> str:
    """Return ``<text>`` with exactly this text: in CDATA where that reads better."""
    if "\r" in text or not re.search("[<&]", text):
        return f"<text>{escaped(text)}</text>"
    return f"<text><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></text>"


def _formatted(text: str) -> str:
    return _text(to_html(text))


def _name(stem: str) -> str:
    """Return the name in Moodle's list: the beginning of the stem on one line."""
    line = stem.strip().partition("\n")[0].strip()
    return line if len(line) <= _NAME else f"{line[:_NAME]}…"


def _answer(text: str, fraction: str, form: str, more: str = "") -> str:
    return f'<answer fraction="{fraction}" format="{form}">{text}{more}</answer>'


def _percent(right: int) -> str:
    """Return what one of so many right options earns, as Moodle spells it (``33.33333``)."""
    return f"{100 / right:.5f}".rstrip("0").rstrip(".")


def _choice(fields: Mapping[str, Any]) -> tuple[str, _Lines]:
    return "multichoice", _choice_lines(fields)


def _choice_lines(fields: Mapping[str, Any]) -> _Lines:
    """Yield the options. Of several right ones, a wrong pick takes what a right one earns, as we mark."""
    many, right = fields["type"] == "multiple_choice", set(fields["answer"])
    share = _percent(len(right))
    yield f"<single>{'false' if many else 'true'}</single>"
    yield "<shuffleanswers>true</shuffleanswers>"
    yield "<answernumbering>ABCD</answernumbering>"
    for letter, option in zip(LETTERS, fields["options"], strict=False):
        fraction = share if letter in right else f"-{share}" if many else "0"
        yield _answer(_formatted(option), fraction, "html")


def _true_false(fields: Mapping[str, Any]) -> tuple[str, _Lines]:
    words = {"true": bool(fields["answer"]), "false": not fields["answer"]}
    answers = (_answer(_text(word), "100" if each else "0", _AUTO) for word, each in words.items())
    return "truefalse", answers


def _fill_in(fields: Mapping[str, Any]) -> tuple[str, _Lines]:
    if len(fields["blanks"]) > 1:
        return "cloze", iter(())
    accepted = fields["blanks"][0]
    answers = (_answer(_text(each.replace("*", "\\*")), "100", _AUTO) for each in accepted)
    return "shortanswer", iter(["<usecase>0</usecase>", *answers])


def _number(fields: Mapping[str, Any]) -> tuple[str, _Lines]:
    return "numerical", _number_lines(fields)


def _number_lines(fields: Mapping[str, Any]) -> _Lines:
    tolerance = f"<tolerance>{fields['tolerance']}</tolerance>" if "tolerance" in fields else ""
    yield _answer(_text(str(fields["answer"])), "100", _AUTO, tolerance)
    unit = fields.get("unit", "")
    if unit:
        name = f"<unit_name>{escaped(unit)}</unit_name>"
        yield f"<units><unit><multiplier>1</multiplier>{name}</unit></units>"
    yield "<unitgradingtype>0</unitgradingtype>"
    yield "<unitpenalty>0.1000000</unitpenalty>"
    yield f"<showunits>{0 if unit else 3}</showunits>"
    yield "<unitsleft>0</unitsleft>"


def _matching(fields: Mapping[str, Any]) -> tuple[str, _Lines]:
    pairs = [*fields["pairs"], *(["", each] for each in fields.get("extra", ()))]
    lines = (
        f'<subquestion format="html">{_formatted(left)}<answer>{_text(right)}</answer></subquestion>'
        for left, right in pairs
    )
    return "matching", iter(["<shuffleanswers>true</shuffleanswers>", *lines])


def _ordering(fields: Mapping[str, Any]) -> tuple[str, _Lines]:
    steps = (
        _answer(_formatted(step), f"{number}.0000000", "html")
        for number, step in enumerate(fields["steps"], start=1)
    )
    return "ordering", iter(
        [
            "<layouttype>VERTICAL</layouttype>",
            "<selecttype>ALL</selecttype>",
            "<selectcount>0</selectcount>",
            "<gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>",
            "<showgrading>SHOW</showgrading>",
            "<numberingstyle>none</numberingstyle>",
            *steps,
        ]
    )


def _written(fields: Mapping[str, Any]) -> tuple[str, _Lines]:
    grader = grader_text(fields.get("model", ""), fields.get("rubric", ()))
    lines = 5 if fields["type"] == "short_answer" else 15
    return "essay", iter(
        [
            "<responseformat>plain</responseformat>",
            "<responserequired>1</responserequired>",
            f"<responsefieldlines>{lines}</responsefieldlines>",
            "<attachments>0</attachments>",
            "<attachmentsrequired>0</attachmentsrequired>",
            f'<graderinfo format="html">{_formatted(grader)}</graderinfo>',
            '<responsetemplate format="html"><text/></responsetemplate>',
        ]
    )


_WRITERS: dict[str, Callable[[Mapping[str, Any]], tuple[str, _Lines]]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "fill_in": _fill_in,
    "number": _number,
    "matching": _matching,
    "ordering": _ordering,
    "short_answer": _written,
    "essay": _written,
}
