"""Working imports off: which step is next, and who does it."""

from __future__ import annotations

import logging

from cstrain.extensions import session
from cstrain.kernel.ids import new_token
from cstrain.questions.intake.service.accepting import take_over
from cstrain.questions.intake.service.checking import check
from cstrain.questions.intake.service.working import Clock, LostError, Work
from cstrain.questions.intake.service.writing import write
from cstrain.questions.intake.store import forget, get_batch, take_one
from cstrain.unit_of_work import unit_of_work
from cstrain.wording.said import say
from cstrain.wording.said_data import to_data

__all__ = ["Clock", "work_on", "work_through"]

_BROKEN = say("没有做完：程序出错了，什么也没有写入。请再上传一次；还不行的话请把文件交给系统管理员。")
log = logging.getLogger("cstrain.imports")


def work_through(clock: Clock) -> int:
    """Do what waits, one import after another; return how many were worked on."""
    worked = 0
    while True:
        worker = new_token()
        with unit_of_work():
            batch_id = take_one(worker, clock())
        if batch_id is None:
            return worked
        work_on(Work(batch_id, worker, clock), tell=True)
        worked += 1


def work_on(work: Work, *, tell: bool) -> None:
    """Do the step that an import is at. One that was lost to somebody else is left to them.

    An error of ours ends the import, so that it is not tried for ever; ``tell``: its person is told.
    """
    state = get_batch(work.batch_id).state
    session().rollback()
    try:
        if state == "checking":
            check(work, tell=tell)
        elif state == "writing":
            write(work, tell=tell)
        else:
            take_over(work)
    except LostError:
        log.info("import %s was cancelled or taken over", work.batch_id)
    except Exception:
        log.exception("import %s broke off", work.batch_id)
        _broken(work)


def _broken(work: Work) -> None:
    try:
        with unit_of_work():
            batch = work.held()
            batch.worker, batch.why, batch.finished_at = "", str(_BROKEN), work.clock()
            batch.found = {**batch.found, "why": to_data(_BROKEN)}
            if batch.state == "accepting":
                batch.state = "done"
            else:
                batch.state = "refused"
                forget(batch.id, everything=True)
    except LostError:
        pass
