"""Opening a case: to skip a level, to be transferred, for the first level; announced posts."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import Status
from cstrain.promotion import queries as promotion
from cstrain.promotion.moves import queries, service, store, wording
from cstrain.promotion.moves.facts import Kind
from cstrain.promotion.moves.forms import PersonForm, PostForm, ReasonForm, TransferForm
from cstrain.promotion.moves.service import NewPost
from cstrain.promotion.moves.views.common import blueprint, form_page, persons, places, staff, to_case, today
from cstrain.ui.forms import CleanForm
from cstrain.ui.refusal import attempt, told


def _crumb() -> tuple[str, str]:
    return url_for("moves.index"), gettext("调动")


def _opened(form: CleanForm, act: Any, message: str) -> Any:
    """Do an act that opens a case and lead to its page; ``None`` when it was refused."""
    made: list[int] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(act())):
        flash(message, "ok")
        return to_case(made[0])
    return None


def _skip_page(form: CleanForm, own: bool) -> str:
    chapter = store.chapter()
    heading = gettext("申请越级") if own else gettext("为下属提出越级")
    hint = gettext("写清突出贡献或特殊技能，附上可以查到的记录。")
    lead = gettext(chapter.skip_clause)
    notes = [gettext("人力资源部评估、评审以后，由晋升办法规定的职务授权；每一步由不同的人办。")]
    button = gettext("提交越级申请")
    return form_page(form, heading, lead, button, hints={"reason": hint}, crumb=_crumb(), notes=notes)


def _barred_page(heading: str, why: DomainError, clause: str) -> str:
    """Return the page that says why somebody cannot ask now, and what to do; it has no form."""
    doors = [(url_for("moves.index"), gettext("我的申请和内部岗位"))]
    if may(actor(), "career.view_own"):
        doors.append((url_for("promotion.career"), gettext("看晋升通道")))
    return render_template(
        "promotion/barred.html",
        heading=heading,
        why=told(why),
        clause=gettext(clause),
        crumb=_crumb(),
        doors=doors,
    )


@blueprint.get("/skip/new")
@requires("move.request")
def skip_form() -> str:
    """Show the form to ask for oneself; to who cannot, why."""
    why = queries.skip_barred(actor(), today())
    if why is not None:
        return _barred_page(gettext("你现在不能申请越级"), why, store.chapter().skip_clause)
    return _skip_page(ReasonForm(), own=True)


@blueprint.post("/skip/new")
@requires("move.request")
def skip() -> Any:
    """Ask that one may skip a level."""
    form = ReasonForm()
    done = _opened(
        form,
        lambda: service.ask_skip(actor(), now(), actor(), form.reason.data or ""),
        gettext("越级申请已提交。"),
    )
    return done or (_skip_page(form, own=True), 422)


def _proposing() -> PersonForm:
    """Return the form with whom it could be asked for: a step passes over a level, nothing is asked yet."""
    form, ladders = PersonForm(), promotion.ladders_by_department(today())
    able = staff("move.propose", lambda one: queries.may_skip(one, ladders))
    asked = queries.with_open(Kind.SKIP, [PersonId(one) for one, _name in able])
    form.offer(one for one in able if one[0] not in asked)
    return form


@blueprint.get("/skip/propose")
@requires("move.propose")
def propose_form() -> str:
    """Show the form to ask for somebody below; why there is none where it could be asked for nobody."""
    form = _proposing()
    if not form.person.choices:
        why = DomainError(
            "你管的部门里，没有从现在的级别可以越级的人，或者已经有越级申请没有办完。"
            "可以在晋升通道里看哪些级别有越级的一步。"
        )
        return _barred_page(gettext("现在没有可以提出越级的人"), why, store.chapter().skip_clause)
    return _skip_page(form, own=False)


@blueprint.post("/skip/propose")
@requires("move.propose")
def propose() -> Any:
    """Ask that somebody may skip a level."""
    form = _proposing()
    done = _opened(
        form,
        lambda: service.ask_skip(actor(), now(), PersonId(form.person.data), form.reason.data or ""),
        gettext("越级申请已提交。"),
    )
    return done or (_skip_page(form, own=False), 422)


def _transfer_page(form: TransferForm) -> str:
    chapter = store.chapter()
    notes = [gettext("先由现部门写意见，再由接收部门决定，最后由人力资源部办理。")]
    heading, button = gettext("写清想去的部门和岗位"), gettext("提交调岗申请")
    return form_page(form, heading, gettext(chapter.transfer_clause), button, crumb=_crumb(), notes=notes)


def _transfer_form() -> TransferForm:
    form = TransferForm()
    form.offer(places())
    return form


@blueprint.get("/transfer/new")
@requires("move.request")
def transfer_form() -> str:
    """Show the form to ask for a transfer; to who cannot, why."""
    why = queries.transfer_barred(actor(), today())
    if why is not None:
        return _barred_page(gettext("你现在不能申请调岗"), why, store.chapter().transfer_clause)
    return _transfer_page(_transfer_form())


@blueprint.post("/transfer/new")
@requires("move.request")
def transfer() -> Any:
    """Ask for a transfer."""
    form = _transfer_form()

    def act() -> int:
        place, post = form.department.data, form.post.data or ""
        return service.ask_transfer(actor(), now(), form.reason.data or "", department=place, post=post)

    done = _opened(form, act, gettext("调岗申请已提交。"))
    return done or (_transfer_page(form), 422)


def _initial_form() -> PersonForm:
    form = PersonForm()
    permission = "move.arrange" if queries.reach(actor(), "move.arrange", today()) else "move.rate"
    form.offer(staff(permission, lambda one: one.level is None and one.status is not Status.LEFT))
    return form


def _initial_page(form: PersonForm) -> str:
    lead = gettext(store.chapter().initial.clause)
    return form_page(form, gettext("选要评初始级别的员工"), lead, gettext("开始评定"), crumb=_crumb())


@blueprint.get("/initial/new")
@requires("move.view")
def initial_form() -> str:
    """Show the form to open the assessment of a first level."""
    return _initial_page(_initial_form())


@blueprint.post("/initial/new")
@requires("move.view")
def initial() -> Any:
    """Open the assessment of somebody's first level; the service asks whose it is."""
    form = _initial_form()
    done = _opened(
        form,
        lambda: service.open_initial(actor(), now(), PersonId(form.person.data), form.reason.data or ""),
        gettext("评定已开始，主管和人力资源部各评一份。"),
    )
    return done or (_initial_page(form), 422)


