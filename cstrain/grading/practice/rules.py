"""Pure rules of practice: what may be practised, what is wrong, when its turn comes again.

Sources: docs/rules.md 2.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from fractions import Fraction

from cstrain.exams.policy import PaperSpec
from cstrain.grading.practice.facts import Answered, Standing
from cstrain.grading.practice.policy import PracticeRules
from cstrain.questions.facts import Control, PoolQuestion

SKILLS = frozenset({Control.TYPING, Control.OPERATION, Control.CHAT})
"""Tasks that hardly anybody does without a slip."""
BY_PEOPLE = frozenset({Control.LIVE, Control.TEXT})
"""What is always marked by people; of cases and chats each question must be asked."""


def closed_banks(papers: Iterable[PaperSpec]) -> frozenset[str]:
    """Return the banks that nobody may practise with: those that any edition of a serious paper draws on.

    Serious are papers for conversion, papers that never repeat a question (upgrades) and papers with
    consequences. An edition that is no longer, or not yet, in force counts as well: its results stand.
    """
    return frozenset(
        bank
        for paper in papers
        if paper.kind == "conversion" or paper.disjoint or paper.consequences
        for bank in paper.banks
    )


def open_banks(rules: PracticeRules, papers: Iterable[PaperSpec]) -> tuple[str, ...]:
    """Return the banks that may be practised, in the chapter's order.

    A bank that no paper draws on stays closed as well: the blueprint it is meant for may not be loaded yet.
    """
    known = list(papers)
    used = {bank for paper in known for bank in paper.banks}
    closed = closed_banks(known)
    return tuple(bank for bank in rules.open_banks if bank in used - closed)


def drawn(pool: Sequence[PoolQuestion], topics: Collection[str], seed: int) -> list[PoolQuestion]:
    """Return the questions of some topics (of all without topics) in the order that ``seed`` draws."""
    ordered = sorted(pool, key=lambda question: question.question_id)
    found = [question for question in ordered if not topics or question.topic in topics]
    random.Random(seed).shuffle(found)  # noqa: S311  # variety, not secrecy
    return found


def option_order(count: int, seed: int, place: int) -> list[int]:
    """Return the order in which the options at a place of a set are shown."""
    order = list(range(count))
    random.Random(f"{seed}/{place}").shuffle(order)  # noqa: S311  # variety, not secrecy
    return order


def is_right(control: str, share: Fraction, good_share: Fraction) -> bool:
    """Tell whether an answer that earned ``share`` (0 to 1) counts as right."""
    return share >= (good_share if control in SKILLS else 1)


def standings(answers: Iterable[Answered], rules: PracticeRules) -> dict[int, Standing]:
    """Return the standing of every question that was ever answered wrongly, by question."""
    by_question: dict[int, list[Answered]] = {}
    for answer in answers:
        by_question.setdefault(answer.question_id, []).append(answer)
    found = {question: standing(each, rules) for question, each in by_question.items()}
    return {question: each for question, each in found.items() if each is not None}


def standing(answers: Sequence[Answered], rules: PracticeRules) -> Standing | None:
    """Return where a question stands after these answers to it; ``None`` if none of them was wrong.

    A wrong answer in an exam is to be repeated at once, one in practice after the first spacing. A right
    answer counts in the run only when its turn had come: ten right answers in one evening are one. After a
    full run (``mastered_after``) the question is mastered until it is answered wrongly again.
    """
    wrong: list[Answered] = []
    run, due = 0, None
    for answer in sorted(answers, key=lambda each: (each.at, not each.in_exam)):
        if not answer.right:
            wrong.append(answer)
            run, due = 0, answer.day + timedelta(days=0 if answer.in_exam else rules.spacing_days[0])
        elif due is not None and answer.day >= due:
            run += 1
            full = run >= rules.mastered_after
            due = None if full else answer.day + timedelta(days=rules.spacing_days[run])
    if not wrong:
        return None
    return Standing(
        question_id=wrong[0].question_id,
        wrong_in_exams=sum(each.in_exam for each in wrong),
        wrong_in_practice=sum(not each.in_exam for each in wrong),
        last_wrong=wrong[-1],
        last_wrong_in_exam=next((each for each in reversed(wrong) if each.in_exam), None),
        run=run,
        due=due,
    )
