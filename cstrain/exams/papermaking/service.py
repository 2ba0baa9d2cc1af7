"""Acts on papers on their way: begin, save, submit, approve, send back; withdraw an own paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from cstrain.access import roles_granting
from cstrain.audit.service import record
from cstrain.exams.models import Paper
from cstrain.exams.papermaking import queries, rules
from cstrain.exams.papermaking.facts import OWN, DraftContent, Stage, Way
from cstrain.exams.papermaking.models import PaperDraft, PaperDraftPart, PaperWithdrawal
from cstrain.exams.service.papers import put_paper
from cstrain.extensions import local_date, session
from cstrain.kernel.errors import ConflictError, DomainError, ForbiddenError
from cstrain.kernel.ids import PersonId
from cstrain.notifications.service import notify
from cstrain.people import queries as people
from cstrain.unit_of_work import flush_unique, one_at_a_time

_TAKEN = "没有保存：编号%(ref)s已经有人用了，请换一个短名。"
_ON_ITS_WAY = "没有开始：这份试卷已经有一份草稿正在编，请先编完那一份。"
_MOVED_ON = "没有办理：这份试卷已经不在这一步了。请刷新后再看。"
_NEWER = "没有保存：你打开以后，别人保存过这份试卷。请另开一页看新的内容，把你的改动合进去再保存。"
_SAME_PERSON = "没有批准：你参与编了这份试卷，要由另一个人批准。"


class NewPaper(NamedTuple):
    """What a draft begins with: a title, a short name for its ref, kind, bank and way; perhaps a paper."""

    title: str
    name: str
    kind: str
    bank: str
    way: str
    copy_of: str = ""


def subject_of(draft_id: int) -> str:
    """Return what the log calls a draft."""
    return f"paper_draft:{draft_id}"


def url_of(draft_id: int) -> str:
    """Return the address of a draft's page."""
    return f"/papers/drafts/{draft_id}"


def begin(actor: PersonId, now: datetime, new: NewPaper) -> int:
    """Begin a draft, empty or as a copy of any paper; return its id.

    Raises ``DomainError`` for a name that is taken or none, ``NotFoundError`` for a paper that is not there.
    """
    ref = rules.ref_of(new.name)
    if ref is None:
        raise DomainError(
            "没有保存：短名只能用小写字母、数字和连字符，最多%(n)s个字，如tea-basics。", n=rules.MOST_NAME
        )
    one_at_a_time(f"paper:{ref}")
    if queries.newest_spec(ref) is not None or queries.open_draft(ref) is not None:
        raise DomainError(_TAKEN, ref=ref)
    today = local_date(now)
    if new.copy_of:
        source = queries.spec_in_force(new.copy_of, today)
        content = rules.from_spec(source, today).changed(title=new.title, effective_from=today)
    else:
        content = DraftContent(
            title=new.title,
            kind="quiz" if new.kind == "quiz" else "exam",
            bank=new.bank,
            way=Way(new.way),
            effective_from=today,
        )
    return _begin(actor, now, ref, 1, content, new.copy_of)


def change(actor: PersonId, now: datetime, ref: str) -> int:
    """Begin the next edition of an own paper as it is now; return the draft's id."""
    one_at_a_time(f"paper:{ref}")
    base = queries.newest_spec(ref)
    if base is None or ref not in queries.own_refs():
        raise DomainError("没有开始：这份试卷随系统提供，不能在这里改。请复制成自己的试卷再改。")
    if queries.withdrawals([ref]):
        raise DomainError("没有开始：这份试卷已经停用。请复制成另一份再改。")
    content = rules.from_spec(base, local_date(now))
    return _begin(actor, now, ref, base.edition + 1, content, f"{ref}@{base.edition}")


def _begin(
    actor: PersonId, now: datetime, ref: str, edition: int, content: DraftContent, copy_of: str
) -> int:
    row = PaperDraft(
        ref=ref,
        edition=edition,
        content=content.model_dump(mode="json"),
        revision=1,
        author=actor,
        written_at=now,
        saved_by=actor,
        saved_at=now,
        reason="",
    )
    session().add(row)
    flush_unique(_ON_ITS_WAY)
    session().add(PaperDraftPart(draft_id=row.id, person_id=actor, part="wrote"))
    session().flush()
    record(actor, "paper_draft.begin", subject_of(row.id), ref=ref, edition=edition, copy_of=copy_of)
    return row.id


def _open(draft_id: int, *stages: Stage) -> PaperDraft:
    row = queries.get_draft(draft_id, lock=True)
    if queries.stage_of(row) not in stages:
        raise ConflictError(_MOVED_ON)
    return row


def save(actor: PersonId, now: datetime, draft_id: int, revision: int, content: DraftContent) -> int:
    """Keep what was typed, finished or not; return the new revision.

    ``revision``: the one that was read. Raises ``ConflictError`` when somebody has saved since.
    """
    row = _open(draft_id, Stage.WRITTEN)
    if row.revision != revision:
        raise ConflictError(_NEWER)
    row.content = content.model_dump(mode="json")
    row.revision += 1
    row.saved_by, row.saved_at = actor, now
    _note_writer(row.id, actor)
    session().flush()
    record(actor, "paper_draft.save", subject_of(row.id), ref=row.ref, revision=row.revision)
    return row.revision


def _note_writer(draft_id: int, actor: PersonId) -> None:
    if session().get(PaperDraftPart, (draft_id, actor)) is None:
        session().add(PaperDraftPart(draft_id=draft_id, person_id=actor, part="wrote"))


