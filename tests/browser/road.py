"""Walking a new hire's road in the browser: who takes part, and what each of them clicks.

Nothing here acts through a service. The database is read for one thing only: which answers are right.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.browser.conftest import DESKTOP, PHONE, Site
from tests.browser.player import wait_saved
from tests.factories.conversion import right_answers
from tests.factories.people import make_contract, make_department, make_person

ZONE = ZoneInfo("Asia/Shanghai")
LOADED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
NAME = "陈嘉豪"
_FORMS = """Array.from(document.querySelectorAll("form[data-slot]"), (form) =>
  [Number(form.dataset.slot), form.dataset.control, form.querySelectorAll("input").length])"""
_MOST_STEPS = 20
_PATIENCE = 30_000  # milliseconds: on a busy machine a page may be long in coming
_TYPED = {"mark_speed": "52", "mark_accuracy": "97"}


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody on the road, by id."""

    trainee: int
    mentor: int
    guide: int
    trainer: int
    examiner: int
    supervisor: int
    hr: int
    hr_manager: int
    gm_office: int
    gm: int


def load_everything() -> None:
    """Bring in what ships with the product, as ``cstrain init`` does (slow: once a module)."""
    from cstrain.exams.service.papers import load_papers
    from cstrain.lessons.service import load_shipped
    from cstrain.onboarding.service import load_programmes
    from cstrain.questions.service import load_banks
    from cstrain.unit_of_work import unit_of_work

    with unit_of_work():
        load_shipped(LOADED)
        load_banks(LOADED)
        load_papers(LOADED)
        load_programmes(LOADED)


def make_cast(hired: date, contract_ends: date, probation_end: date) -> Cast:
    """Make the company: a new hire under contract in a department with a six-day week, and the others."""
    place = make_department("售前客服一部")
    trainee = make_person(NAME, department=place, hire_date=hired, status="probation")
    make_contract(trainee, starts_on=hired, ends_on=contract_ends, probation_end=probation_end)
    return Cast(
        trainee=trainee,
        mentor=make_person("周敏", roles=["mentor"], department=place),
        guide=make_person("罗强", roles=["guide"], department=make_department("仓储部")),
        trainer=make_person("邓文博", roles=["trainer"]),
        examiner=make_person("叶蓁", roles=["examiner"]),
        supervisor=make_person("唐志远", roles=["supervisor"], department=place),
        hr=make_person("何静", roles=["hr"]),
        hr_manager=make_person("冯晓岚", roles=["hr_manager"]),
        gm_office=make_person("秦月", roles=["gm_office"]),
        gm=make_person("宋国平", roles=["gm"]),
    )


def text_of(page: Any, selector: str = "main") -> str:
    """Return the words of a part of the page without any white space."""
    return "".join(page.inner_text(selector).replace("\u2060", "").split())


def tells(page: Any, *words: str, selector: str = "main") -> None:
    """Fail unless the page says all of these."""
    shown = text_of(page, selector)
    for each in words:
        assert "".join(each.split()) in shown, f"{page.url} does not say {each!r}: {shown}"


def keeps_quiet(page: Any, *words: str, selector: str = "main") -> None:
    """Fail if the page says one of these."""
    shown = text_of(page, selector)
    for each in words:
        assert "".join(each.split()) not in shown, f"{page.url} says {each!r}: {shown}"


def press(page: Any, button: Any) -> None:
    """Press what leads to another page (or to this one anew) and wait for that."""
    target = page.locator(button) if isinstance(button, str) else button
    with page.expect_navigation(wait_until="domcontentloaded") as arriving:
        target.first.click()
    assert arriving.value.status < 400, f"{arriving.value.status} at {page.url}: {text_of(page)}"


def refused(page: Any, target: str) -> None:
    """Press what is refused with a reason on the same page."""
    with page.expect_navigation(wait_until="domcontentloaded") as arriving:
        page.locator(target).first.click()
    assert arriving.value.status == 422


def button(words: str) -> str:
    """Return the selector of a visible button or link by its words."""
    return f":is(main, .actbar) :is(button, a.btn):has-text('{words}'):visible"


