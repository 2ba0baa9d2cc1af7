"""The strings printed: as questions of a paper copy, as its heads, as names and words of certificates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from benchmarks.hostile_words.files import text_of_pdf
from cstrain.exams.on_paper.documents import asked, pdf
from cstrain.grading.credentials.printing import certificate_pdf, qr

_BLANK = re.compile("[\\s\u200b]+")
_PLAIN = re.compile(r"[\s!-~\u4e00-\u9fff]+")
_EACH = 40


def printed(words: Sequence[str]) -> bool:
    """Print all strings; return whether one is missing that the fonts have all signs of."""
    kept = [word for word in words if word and "\0" not in word]
    missing: list[str] = []
    for at in range(0, len(kept), _EACH):
        some = kept[at : at + _EACH]
        text = text_of_pdf(pdf([_copy(some)]))
        if text is not None:
            missing += _missing(some, text)
    certificates = [text_of_pdf(certificate_pdf(_certificate(word[:60]))) or "" for word in kept[::10]]
    unsaid = sum("兹证明" not in _BLANK.sub("", each) for each in certificates)
    print(
        f"{len(kept)} strings printed as questions: {len(missing)} missing; {len(certificates)} certificates"
    )
    for each in missing[:10]:
        print(f"    {each[:100]!r}")
    return bool(missing or unsaid)


def _missing(words: Sequence[str], text: str) -> list[str]:
    told = _BLANK.sub("", re.sub("第[0-9]+页|卷号.*", "", text))
    plain = (word for word in words if _PLAIN.fullmatch(word))
    return [word for word in plain if _BLANK.sub("", word)[:200] not in told]


def _copy(words: Sequence[str]) -> dict[str, object]:
    questions = [
        {"number": number, "marks": "1"}
        | asked(
            "single_choice", "choose_one", {"stem": word, "options": [{"text": word[:500]}, {"text": "乙"}]}
        )
        for number, word in enumerate(words, start=1)
    ]
    head = {"title": words[0][:60], "name": words[0][:40], "staff_no": "K1", "department": words[-1][:40]}
    about = {"code": "AB12", "place": "", "minutes": 30, "pass_mark": "80", "questions": len(words)}
    return head | about | {"sections": [{"title": words[0][:60], "questions": questions}]}


def _certificate(word: str) -> dict[str, object]:
    days = {"exam_on": "2026年1月1日", "valid_until": "", "issued_on": "2026年1月1日"}
    told = {"kind": "paper", "name": word[:40], "staff_no": "K1", "title": word, "words": word, "mark": "90"}
    return told | days | {"code": "AB12", "url": "http://x/", "qr": qr("http://x/"), "stamp": ""}
