"""The home of the administrator and of the auditor: who cannot log in yet, and whether the log is whole."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from cstrain.audit import queries as audit
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.web.homes.part import PARTS, Part, Task, with_next


@PARTS.register("50-administrator")
def administrator(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the part of an administrator; ``None`` for everybody else."""
    if "administrator" not in roles:
        return None
    everybody = people.everybody(local_date(now))
    without = people.without_password([one.id for one in everybody])
    tasks = []
    if without:
        what = gettext("%(n)s人还没有设好密码", n=len(without))
        meta = (gettext("给本人发一次性链接，可以打印二维码"),)
        tasks.append(Task("is-later", what, meta, url_for("people.directory"), gettext("发链接")))
    return Part(
        quiet=gettext("所有人都能登录"),
        lead=gettext("在职%(n)s人。", n=len(everybody)),
        title=gettext("账号"),
        tasks=with_next(tasks),
        empty=gettext("新来的人需要设密码时，会出现在这里。"),
        template="web/_audit.html",
        values={"head": audit.head()},
    )


@PARTS.register("60-auditor")
def auditor(person: PersonId, roles: frozenset[str], now: datetime) -> Part | None:
    """Return the part of an auditor; ``None`` for everybody else."""
    if "auditor" not in roles:
        return None
    last = audit.head()
    return Part(
        lead=gettext("每一次写入都在日志里，前后相接；改动、删除、插入都能查出来。"),
        title=gettext("审计"),
        tasks=with_next(
            [Task("is-later", gettext("查看并核对审计日志"), (), url_for("audit.log"), gettext("打开日志"))]
        ),
        empty="",
        template="web/_audit.html",
        values={"head": last},
    )