def _post_form() -> PostForm:
    form = PostForm()
    form.offer(places())
    return form


def _announce_page(form: PostForm) -> str:
    chapter = store.chapter()
    lead = gettext(chapter.promotion_clause)
    return form_page(form, gettext("写清岗位、名额和报名时间"), lead, gettext("发布岗位"), crumb=_crumb())


@blueprint.get("/posts/new")
@requires("move.announce")
def announce_form() -> str:
    """Show the form of a new post."""
    return _announce_page(_post_form())


@blueprint.post("/posts/new")
@requires("move.announce")
def announce() -> Any:
    """Announce a post."""
    form = _post_form()
    made: list[int] = []

    def act() -> None:
        new = NewPost(
            form.title.data or "",
            form.department.data,
            form.road.data,
            form.seats.data or 0,
            form.notice.data or "",
            form.opens_on.data,
            form.closes_on.data,
        )
        made.append(service.announce_post(actor(), now(), new))

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("岗位已发布，全体员工都能看到。"), "ok")
        return redirect(url_for("moves.post", post_id=made[0]))
    return _announce_page(form), 422


def post_page(post_id: int, form: ReasonForm | None = None) -> str:
    """Return an announced post's page."""
    one = queries.post(post_id)
    why = queries.transfer_barred(actor(), today(), one)
    return render_template(
        "moves/post.html",
        one=one,
        form=form or ReasonForm(formdata=None),
        why=told(why) if why is not None else "",
        open=one.is_open(today()),
        mine=[each for each in queries.cases(people=[actor()]) if each.post_id == post_id],
        names=persons([one.posted_by]),
        rules=store.chapter(),
        words=wording,
        today=today(),
    )


@blueprint.get("/posts/<int:post_id>")
@requires("move.view_own")
def post(post_id: int) -> str:
    """Show an announced post."""
    return post_page(post_id)


@blueprint.post("/posts/<int:post_id>")
@requires("move.request")
def apply_for(post_id: int) -> Any:
    """Ask to be transferred to an announced post."""
    queries.post(post_id)
    form = ReasonForm()
    done = _opened(
        form,
        lambda: service.ask_transfer(actor(), now(), form.reason.data or "", post_id=post_id),
        gettext("调岗申请已提交。"),
    )
    return done or (post_page(post_id, form), 422)