def earliest(ref: str, now: datetime) -> date:
    """Return the first day an edition of a paper may be in force: today, or that of the one before it."""
    base = queries.newest_spec(ref)
    today = local_date(now)
    return today if base is None else max(today, base.effective_from)


def submit(actor: PersonId, now: datetime, draft_id: int, revision: int) -> None:
    """Hand a draft to those who approve; refused while something is missing, or when somebody saved since."""
    row = _open(draft_id, Stage.WRITTEN)
    if row.revision != revision:
        raise ConflictError(_NEWER)
    _check_finished(queries.content_of(row))
    row.submitted_by, row.submitted_at = actor, now
    row.returned_by, row.returned_at, row.reason = None, None, ""
    _note_writer(row.id, actor)
    session().flush()
    record(actor, "paper_draft.submit", subject_of(row.id), ref=row.ref, revision=row.revision)
    _tell_approvers(actor, now, row)


def _check_finished(content: DraftContent) -> None:
    problems = queries.standing(content).problems
    if problems:
        raise DomainError(problems[0].message, **dict(problems[0].values))


def _tell_approvers(actor: PersonId, now: datetime, row: PaperDraft) -> None:
    on = local_date(now)
    told = {one for role in roles_granting("paper.approve") for one in people.persons_with_role(role, on)}
    _tell(sorted(told - {actor}), "试卷“%(title)s”等你批准。", row, now)


def _tell(persons: Sequence[int], message: str, row: PaperDraft, now: datetime) -> None:
    for person in persons:
        values = {"title": row.content["title"]}
        notify(PersonId(person), message, now=now, values=values, url=url_of(row.id))


def take_back(actor: PersonId, draft_id: int) -> None:
    """Take a submitted draft back to go on writing; only by who had a part in it."""
    row = _open(draft_id, Stage.SUBMITTED)
    if session().get(PaperDraftPart, (draft_id, actor)) is None:
        raise ForbiddenError("只能由编这份试卷的人取回。")
    row.submitted_by, row.submitted_at = None, None
    session().flush()
    record(actor, "paper_draft.take_back", subject_of(row.id), ref=row.ref)


def approve(actor: PersonId, now: datetime, draft_id: int) -> int:
    """Approve a draft: its paper is there from its day on; return the edition's number.

    A day that has passed meanwhile becomes today. Raises ``ForbiddenError`` for who had a part in it,
    ``DomainError`` when the banks cannot fill it any more.
    """
    one_at_a_time(f"paper:{queries.get_draft(draft_id).ref}")
    row = _open(draft_id, Stage.SUBMITTED)
    _another(actor, row)
    content = queries.content_of(row)
    _check_finished(content)
    base = queries.newest_spec(row.ref)
    if row.edition != (1 if base is None else base.edition + 1) or queries.withdrawals([row.ref]):
        raise ConflictError(_MOVED_ON)
    start = max(content.effective_from, earliest(row.ref, now))
    paper: Paper = put_paper(rules.to_spec(content, row.ref, row.edition, start), actor, now)
    session().add(PaperDraftPart(draft_id=row.id, person_id=actor, part="approved"))
    row.approved_by, row.approved_at, row.paper_id = actor, now, paper.id
    flush_unique(_SAME_PERSON)
    detail = {"ref": row.ref, "edition": row.edition, "effective_from": start.isoformat()}
    record(actor, "paper_draft.approve", subject_of(row.id), digest=paper.digest, **detail)
    _tell([row.author], "试卷“%(title)s”已批准。", row, now)
    return row.edition


def _another(actor: PersonId, row: PaperDraft) -> None:
    if session().get(PaperDraftPart, (row.id, actor)) is not None:
        raise ForbiddenError(_SAME_PERSON)


def send_back(actor: PersonId, now: datetime, draft_id: int, why: str) -> None:
    """Send a submitted draft back with a reason; its authors may write on."""
    row = _open(draft_id, Stage.SUBMITTED)
    _another(actor, row)
    if not why.strip():
        raise DomainError("请写明为什么退回。")
    row.submitted_by, row.submitted_at = None, None
    row.returned_by, row.returned_at, row.reason = actor, now, why.strip()
    session().flush()
    record(actor, "paper_draft.return", subject_of(row.id), ref=row.ref)
    _tell([row.author], "试卷“%(title)s”被退回，请看原因。", row, now)


def drop(actor: PersonId, now: datetime, draft_id: int) -> None:
    """Give a draft up; it stays readable."""
    row = _open(draft_id, Stage.WRITTEN)
    row.dropped_by, row.dropped_at = actor, now
    session().flush()
    record(actor, "paper_draft.drop", subject_of(row.id), ref=row.ref)


def withdraw(actor: PersonId, now: datetime, ref: str, why: str) -> None:
    """Withdraw an own paper: no sitting is made for it any more; those that are made go on."""
    if not ref.startswith(OWN) or ref not in queries.own_refs():
        raise DomainError("没有停用：随系统提供的试卷不能在这里停用。")
    if not why.strip():
        raise DomainError("请写明为什么停用。")
    session().add(PaperWithdrawal(ref=ref, withdrawn_by=actor, withdrawn_at=now, reason=why.strip()))
    flush_unique("没有办理：这份试卷已经停用了。")
    record(actor, "paper.withdraw", f"paper:{ref}")


def note_key_printed(actor: PersonId, ref: str, edition: int, seed: int) -> None:
    """Note that somebody fetched the key of a form of a paper."""
    record(actor, "paper.key_printed", f"paper:{ref}", edition=edition, form=seed)
