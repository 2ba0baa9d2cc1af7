"""Who may interview, who is tied to a candidate, who answers as a colleague."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from cstrain.access import roles_granting
from cstrain.kernel.ids import PersonId
from cstrain.onboarding import queries as onboarding
from cstrain.people import queries as people
from cstrain.people.facts import PersonFacts, Status
from cstrain.promotion.competition.facts import Candidate, Competition
from cstrain.promotion.competition.policy import CompetitionRules
from cstrain.promotion.competition.queries.progress import Progress
from cstrain.promotion.competition.queries.records import candidates_of

MENTOR = "mentor"


def able_to_interview(
    competition: Competition, candidates: Collection[Candidate], today: date
) -> list[PersonFacts]:
    """Return who may be put on the panel: holders of an office that interviews, never who applied."""
    roles = roles_granting("competition.interview")
    ids = {one for role in roles for one in people.persons_with_role(role, today)}
    applied = {one.person for one in (*candidates_of([competition.id]), *candidates)}
    found = people.people(ids - applied, today).values()
    return sorted(found, key=lambda one: one.staff_no)


def able_to_take_over(competition: Competition, state: Progress, today: date) -> list[PersonFacts]:
    """Return who may take over from an interviewer: who may interview and has no part in the rating yet."""
    part = {one.person for one in state.panel} | state.colleagues | {one.rater for one in state.handed_in}
    able = able_to_interview(competition, state.candidates, today)
    return [one for one in able if one.id not in part]


def ties_of(
    person: PersonId, candidates: Sequence[Candidate], rules: CompetitionRules, today: date
) -> tuple[list[tuple[Candidate, str]], list[tuple[Candidate, str]]]:
    """Return an interviewer's ties to candidates: those that exclude, and those the rules allow and declare.

    A tie is having mentored somebody, or being their direct superior (``panel_offices`` may allow that one).
    """
    mentored = onboarding.ever_mentored(person, [one.person for one in candidates])
    offices = people.roles_of(person, today)
    excluded = [(one, MENTOR) for one in candidates if one.person in mentored]
    allowed: list[tuple[Candidate, str]] = []
    for one in candidates:
        if person not in people.direct_superiors_of(one.person, today):
            continue
        named = sorted(offices & set(rules.panel_offices))
        (allowed if named else excluded).append((one, named[0] if named else "supervisor"))
    return excluded, allowed


def voters(
    competition: Competition, candidates: Sequence[Candidate], apart: Collection[PersonId], today: date
) -> list[PersonId]:
    """Return the colleagues who may answer: converted staff of the post's and the candidates' departments.

    Nobody who applied, sent back and withdrawn ones included (they may not act in it), nobody above a
    candidate, nobody of ``apart`` (the panel).
    """
    facts = people.people([one.person for one in candidates], today)
    places = {place for one in facts.values() for place in people.subtree(one.department_id)}
    places |= people.subtree(competition.department)
    above = {who for one in candidates for who in people.superiors_of(one.person, today)}
    out = above | set(apart) | set(facts) | {one.person for one in candidates_of([competition.id])}
    return [
        one.id
        for one in people.everybody(today)
        if one.department_id in places and one.status is Status.CONVERTED and one.id not in out
    ]
