"""A trainer writes a question of every type by mouse and keyboard, another person reviews it: in Chromium."""

from __future__ import annotations

import pytest

from cstrain.questions.authoring.editing.editor import editor_of
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.media import picture as picture_file
from tests.factories.people import make_person
from tests.questions.authoring.makers import BANK, KINDS, make_bank, trainer, whole

pytestmark = pytest.mark.browser
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def people(site) -> tuple[int, int]:
    """A writer with a bank, and a reviewer."""
    with site.app.app_context():
        make_bank()
        return trainer(), make_person("谢宁", roles=["supervisor"])


class Writer:
    """Fills an editor's page as its fields ask."""

    def __init__(self, page) -> None:
        self.page = page

    def box(self, at: str):
        return self.page.locator(f'[name="{at}"]:not([type=hidden])')

    def fill(self, fields, states, prefix: str = "") -> None:
        for field in fields:
            self.field(field, states[field.name], f"{prefix}{field.name}")

    def field(self, field, state, at: str) -> None:
        if field.shape in ("text", "number"):
            if self.box(at).input_value() != state:
                self.box(at).fill(state)
        elif field.shape == "check":
            self.box(at).set_checked(state)
        elif field.shape == "choice" and field.listed:
            self.box(at).select_option(state)
        elif field.shape == "choice":
            self.page.locator(f'label:has([name="{at}"][value="{state}"])').click()
        elif field.shape == "group":
            self.fill(field.columns, state, f"{at}-")
        elif field.shape == "parts":
            self.parts(field, state, at)
        elif field.shape in ("rows", "options"):
            self.rows(field, state, at)

    def tokens(self, at: str) -> list[str]:
        return [each.input_value() for each in self.page.locator(f'input[type=hidden][name="{at}"]').all()]

    def rows(self, field, state, at: str) -> None:
        frame = self.page.locator(f'[data-rows="{at}"]')
        rows = field.filled(state)
        while len(self.tokens(at)) < len(rows):
            frame.locator(f'button[value="add:{at}:"]').click()
        while len(self.tokens(at)) > max(1, len(rows)):
            frame.locator(":scope > .ed-rows > [data-row]").last.locator("[data-remove]").last.click()
        for token, row in zip(self.tokens(at), rows, strict=False):
            if field.shape == "options":
                self.box(f"{at}-{token}-text").fill(row["text"])
                if row["right"]:
                    self.page.locator(f'[name="{at}-right"][value="{token}"]').check()
            else:
                self.fill(field.columns, row, f"{at}-{token}-")

    def parts(self, field, state, at: str) -> None:
        for _ in self.tokens(at):
            self.page.locator(
                f'[data-rows="{at}"] > .ed-rows > [data-row] > .ed-row-head [data-remove]'
            ).first.click()
        for part in state:
            with self.page.expect_navigation():
                self.page.locator(f'button[value="add:{at}:{part["type"]}"]').click()
        for token, part in zip(self.tokens(at), state, strict=True):
            self.fill(field.columns_of(part), part, f"{at}-{token}-")


def open_editor(context, site, kind: str):
    page = context.new_page()
    page.goto(f"{site.url}/question-editor/{BANK}")
    page.locator(f'a[href$="/{kind}"]').click()
    page.wait_for_selector("form[data-editor]")
    return page


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_every_type_is_written_reviewed_and_stands_in_its_bank(
    site, open_context, people, picture, kind
) -> None:
    writer, reviewer = people
    editor = editor_of(kind)
    page = open_editor(open_context(writer, DESKTOP), site, kind)
    with site.app.test_request_context():
        states = editor.held(whole(kind))
        Writer(page).fill([each for each in editor.every if each.shape not in ("pictures", "source")], states)
    page.wait_for_selector("[data-look] .st.ok", timeout=10000)
    picture(page, f"editor-{kind}-1280", full=True)
    assert page.locator("[data-look] [data-preview]").count() == 1
    page.locator("button[value=done]").click()
    page.wait_for_url("**/question-drafts/*")
    page.get_by_role("button", name="交审", exact=True).click()
    page.wait_for_selector("text=等审核")
    picture(page, f"draft-{kind}-1280", full=True)
    other = open_context(reviewer, PHONE).new_page()
    other.goto(f"{site.url}/question-drafts")
    other.locator("tbody a").first.click()
    other.wait_for_selector("#h-look")
    assert other.evaluate(TOO_WIDE) <= 0
    picture(other, f"review-{kind}-390", full=True)
    other.get_by_role("button", name="通过，放进题库").click()
    other.wait_for_url(f"**/banks/{BANK}/own-0001")
    other.wait_for_selector("#versions")
    picture(other, f"question-{kind}-390", full=True)
    assert other.evaluate(TOO_WIDE) <= 0


def test_rows_move_and_go_without_a_reload_and_the_preview_follows(
    site, open_context, people, picture
) -> None:
    page = open_editor(open_context(people[0], DESKTOP), site, "single_choice")
    page.fill("#f-stem", "先做哪一步？")
    for token, words in enumerate(["道歉", "查单", "退款", "换货"]):
        page.locator(f"#f-options-{token}-text").fill(words)
    page.locator('[name="options-right"][value="1"]').check()
    page.wait_for_selector("[data-look] .opt.is-key >> text=查单")
    page.locator("[data-row]").nth(1).locator("[data-move='-1']").click()
    assert page.locator("[data-row-name]").all_inner_texts() == ["选项A", "选项B", "选项C", "选项D"]
    assert page.locator(".ed-option textarea").first.input_value() == "查单"
    page.locator("[data-row]").nth(3).locator("[data-remove]").click()
    page.locator("[data-add]").click()
    page.keyboard.type("补发")
    page.wait_for_selector("[data-look] >> text=补发")
    assert page.locator("[data-look] .stem").first.inner_text() == "先做哪一步？"
    page.locator("[data-picture-file]").set_input_files(
        {"name": "旗.png", "mimeType": "image/png", "buffer": picture_file()}
    )
    page.wait_for_selector("[data-thumb][src^='/files/']")
    page.wait_for_selector("[data-faults=pictures] >> text=图里有什么")
    page.keyboard.type("一面红旗")
    page.wait_for_selector("[data-look] img[alt='一面红旗']")
    assert page.locator("[data-faults=pictures] .err").count() == 0
    picture(page, "editor-picture-1280", full=True)
    page.locator("#f-tags").press("Enter")
    assert page.url.endswith("/single_choice"), "the return key hands nothing in"
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{site.url}/question-drafts")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("kind", ["single_choice", "case", "chat"])
def test_the_editor_fits_a_phone(site, open_context, people, picture, kind) -> None:
    page = open_editor(open_context(people[0], PHONE, has_touch=True), site, kind)
    editor = editor_of(kind)
    with site.app.test_request_context():
        states = editor.held(whole(kind))
        Writer(page).fill(editor.fields, states)
    page.wait_for_selector("[data-look] .st.ok", timeout=10000)
    assert page.evaluate(TOO_WIDE) <= 0
    picture(page, f"editor-{kind}-390", full=True)
    page.locator("button[value=save]").click()
    page.wait_for_url("**/edit")
    assert page.locator("#f-stem").input_value() == whole(kind)["stem"]
