"""What may never stand in the tables of applications, read from the tables alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from benchmarks.duties.road import Check, Rule
from benchmarks.duties.world import World

RULES = (
    Rule(
        "an act on one's own application",
        "SELECT e.id FROM application_event e JOIN promotion_application a ON a.id = e.application_id"
        " WHERE e.by_id = a.person_id AND e.kind NOT IN ('submit','withdraw')",
    ),
    Rule(
        "submitted or withdrawn by somebody else",
        "SELECT e.id FROM application_event e JOIN promotion_application a ON a.id = e.application_id"
        " WHERE e.kind IN ('submit','withdraw') AND e.by_id <> a.person_id",
    ),
    Rule(
        "endorsed by the applicant",
        "SELECT e.id FROM application_endorsement e JOIN promotion_application a ON a.id = e.application_id"
        " WHERE e.by_id = a.person_id",
    ),
    Rule(
        "confirmed by the applicant",
        "SELECT c.id FROM application_confirmation c JOIN promotion_application a ON a.id = c.application_id"
        " WHERE c.by_id = a.person_id",
    ),
    Rule(
        "a sheet by the applicant or by nobody of the panel",
        "SELECT s.id FROM defence_sheet s JOIN defence_entry e ON e.id = s.entry_id"
        " WHERE s.juror_id = e.person_id OR NOT EXISTS (SELECT 1 FROM defence_juror j"
        " WHERE j.round_id = e.round_id AND j.person_id = s.juror_id)",
    ),
    Rule(
        "the applicant on the own panel",
        "SELECT j.id FROM defence_juror j JOIN defence_entry e ON e.round_id = j.round_id"
        " WHERE j.person_id = e.person_id",
    ),
    Rule(
        "a sealed sheet of somebody who is out",
        "SELECT s.id FROM defence_sheet s JOIN juror_declaration d ON d.entry_id = s.entry_id"
        " AND d.juror_id = s.juror_id AND d.answer IN ('recuse','excluded') WHERE s.sealed_at IS NOT NULL",
    ),
    Rule(
        "minutes signed by somebody who has not sealed",
        "SELECT m.id FROM minutes_signature m LEFT JOIN defence_sheet s ON s.entry_id = m.entry_id"
        " AND s.juror_id = m.juror_id WHERE s.sealed_at IS NULL",
    ),
    Rule(
        "opened before everybody who declared no tie has sealed, or with fewer than three",
        "SELECT e.id FROM defence_entry e WHERE e.opened_at IS NOT NULL AND ((SELECT count(*) FROM"
        " defence_sheet s WHERE s.entry_id = e.id AND s.sealed_at <= e.opened_at) < 3 OR EXISTS (SELECT 1"
        " FROM juror_declaration d WHERE d.entry_id = e.id AND d.answer IN ('none','cleared') AND NOT EXISTS"
        " (SELECT 1 FROM juror_declaration o WHERE o.entry_id = e.id AND o.juror_id = d.juror_id AND"
        " o.answer IN ('recuse','excluded')) AND NOT EXISTS (SELECT 1 FROM defence_sheet s WHERE s.entry_id"
        " = e.id AND s.juror_id = d.juror_id AND s.sealed_at IS NOT NULL)))",
    ),
    Rule(
        "a notice published or closed by its person",
        "SELECT id FROM public_notice WHERE person_id IN (published_by, COALESCE(closed_by, 0))",
    ),
    Rule(
        "an objection by, looked into by or answered by the notice's person",
        "SELECT o.id FROM notice_objection o JOIN public_notice n ON n.id = o.notice_id WHERE n.person_id IN"
        " (COALESCE(o.by_id, 0), COALESCE(o.started_by, 0), COALESCE(o.answered_by, 0))",
    ),
    Rule(
        "an objection looked into or answered by who made it",
        "SELECT id FROM notice_objection WHERE by_id IN (started_by, answered_by)",
    ),
    Rule(
        "an appeal decided by its person, or filed for another",
        "SELECT p.id FROM application_appeal p JOIN promotion_application a ON a.id = p.application_id"
        " WHERE p.decided_by = a.person_id OR p.person_id <> a.person_id",
    ),
    Rule(
        "a name beside an anonymous objection",
        "SELECT a.seq FROM audit_entry a WHERE a.action = 'notice.object' AND a.actor_id IS NOT NULL"
        """ AND a.detail LIKE '%anonymous%'""",
    ),
    Rule(
        "an act of two by one, or about who proposed or answered it",
        "SELECT id FROM paired_act WHERE proposed_by = confirmed_by OR about_id IN"
        " (proposed_by, COALESCE(confirmed_by, 0), COALESCE(refused_by, 0))",
    ),
    Rule(
        "a person's state written by the person",
        "SELECT id FROM employment_state WHERE recorded_by = person_id",
    ),
    Rule(
        "a role given by its holder",
        "SELECT id FROM role_assignment WHERE granted_by = person_id",
    ),
)


def _rows(connection: sa.Connection, sql: str, **values: object) -> list[Any]:
    return list(connection.execute(sa.text(sql), values))


def _events(connection: sa.Connection) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in _rows(connection, "SELECT * FROM application_event ORDER BY application_id, number"):
        one = dict(row._mapping)
        if isinstance(one["detail"], str):
            one["detail"] = json.loads(one["detail"])
        found.setdefault(one["application_id"], []).append(one)
    return found


def decisions(_world: World, connection: sa.Connection) -> Iterator[str]:
    """A decision by one alone, or by who reviewed or checked."""
    for application, events in _events(connection).items():
        earlier: set[int] = set()
        for one in events:
            if one["kind"] in {"review", "pass", "pass_without_panel"}:
                earlier.add(one["by_id"])
            if one["kind"] in {"approve", "approve_without_notice", "decline", "confirm_trial", "fail_trial"}:
                by, proposed = one["by_id"], one["detail"].get("proposed_by")
                if proposed is None or by == proposed:
                    yield f"application {application}: {one['kind']} by {by} alone"
                if not one["kind"].endswith("trial") and {by, proposed} & earlier:
                    yield f"application {application}: {one['kind']} by who reviewed or checked it"


def effects(_world: World, connection: sa.Connection) -> Iterator[str]:
    """A level without its chain: checked, defended where there is a panel, decided, clean notice."""
    events = _events(connection)
    states = _rows(
        connection,
        "SELECT id, effective_from, source FROM employment_state WHERE source LIKE 'application:%'",
    )
    notices = {
        row.application_id: row
        for row in _rows(connection, "SELECT * FROM public_notice WHERE outcome = 'clean' ORDER BY id")
    }
    for row in states:
        application = int(row.source.partition(":")[2])
        kinds = [one["kind"] for one in events.get(application, [])]
        if not {"review", "appoint", "begin_trial"} & set(kinds) or "review" not in kinds:
            yield f"state {row.id}: no review or appointment"
        elif "approve" in kinds:
            notice = notices.get(application)
            if notice is None or "clear" not in kinds:
                yield f"state {row.id}: appointed without a clean notice"
            elif str(row.effective_from) <= str(notice.last_day):
                yield f"state {row.id}: in force within the notice's days"
        elif "approve_without_notice" not in kinds:
            yield f"state {row.id}: appointed without a decision"
        if "pass" in kinds and "defend" not in kinds:
            yield f"state {row.id}: appointed without the defence"


_PARTS = (
    "SELECT by_id FROM application_event WHERE application_id = :one AND at <= :at",
    "SELECT by_id FROM application_endorsement WHERE application_id = :one",
    "SELECT by_id FROM application_confirmation WHERE application_id = :one AND at <= :at",
    "SELECT s.juror_id FROM defence_sheet s JOIN defence_entry e ON e.id = s.entry_id"
    " WHERE e.application_id = :one AND s.saved_at <= :at",
    "SELECT minutes_by FROM defence_entry WHERE application_id = :one AND minutes_at <= :at",
    "SELECT d.by_id FROM juror_declaration d JOIN defence_entry e ON e.id = d.entry_id"
    " WHERE e.application_id = :one AND d.answer IN ('cleared','excluded') AND d.at <= :at",
    "SELECT r.issued_by FROM defence_round r JOIN defence_entry e ON e.round_id = r.id"
    " WHERE e.application_id = :one AND r.issued_at <= :at",
    "SELECT published_by FROM public_notice WHERE application_id = :one AND published_at <= :at",
    "SELECT closed_by FROM public_notice WHERE application_id = :one AND closed_at <= :at",
    "SELECT o.by_id FROM notice_objection o JOIN public_notice n ON n.id = o.notice_id"
    " WHERE n.application_id = :one AND n.published_at <= :at",
    "SELECT o.started_by FROM notice_objection o JOIN public_notice n ON n.id = o.notice_id"
    " WHERE n.application_id = :one AND o.started_at <= :at",
    "SELECT o.answered_by FROM notice_objection o JOIN public_notice n ON n.id = o.notice_id"
    " WHERE n.application_id = :one AND o.answered_at <= :at",
    "SELECT proposed_by FROM paired_act WHERE subject = :subject AND proposed_at <= :at",
    "SELECT confirmed_by FROM paired_act WHERE subject = :subject AND confirmed_at <= :at",
    "SELECT refused_by FROM paired_act WHERE subject = :subject AND refused_at <= :at",
)


def appeals(_world: World, connection: sa.Connection) -> Iterator[str]:
    """An appeal decided by somebody who had a part, however small."""
    decided = _rows(
        connection,
        "SELECT id, application_id, decided_by, decided_at FROM application_appeal"
        " WHERE decided_at IS NOT NULL",
    )
    for row in decided:
        at, subject = row.decided_at, f"application:{row.application_id}"
        for sql in _PARTS:
            given = {"one": row.application_id, "at": at, "subject": subject}
            used = {name: value for name, value in given.items() if f":{name}" in sql}
            parts = {each[0] for each in _rows(connection, sql, **used)}
            own = f"SELECT by_id FROM application_event WHERE application_id = {row.application_id}"
            if row.decided_by in parts and "FROM application_event" not in sql:
                yield f"appeal {row.id} decided by {row.decided_by}, who had a part: {sql[:70]}"
            elif row.decided_by in parts and _acted_before(connection, own, row, at):
                yield f"appeal {row.id} decided by {row.decided_by}, who had acted"


def _acted_before(connection: sa.Connection, sql: str, row: Any, at: object) -> bool:
    """Leave out the event that the appeal itself has made, at the same instant."""
    found = _rows(connection, f"{sql} AND at < :at AND by_id = :who", at=at, who=row.decided_by)
    return bool(found)


def investigations(_world: World, connection: sa.Connection) -> Iterator[str]:
    """An objection looked into or answered by who decided the promotion."""
    events = _events(connection)
    for row in _rows(
        connection,
        "SELECT o.id, o.started_by, o.answered_by, n.application_id, n.published_at FROM notice_objection o"
        " JOIN public_notice n ON n.id = o.notice_id",
    ):
        approved = [
            one
            for one in events[row.application_id]
            if one["kind"] == "approve" and str(one["at"]) <= str(row.published_at)
        ]
        deciders = {approved[-1]["by_id"], approved[-1]["detail"].get("proposed_by")} if approved else set()
        if deciders & {row.started_by, row.answered_by} - {None}:
            yield f"objection {row.id} looked into by who decided"


def tied_jurors(world: World, connection: sa.Connection) -> Iterator[str]:
    """A sheet by the applicant's direct superior (the panel allows no office to)."""
    for row in _rows(connection, "SELECT id, person_id, juror_id FROM defence_sheet"):
        if world.is_new("defence_sheet", row.id) and row.juror_id in world.heads_of(row.person_id):
            yield f"sheet {row.id} by the direct superior {row.juror_id}"


CHECKS: Sequence[Check] = (decisions, effects, appeals, investigations, tied_jurors)
