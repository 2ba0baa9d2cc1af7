"""Questions as Moodle exports them, and how tests read them."""

from __future__ import annotations

from typing import Any

from cstrain.questions.exchange.contract import Draft, Reading, part
from cstrain.questions.formats.moodle_xml import MoodleXml

GROUPS = (("a", 1), ("b", 2), ("c", 1))
STEM = '<questiontext format="html"><text>题干</text></questiontext>'


def read(*questions: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> Reading:
    return MoodleXml.read(f"{head}<quiz>{''.join(questions)}</quiz>".encode(), "quiz.xml")


def asked(kind: str, inner: str, stem: str = STEM) -> str:
    return f'<question type="{kind}"><name><text>题干</text></name>{stem}{inner}</question>'


def answer(text: str, fraction: object, feedback: str = "", more: str = "") -> str:
    said = f"<feedback><text>{feedback}</text></feedback>"
    return f'<answer fraction="{fraction}"><text>{text}</text>{said}{more}</answer>'


def stem(text: str, form: str = "html") -> str:
    return f'<questiontext format="{form}"><text><![CDATA[{text}]]></text></questiontext>'


def one(*questions: str) -> Draft:
    reading = read(*questions)
    assert reading.faults == ()
    (draft,) = reading.drafts
    return draft


def refused(*questions: str) -> str:
    reading = read(*questions)
    assert reading.drafts == ()
    (fault,) = reading.faults
    return fault.message


def sent(topic: str = "", tags: tuple[str, ...] = (), **own: Any) -> Draft:
    return Draft(part("q-1"), {"type": "true_false", "stem": "题干", "answer": True, **own}, topic, tags)


def back(*questions: Draft) -> list[Draft]:
    reading = MoodleXml.read(MoodleXml.write("题库", questions).data, "x.xml")
    assert reading.faults == ()
    return list(reading.drafts)