class Road:
    """The site, its clock, and a browser for each person, at the desk or on a phone."""

    def __init__(self, site: Site, open_context: Callable[..., Any], cast: Cast) -> None:
        self.site, self.cast = site, cast
        self.enrolment = 0
        self._open = open_context
        self._pages: dict[tuple[int, bool], Any] = {}
        self._since: dict[tuple[int, bool], date] = {}
        self._today = date.min

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Set the clock to a time of day of the company."""
        self._today = day
        self.site.clock.set(datetime.combine(day, time(hour, minute), tzinfo=ZONE))

    def open(self, person: int, path: str, *, phone: bool = False) -> Any:
        """Open an address as somebody; who has not been here today signs in anew."""
        key = (person, phone)
        if key not in self._pages:
            handheld = {"has_touch": True, "is_mobile": True} if phone else {}
            context = self._open(person, PHONE if phone else DESKTOP, **handheld)
            context.set_default_timeout(_PATIENCE)
            self._pages[key] = context.new_page()
        page = self._pages[key]
        if self._since.get(key) != self._today:
            page.context.add_cookies([self.site.cookie(person)])
            self._since[key] = self._today
        response = page.goto(self.site.url + path, wait_until="domcontentloaded")
        assert response.status == 200, f"{response.status} at {path} for {person}"
        return page

    # The trainee

    def acknowledge(self) -> None:
        """Read and acknowledge the company's documents."""
        page = self.open(self.cast.trainee, "/rulebook")
        while page.locator(button("阅读并确认")).count():
            press(page, button("阅读并确认"))
            page.check("#understood")
            press(page, button("确认这份制度"))
        tells(page, "制度都已确认")

    def learn(
        self,
        number: int,
        *,
        phone: bool = False,
        wrong: int = 0,
        halfway: Callable[[Any], object] | None = None,
    ) -> Any:
        """Do all of one's own things of a day: always what the page says is next. Returns the day's page."""
        path = f"/programme/days/{number}"
        page = self.open(self.cast.trainee, path, phone=phone)
        for _ in range(_MOST_STEPS):
            following = page.locator(".todo li.is-next :is(a.btn, button)")
            if not following.count():
                return page
            press(page, following)
            if "/lessons/" in page.url:
                press(page, button("我读完了"))
            elif "/sittings/" in page.url:
                self.sit(page, wrong=wrong, halfway=halfway)
            if path not in page.url:
                page.goto(self.site.url + path, wait_until="domcontentloaded")
        raise AssertionError(f"day {number} has no end")

    def sit(
        self,
        page: Any,
        *,
        wrong: int | Collection[int] = 0,
        keys: bool = False,
        halfway: Callable[[Any], object] | None = None,
    ) -> int:
        """Start the paper of a sitting's page, answer it in the player, hand it in; return the attempt."""
        press(page, ".actbar form button")
        page.wait_for_selector("form[data-slot]:not([hidden])")
        attempt = int(page.url.split("/attempts/")[1].split("#")[0])
        with self.site.app.app_context():
            right = right_answers(attempt)
        missed = set(range(1, wrong + 1)) if isinstance(wrong, int) else set(wrong)
        for slot, control, inputs in page.evaluate(_FORMS):
            value = _mistaken(control, right[slot], inputs) if slot in missed else right[slot]
            _answer(page, slot, control, value, keys=keys)
            if halfway is not None and slot == len(right) // 2:
                halfway(page)
        wait_saved(page, _PATIENCE / 1000)
        if not page.locator("[data-submit]").is_visible():
            page.locator("[data-review]:visible").first.click()
        page.locator("[data-submit]").click()
        page.wait_for_url("**/receipt", wait_until="domcontentloaded")
        tells(page, f"已答{len(right)}题，共{len(right)}题")
        return attempt

    # Mentor, guide, examiner

    def assess(self, number: int) -> None:
        """Mentor and examiner tick off what is theirs on a day and enter its score sheets."""
        path = f"/enrolments/{self.enrolment}/days/{number}"
        page = self.open(self.cast.mentor, path)
        while page.locator(button("登记完成")).count():
            press(page, button("登记完成"))
        own = "main a.btn[href$='/sheets/observation']:has-text('登记成绩单')"
        if page.locator(own).count():
            self._enter_sheet(page, own)
        others = "main a.btn[href*='/sheets/']:has-text('登记成绩单')"
        if page.locator(others).count():
            page = self.open(self.cast.examiner, path)
            while page.locator(others).count():
                self._enter_sheet(page, others)

    def _enter_sheet(self, page: Any, link: str) -> None:
        press(page, link)
        typing = page.url.endswith("/typing")
        for stepper in page.locator("[data-stepper]").all():
            field = stepper.locator("input.input")
            most = float(stepper.get_attribute("data-high"))
            field.fill(_TYPED[field.get_attribute("name")] if typing else f"{most * 0.9:g}")
        page.fill("#evidence", f"会话与录音编号{self._today:%m%d}")
        press(page, button("保存成绩单"))

    def sign(self, person: int, days: dict[int, tuple[int, str]], *, phone: bool = False) -> Any:
        """Sign days in one go, each with its work state and remark; return the page that says so."""
        page = self.open(person, "/trainees", phone=phone)
        for number, (state, remark) in days.items():
            named = f"d{self.enrolment}-{number}-"
            page.locator(f"label[for='{named}pick']").click()
            page.locator(f"label[for='{named}state-{state - 1}']").click()
            page.fill(f"#{named}remark", remark)
        press(page, button("一起签核"))
        tells(page, f"已签核{len(days)}天")
        return page

    def see(self, number: int) -> None:
        """The mentor looks at what the guide signed."""
        page = self.open(self.cast.mentor, "/trainees")
        tells(page, f"第{number}天")
        press(page, button("已看过"))
        tells(page, f"你看过了第{number}天")

    # HR and the offices

    def look_again(self, person: int) -> None:
        """Look at every result that lies too near the pass mark to be released unseen."""
        near = "main a:has-text('先复核')"
        page = self.open(person, "/grading")
        while page.locator(near).count():
            press(page, near)
            page.fill("#note", "逐题看过作答和得分，没有要改的。")
            press(page, "form:has(#note) button")
            page = self.open(person, "/grading")

    def choose_results(self, person: int, act: str, count: int) -> Any:
        """Tick all results that wait to be proposed or confirmed for release, and send them."""
        page = self.open(person, "/grading")
        boxes = page.locator(f"input[name='attempt'][form='form-{act}']")
        assert boxes.count() == count, text_of(page)
        for box in boxes.all():
            box.check()
        press(page, f"#form-{act} button")
        return page

    def opine(self, person: int, text: str, rating: int | None = None) -> None:
        """Give the opinion that waits for somebody, from their own page."""
        page = self.open(person, "/opinions")
        tells(page, "1件事等你填意见")
        press(page, button("填写意见"))
        page.locator("label:has(input[name='verdict'][value='agree'])").click()
        if rating is not None:
            page.locator(f"label:has(input[name='rating'][value='{rating}'])").click()
        page.fill("#text", text)
        press(page, button("保存意见"))
        tells(page, "你的意见已保存", "没有事等你填意见")


