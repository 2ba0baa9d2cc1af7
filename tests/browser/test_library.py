"""A trainer finds questions, tags many at once, undoes that and keeps a search, in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.people import make_person
from tests.factories.questions import load_shipped_banks

pytestmark = pytest.mark.browser


@pytest.fixture
def trainer(site) -> int:
    """A trainer, with all that is shipped."""
    with site.app.app_context():
        load_shipped_banks()
        return make_person("周明", roles=["trainer"])


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_questions_are_found_tagged_put_back_and_the_search_kept(
    site, open_context, trainer, picture, viewport
) -> None:
    name = f"library-{viewport['width']}"
    page = open_context(trainer, viewport).new_page()
    page.goto(f"{site.url}/banks", timeout=30_000)  # the first visit checks all shipped files
    page.get_by_label("在全部题库里找题").fill("发票")
    page.get_by_role("button", name="找题", exact=True).click()
    page.get_by_role("heading", level=1, name="全部题库：找到").wait_for()
    page.get_by_label("难度", exact=True).select_option("2")
    page.get_by_role("button", name="筛选题目").click()
    page.wait_for_url("**difficulty=2**")
    picture(page, f"{name}-search", full=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.get_by_role("button", name="本页全选").click()
    found = page.locator('input[name="q"]').count()
    assert found > 1 and page.get_by_text(f"已勾选{found}题").is_visible()
    page.get_by_label("要做什么").select_option("tag")
    page.get_by_role("button", name="对勾选的题做").click()
    page.get_by_label("标签（几个用逗号隔开）").fill("旺季，售后")
    page.get_by_role("button", name="看会改哪些题").click()
    page.get_by_role("heading", name=f"会改{found}题").wait_for()
    page.get_by_label("原因").fill("旺季前整理")
    picture(page, f"{name}-bulk", full=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name=f"确认，改这{found}题").click()
    page.get_by_role("heading", level=1, name=f"加标签：改了{found}题").wait_for()

    page.goto(f"{site.url}/questions?tag=旺季")
    page.get_by_role("heading", level=1, name=f"找到{found}题").wait_for()
    page.get_by_text("保存现在的筛选").click()
    page.get_by_label("名称").fill("旺季要看的题")
    page.get_by_role("button", name="保存筛选").click()
    page.get_by_role("link", name="旺季要看的题").wait_for()
    picture(page, f"{name}-saved", full=True)

    page.goto(f"{site.url}/question-bulks")
    page.get_by_role("link", name="加标签").click()
    page.get_by_text("整批撤销", exact=True).click()
    page.get_by_role("button", name="确认撤销").click()
    page.get_by_text("全部恢复成原来的样子").wait_for()
    picture(page, f"{name}-undone", full=True)
    page.goto(f"{site.url}/questions?text=退货得几天数")
    page.get_by_text("没有一字不差的题").wait_for()
    picture(page, f"{name}-similar")
