"""Every macro renders under StrictUndefined, in both languages, and keeps the promises of a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import flash, render_template, render_template_string

from tests.ui import samples
from tests.ui.sample_app import make_app
from tests.web.page_client import page_faults

UI = samples.ROOT / "templates" / "_ui"
LAYOUT = samples.ROOT / "templates" / "_layout"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def gallery(locale: str = "zh", with_actbar: bool = True) -> str:
    app = make_app(locale)
    with app.test_request_context("/gallery"):
        flash("签核完成。林晓雯等3人已收到通知。", "ok")
        return render_template(
            "_ui/gallery.html", s=samples.words(), form=samples.form(), with_actbar=with_actbar
        )


def page(source: str, locale: str = "zh", **values: object) -> str:
    app = make_app(locale)
    with app.test_request_context("/"):
        return render_template_string(source, **values)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_gallery_is_a_faultless_page(locale):
    assert page_faults(gallery(locale)) == []


def test_every_public_macro_is_shown_in_the_gallery():
    shown = (UI / "gallery.html").read_text(encoding="utf-8")
    for file in UI.glob("*.html"):
        for name in re.findall(r"{% macro ([a-z]\w*)\(", file.read_text(encoding="utf-8")):
            assert re.search(rf"\b{name}\b", shown), f"{file.name}: {name} is not in the gallery"


def test_every_public_macro_has_a_comment_of_its_own():
    for file in UI.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r"{% macro ([a-z]\w*)\(", text):
            assert re.search(rf"{{#[^#]*\b{name}\(", text), f"{file.name}: {name} is not explained"


def test_no_chinese_stands_outside_the_translation_function():
    for file in [*UI.glob("*.html"), *LAYOUT.glob("*.html")]:
        text = re.sub(r"{#.*?#}", "", file.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"_\('[^']*'", "", text)
        assert not CHINESE.search(text), f"{file.name}: {CHINESE.findall(text)}"


def test_english_leaves_no_chinese_in_the_words_of_the_layer():
    text = page(
        "{% from '_ui/programme.html' import strip_legend, scores %}"
        "{% from '_ui/exam.html' import save_badge %}{% from '_ui/judgement.html' import counts %}"
        "{{ strip_legend() }}{{ scores([]) }}{{ counts(1, 2, 3) }}"
        "{% for state in ['saved', 'busy', 'local', 'none', 'lost'] %}"
        "{{ save_badge(state, '16:12:08', 3) }}{% endfor %}",
        "en",
    )
    assert not CHINESE.search(text)


def test_every_icon_that_is_asked_for_exists():
    drawn = (samples.ROOT / "cstrain/web/static/icons.svg").read_text(encoding="utf-8")
    for name in set(re.findall(r"icons\.svg[^\"#]*#i-([a-z]+)", gallery())):
        assert f'id="i-{name}"' in drawn


def test_ids_are_unique():
    ids = re.findall(r'\bid="([^"]+)"', gallery())
    assert sorted(ids) == sorted(set(ids))


def test_every_label_and_description_points_at_something():
    html = gallery()
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        for value in re.findall(rf'\b{attribute}="([^"]+)"', html):
            assert set(value.split()) <= ids, f"{attribute}={value}"


def test_an_error_is_tied_to_its_field_and_named_at_the_top():
    html = gallery()
    assert 'href="#f-ends"' in html
    field = re.search(r'<input[^>]*id="f-ends"[^>]*>', html).group()
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="f-ends-error"' in field


def test_a_form_without_faults_has_no_summary():
    text = page(
        "{% from '_ui/forms.html' import form_errors %}{{ form_errors(form) }}", form=samples.GalleryForm()
    )
    assert "note" not in text


def test_five_sections_need_no_more_menu_and_nine_do():
    source = "{% from '_layout/_parts.html' import tab_bar, top_nav %}{{ top_nav(nav) }}{{ tab_bar(nav) }}"
    assert "更多" not in page(source, nav=samples.navigation(4))
    assert page(source, nav=samples.navigation(9)).count("更多") == 2


def test_the_section_behind_more_marks_more_as_current():
    nav = samples.navigation(9)
    nav[0].current, nav[8].current = False, True
    text = page("{% from '_layout/_parts.html' import tab_bar %}{{ tab_bar(nav) }}", nav=nav)
    assert "menu is-current" in text


def test_a_visitor_sees_the_language_and_no_account():
    source = (
        "{% extends '_layout/base.html' %}{% block title %}x{% endblock %}{% block heading %}x{% endblock %}"
    )
    text = page(source, me=None, nav=[])
    assert 'value="en"' in text
    assert "退出登录" not in text
    assert "tabbar" not in text


def test_empty_blocks_leave_no_empty_elements():
    heading = "{% block heading %}标题{% endblock %}"
    text = page("{% extends '_layout/base.html' %}{% block title %}x{% endblock %}" + heading)
    for gone in ('class="lead"', 'class="crumb"', 'class="btn-row"', 'class="actbar"'):
        assert gone not in text


def test_a_page_says_how_wide_it_is():
    source = "{% extends '_layout/base.html' %}{% set page_class = 'wide' %}{% block title %}x{% endblock %}"
    assert 'class="page wide"' in page(source)
    assert 'class="topbar-in wide"' in page(source)


@pytest.mark.parametrize("layout", ["bare", "exam"])
def test_the_other_layouts_are_faultless_pages(layout):
    source = (
        "{% extends '_layout/" + layout + ".html' %}{% block title %}考试{% endblock %}"
        "{% block heading %}第18天综合考试{% endblock %}{% block content %}<p>x</p>{% endblock %}"
    )
    text = page(source)
    assert page_faults(text) == []
    assert '<html lang="zh-CN"' in text


def test_the_theme_is_the_systems_unless_it_is_chosen():
    source = "{% extends '_layout/bare.html' %}{% block title %}x{% endblock %}"
    assert "data-theme" not in page(source)
    assert 'data-theme="dark"' in page(source, theme="dark")


def test_the_phone_shows_the_week_of_today_and_the_next():
    text = page("{% from '_ui/programme.html' import strip %}{{ strip(weeks) }}", weeks=samples.weeks())
    near = re.findall(r'class="week n\d near"><span class="meta">([^<]+)', text)
    assert near == ["11月16日", "11月23日"]


def test_after_the_programme_the_phone_shows_its_last_two_weeks():
    weeks = samples.weeks()
    for week in weeks:
        for day in week.days:
            day.state = "done"
    text = page("{% from '_ui/programme.html' import strip %}{{ strip(weeks) }}", weeks=weeks)
    assert re.findall(r'class="week n\d near"><span class="meta">([^<]+)', text) == ["11月23日", "11月30日"]


def test_a_day_that_is_not_open_is_no_link():
    text = page("{% from '_ui/programme.html' import strip %}{{ strip(weeks) }}", weeks=samples.weeks())
    assert '<span class="day locked"' in text
    assert text.count('<a class="day') == 20


def test_a_missing_score_is_unknown_and_never_zero():
    row = {"name": "综合考试", "score": None, "value": None, "passed": None}
    text = page("{% from '_ui/programme.html' import scores %}{{ scores([row]) }}", row=row)
    assert "待确认" in text
    assert "未过线" not in text
    assert ">0<" not in text


def test_one_page_has_no_pager():
    one = type("Page", (), {"page": 1, "pages": 1, "url": staticmethod(str)})
    assert page("{% from '_ui/tables.html' import pager %}{{ pager(one) }}", one=one).strip() == ""


def test_words_of_a_person_are_escaped_everywhere():
    bad = "<script>alert(1)</script>3天"
    text = page(
        "{% from '_ui/status.html' import st, tag %}{% from '_ui/tables.html' import empty, facts %}"
        "{{ st('ok', bad) }}{{ tag('ok', bad) }}{{ empty(bad, bad) }}{{ facts([(bad, bad)]) }}",
        bad=bad,
    )
    assert "<script>" not in text


def test_static_addresses_change_with_the_content():
    text = gallery()
    assert re.search(r'/static/css/base\.css\?v=[0-9a-f]{10}"', text)
    for address in set(re.findall(r'/static/([^"?]+)', text)):
        assert (Path(samples.ROOT) / "cstrain/web/static" / address).is_file()


def test_a_file_that_does_not_exist_stops_the_page():
    with pytest.raises(FileNotFoundError):
        page("{{ asset('css/none.css') }}")