def _mistaken(control: str, right: Any, inputs: int) -> Any:
    """Return an answer that earns nothing."""
    if control == "choose_one":
        return str((int(right) + 1) % inputs)
    if control == "choose_many":
        return right[:1]
    if control == "true_false":
        return not right
    return ["记不清"] * inputs if control == "blanks" else "987654"


def _answer(page: Any, slot: int, control: str, value: Any, *, keys: bool) -> None:
    """Give an answer by mouse (or finger), or with the digits of the keyboard, and go on."""
    form = page.locator(f"form[data-slot='{slot}']")
    if control in ("blanks", "number"):
        texts = value if control == "blanks" else [value]
        for place, typed in enumerate(texts):
            form.locator("input").nth(place).fill(typed)
    else:
        for place in _places(control, value):
            if keys:
                page.keyboard.press(str(place + 1))
            else:
                form.locator(".opt").nth(place).click()
    page.locator("[data-next]").click()


def _places(control: str, value: Any) -> list[int]:
    if control == "true_false":
        return [0 if value else 1]
    return [int(each) for each in (value if isinstance(value, list) else [value])]


def read_form(response: Any) -> None:
    """The archived form is a PDF that says who, and what was decided."""
    assert response.status == 200
    assert response.headers["content-type"] == "application/pdf"
    body = response.body()
    assert body.startswith(b"%PDF")
    if tool := shutil.which("pdftotext"):
        text = subprocess.run([tool, "-", "-"], input=body, check=True, capture_output=True).stdout.decode()
        words = "".join(text.split())
        for each in (NAME, "同意转正", "2026年10月1日", "初级", "周敏", "唐志远", "何静", "秦月", "宋国平"):
            assert each in words, f"the form does not say {each}: {words}"


_TWICE = """Array.from(document.querySelectorAll("[id]"), (one) => one.id)
  .filter((id, at, all) => all.indexOf(id) !== at)"""


def fits(page: Any) -> None:
    """Fail if the page is wider than its window, or two of its elements have the same id."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    assert page.evaluate(_TWICE) == [], page.url


class FittingRoad(Road):
    """A road on which no page that is opened may be wider than its window, at the desk or on a phone."""

    def open(self, person: int, path: str, *, phone: bool = False) -> Any:
        """Open an address as somebody and look at its width."""
        page = super().open(person, path, phone=phone)
        fits(page)
        return page

    def look(self, person: int, path: str, *words: str) -> None:
        """Open an address in both sizes; both must fit and say these words."""
        for phone in (True, False):
            tells(self.open(person, path, phone=phone), *words)
