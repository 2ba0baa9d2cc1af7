"""What a text of questions is cut into before anything is understood: questions, their pieces. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cstrain.questions.exchange.text.marks import Section
from cstrain.questions.exchange.text.source import Line
from cstrain.questions.exchange.text.words import PROSE, TRUTHS

_MOST_PROBLEMS = 5
_FIRST = "A-Ja-jＡ-Ｊ" + "".join(sorted({form for word in TRUTHS for form in (word[0], word[0].upper())}))
_TRUTH_WORDS = "|".join(sorted((re.escape(word) for word in TRUTHS), key=len, reverse=True))
FILLED = re.compile(
    rf"[（(【\[]\s*(?=[{_FIRST}])(?P<said>[A-JＡ-Ｊ](?:[\s、,，;；]*[A-JＡ-Ｊ]){{0,9}}|{_TRUTH_WORDS})\s*[)）】\]]"
    r"|_{1,40}\s*(?P<lined>[A-J]{1,8})\s*_{1,40}",
    re.IGNORECASE,
)
"""An answer written into the stem's bracket or line."""


@dataclass(slots=True)
class Piece:
    """A part of a question under one label (``stem``, ``option``, or a kind of ``text_words.LABELS``)."""

    kind: str
    line: int
    lines: list[str]

    @property
    def text(self) -> str:
        """The lines without empty ones around them."""
        return "\n".join(self.lines).strip("\n")


@dataclass(slots=True)
class Asked:
    """A question as it stands in the text; ``part`` counts the sections and restarts of the numbers."""

    number: int
    style: str
    section: Section
    part: int
    pieces: list[Piece]
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def line(self) -> int:
        """The line it begins on."""
        return self.pieces[0].line

    @property
    def last(self) -> Piece:
        """The piece that was begun last."""
        return self.pieces[-1]

    def of(self, *kinds: str) -> list[Piece]:
        """Return the pieces of these kinds."""
        return [piece for piece in self.pieces if piece.kind in kinds]

    def text(self, *kinds: str) -> str:
        """Return what stands under labels of these kinds."""
        return "\n".join(text for piece in self.of(*kinds) if (text := piece.text))

    @property
    def answered(self) -> bool:
        """Whether it has its own answer: under a label, or in the stem's bracket."""
        return bool(self.of("answer", "model")) or bool(FILLED.search(self.pieces[0].text))

    @property
    def open(self) -> bool:
        """Whether the next lines may be text of the last piece, whatever they look like."""
        kind = self.last.kind
        return kind == "stem" or kind in PROSE or (kind == "answer" and not self.of("option"))

    def wrong(self, message: str) -> None:
        """Note why the question cannot be read, each reason once."""
        if len(self.problems) < _MOST_PROBLEMS and message not in self.problems:
            self.problems.append(message)


@dataclass(slots=True)
class Key:
    """A list of answers apart from the questions: its lines, and the sections they were under.

    ``doubtful``: it stands behind a question without options, so it might be that question's own answer.
    """

    part: int
    doubtful: bool = False
    lines: list[tuple[Section, Line]] = field(default_factory=list)
