"""The permission matrix: the document is current, and every route keeps what it says for every role."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.routing import IntegerConverter

from tests.conftest import START
from tests.web.routes import house_app, permission, rules

ROOT = Path(__file__).parent.parent.parent
OPEN = {"public", "signed_in"}
ROLES = list(house_app().extensions["cstrain.access"].grants.roles)
ADDRESSES = {"kind": "xlsx"}


def test_the_document_is_current():
    from cstrain.operations.matrix import document

    written = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert written == document(house_app()), "run: cstrain permissions --write"


@pytest.mark.parametrize(
    ("scopes", "for_whom"),
    [
        ([], "·"),
        (["own"], "O"),
        (["my_department"], "T"),
        (["own", "my_case"], "OT"),
        (["others"], "TA"),
        (["all"], "OTA"),
    ],
)
def test_what_a_relation_reaches(scopes, for_whom):
    from cstrain.operations.matrix import reach

    assert reach(scopes) == for_whom


@pytest.fixture
def cast(app):
    """One person for each role, holding that role alone (and ``employee``)."""
    from cstrain.people import service
    from cstrain.people.facts import Status
    from cstrain.unit_of_work import unit_of_work

    people = {}
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), unit_of_work():
        department = service.add_department(None, "ALL", "全公司")
        for number, role in enumerate(ROLES):
            status = Status.PROBATION if role == "trainee" else Status.CONVERTED
            new = service.NewPerson(
                staff_no=f"K{number:04d}",
                name="王敏",
                department_id=department,
                hire_date=START.date(),
                status=status,
            )
            people[role] = service.hire(None, START, new)
            if role not in {"employee", "trainee"}:
                service.grant_role(
                    None, START, people[role], role, valid_from=START.date(), department_id=department
                )
    return people


def address(rule) -> str:
    """An address of the route with values that name nothing."""
    values = {
        name: ADDRESSES.get(name, 999_999 if isinstance(converter, IntegerConverter) else "nothing")
        for name, converter in rule._converters.items()
    }
    _domain, path = rule.build(values)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_a_route_refuses_exactly_the_roles_that_lack_its_permission(app, cast, role):
    """Asked by HTTP: 403 without the permission, anything else with it (the thing itself is missing)."""
    from tests.web.page_client import PageClient

    client = PageClient(app).log_in_as(cast[role]).raw
    grants = app.extensions["cstrain.access"].grants
    wrong = []
    for rule in rules(app):
        named = permission(app, rule)
        if named in OPEN or named is None:
            continue
        held = grants.scopes(frozenset({role, "employee"}), named)
        method = "GET" if "GET" in rule.methods else "POST"
        status = client.open(address(rule), method=method, json={} if method == "POST" else None).status_code
        if (status == 403) is bool(held):
            wrong.append(f"{role} {method} {rule.rule} ({named}): {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_a_visitor_is_sent_to_log_in_by_every_route_that_is_not_public(app, cast):
    client = app.test_client()
    for rule in rules(app):
        if permission(app, rule) == "public":
            continue
        method = "GET" if "GET" in rule.methods else "POST"
        answer = client.open(address(rule), method=method)
        assert answer.status_code in {302, 401}, rule.rule
        if answer.status_code == 302:
            assert "/log-in" in answer.headers["Location"], rule.rule


def test_asking_for_the_head_alone_answers_like_the_page(app, cast):
    """Proxies and link checkers send HEAD; a view must not take it for a form that was sent."""
    client = app.test_client()
    for rule in rules(app):
        if permission(app, rule) == "public" and "GET" in rule.methods and "filename" not in rule.arguments:
            page, head = client.get(address(rule)), client.head(address(rule))
            assert (rule.rule, head.status_code) == (rule.rule, page.status_code)
