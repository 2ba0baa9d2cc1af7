"""Drafts for the round trips of formats: any question that its type accepts, in awkward words."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from cstrain.questions.choices import LETTERS
from cstrain.questions.exchange.contract import Draft, part
from cstrain.questions.folding import fold

AWKWARD = (
    "~=#{}:\\%<>&'\"[]|!?*`$-/()（），。、；：“”《》…．～＝＃甲乙丙丁题答案解析选项 AaBbTF0123456789.→✓é😀"
)
_LINE = (
    st.text(AWKWARD, min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda text: bool(fold(text).strip(".-,")))
)


def lines(most: int = 3) -> st.SearchStrategy[str]:
    """Texts of one to ``most`` lines, none empty and none with blanks at its ends."""
    return st.lists(_LINE, min_size=1, max_size=most).map("\n".join)


def texts(least: int, most: int) -> st.SearchStrategy[list[str]]:
    """Single lines of which no two read the same."""
    return st.lists(_LINE, min_size=least, max_size=most, unique_by=fold)


def _question(
    kind: str, stem: st.SearchStrategy[str] | None = None, **own: Any
) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "type": st.just(kind),
            "stem": lines() if stem is None else stem,
            "difficulty": st.integers(1, 3),
            **own,
        },
        optional={
            "explanation": lines(),
            "source": st.just("day-01#标题"),
            "situation": st.just(True),
        },
    )


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Any]:
    """Single and multiple choice."""
    options = draw(texts(3, 8))
    letters = LETTERS[: len(options)]
    several = draw(st.booleans())
    least, most = (2, len(letters) - 1) if several else (1, 1)
    answer = draw(st.lists(st.sampled_from(letters), min_size=least, max_size=most, unique=True).map(sorted))
    kind = "multiple_choice" if several else "single_choice"
    return draw(_question(kind, options=st.just(options), answer=st.just(answer)))


@st.composite
def fill_ins(draw: st.DrawFn) -> dict[str, Any]:
    """One to four blanks, each with one to three accepted answers."""
    blanks = draw(st.lists(texts(1, 3), min_size=1, max_size=4))
    around = draw(st.lists(lines(2), min_size=len(blanks) + 1, max_size=len(blanks) + 1))
    return draw(_question("fill_in", st.just("____".join(around)), blanks=st.just(blanks)))


_WRITTEN = [2.5, -0.75, "2.50", "0.000001", "123456789012.500000"]
_NUMBERS = st.integers(-(10**9), 10**9) | st.sampled_from(_WRITTEN)


def numbers() -> st.SearchStrategy[dict[str, Any]]:
    """A number with tolerance and unit, or without."""
    near = st.fixed_dictionaries(
        {},
        optional={"tolerance": st.sampled_from([0, 1, 0.5]), "unit": st.sampled_from(["元", "%", "件/人"])},
    )
    return st.tuples(_question("number", answer=_NUMBERS), near).map(lambda both: both[0] | both[1])


@st.composite
def matchings(draw: st.DrawFn) -> dict[str, Any]:
    """Three to six pairs that may share rights, and rights that belong to nothing."""
    lefts = draw(texts(3, 6))
    rights = draw(texts(4, 8))
    used = draw(st.lists(st.sampled_from(rights[:4]), min_size=len(lefts), max_size=len(lefts)))
    used[:2] = rights[:2]
    extra = draw(st.just(sorted(rights[4:])))
    own = {"pairs": st.just([list(pair) for pair in zip(lefts, used, strict=True)])}
    return draw(_question("matching", **own, **({"extra": st.just(extra)} if extra else {})))


def orderings() -> st.SearchStrategy[dict[str, Any]]:
    """Three to eight steps."""
    return _question("ordering", steps=texts(3, 8))


@st.composite
def written(draw: st.DrawFn) -> dict[str, Any]:
    """Short answers and essays, with model answer, limit and rubric or without."""
    kind = draw(st.sampled_from(["short_answer", "essay"]))
    question = draw(_question(kind))
    titles = draw(st.lists(_LINE, min_size=1, max_size=3))
    rubric = [{"id": f"c{index}", "title": title, "of": index + 1} for index, title in enumerate(titles)]
    if draw(st.booleans()):
        rubric[0] |= {"hint": draw(lines(2)), "levels": draw(texts(2, 3))}
    optional = {"model": lines(3), "most": st.integers(200, 800), "rubric": st.just(rubric)}
    return question | draw(st.fixed_dictionaries({}, optional=optional))


def fields() -> st.SearchStrategy[dict[str, Any]]:
    """The fields of a question of any type that is asked on paper, without id."""
    true_false = _question("true_false", answer=st.booleans())
    return st.one_of(choices(), true_false, fill_ins(), numbers(), matchings(), orderings(), written())


_TOPICS = st.sampled_from(["", "售后", "售后/退换货", "规则/C&D <1>"])


def drafts() -> st.SearchStrategy[list[Draft]]:
    """One to four drafts with ids and topics."""
    some = st.lists(st.tuples(fields(), _TOPICS), min_size=1, max_size=4)
    return some.map(
        lambda each: [
            Draft(part(f"q-{index}"), {"id": f"q-{index}", **said}, topic)
            for index, (said, topic) in enumerate(each)
        ]
    )
