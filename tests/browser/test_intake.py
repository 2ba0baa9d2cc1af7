"""A trainer's file in a browser: columns named, faults mended and brought again, accepted by another."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cstrain.questions import service as questions
from cstrain.questions.intake import jobs
from cstrain.questions.intake.service import accepting
from cstrain.questions.intake.views import uploads
from cstrain.unit_of_work import unit_of_work
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.player import until
from tests.browser.road import press
from tests.factories.imports import HEAD, ODD, bad, good, sheet
from tests.factories.people import make_person
from tests.questions.makers import choices, write_bank

pytestmark = pytest.mark.browser


@pytest.fixture
def people(site, tmp_path) -> dict[str, int]:
    with site.app.app_context():
        write_bank(tmp_path / "banks" / "own", choices(3), title="售后题库")
        with unit_of_work():
            questions.load_banks(site.clock.now(), tmp_path / "banks")
        return {name: make_person(name, roles=["trainer"]) for name in ("马丽", "孙悦")}


def upload(page, site, path: Path, bank: str = "own") -> None:
    page.goto(f"{site.url}/question-imports/new")
    page.set_input_files("input[type=file]", str(path))
    page.select_option("select[name=bank]", bank)
    press(page, "button:has-text('检查文件')")


def mended(data: bytes) -> bytes:
    """The failed rows with an answer that is an option."""
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    place = head.index("答案")
    return sheet([(*row[:place], "A", *row[place + 1 :]) for row in rows], tuple(head))


def narrow(page) -> None:
    """Nothing is wider than a phone."""
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_five_faults_are_mended_and_another_person_accepts(
    site, open_context, people, picture, tmp_path
) -> None:
    page = open_context(people["马丽"]).new_page()
    page.goto(f"{site.url}/question-imports")
    picture(page, "intake-empty")
    page.goto(f"{site.url}/question-imports/new")
    picture(page, "intake-new", full=True)
    path = tmp_path / "旧系统导出.xlsx"
    path.write_bytes(sheet([*good(6), *bad(5)], ODD))
    upload(page, site, path)
    assert page.locator("h1").inner_text() == "请说明各列是什么"
    for place, word in enumerate([*HEAD[:-1], "-"]):
        page.select_option(f"select[name=column_{place}]", word)
    picture(page, "intake-columns", full=True)
    narrow(page)
    picture(page, "intake-columns-phone", full=True)
    page.set_viewport_size(DESKTOP)
    page.click("button:has-text('按这样检查')")
    page.wait_for_selector("h1:has-text('可以导入6题')")
    assert page.locator("[data-faults] li").count() == 5
    picture(page, "intake-result", full=True)
    narrow(page)
    picture(page, "intake-result-phone", full=True)
    page.set_viewport_size(DESKTOP)
    with page.expect_download() as download:
        page.click("a:has-text('下载没有导入的行')")
    path = tmp_path / "改好的.xlsx"
    path.write_bytes(mended(Path(download.value.path()).read_bytes()))
    page.click("button:has-text('写入6题')")
    page.wait_for_selector("h1:has-text('已写入6题')")
    picture(page, "intake-done", full=True)
    upload(page, site, path)
    assert page.locator("h1").inner_text() == "可以导入5题"
    page.click("button:has-text('写入5题')")
    page.wait_for_selector("h1:has-text('已写入5题')")
    reviewer = open_context(people["孙悦"]).new_page()
    for batch, count in ((1, 6), (2, 5)):
        reviewer.goto(f"{site.url}/question-imports/{batch}/review")
        picture(reviewer, "intake-review", full=True)
        reviewer.click("summary:has-text('全部采用')")
        reviewer.click(f"button:has-text('全部采用{count}题')")
        reviewer.wait_for_selector("h1:has-text('都审核完了')")
    narrow(reviewer)
    picture(reviewer, "intake-reviewed-phone", full=True)
    reviewer.goto(f"{site.url}/bank-export/own?format=gift")
    picture(reviewer, "intake-export", full=True)


def test_the_page_of_a_big_file_goes_on_by_itself(
    site, open_context, people, picture, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(uploads, "is_small", lambda data: False)
    page = open_context(people["马丽"], PHONE).new_page()
    path = tmp_path / "大文件.xlsx"
    path.write_bytes(sheet(good(30)))
    upload(page, site, path)
    assert page.locator("h1").inner_text() == "正在检查文件"
    picture(page, "intake-progress-phone", full=True)
    with site.app.app_context():
        jobs.beat("test", site.clock.now())
    page.wait_for_selector("h1:has-text('可以导入30题')")


def test_the_page_of_who_accepts_many_goes_on_by_itself(
    site, open_context, people, picture, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(accepting, "AT_ONCE", 10)
    page = open_context(people["马丽"]).new_page()
    path = tmp_path / "许多.xlsx"
    path.write_bytes(sheet(good(30)))
    upload(page, site, path)
    press(page, "button:has-text('写入30题')")
    reviewer = open_context(people["孙悦"], PHONE).new_page()
    reviewer.goto(f"{site.url}/question-imports/1/review")
    reviewer.click("summary:has-text('全部采用')")
    press(reviewer, "button:has-text('全部采用30题')")
    until(reviewer, "[data-count]", "0 / 30题")
    picture(reviewer, "intake-accepting-phone", full=True)
    with site.app.app_context():
        jobs.beat("test", site.clock.now())
    reviewer.wait_for_selector("h1:has-text('都审核完了')")
