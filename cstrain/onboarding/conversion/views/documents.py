"""The printed papers: drafts on the spot, archived ones as they were."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.onboarding.conversion import documents, queries, store
from cstrain.onboarding.conversion.views.common import allowed_view, blueprint
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.unit_of_work import unit_of_work


def _pdf(content: bytes, filename: str) -> Response:
    headers = {
        "Content-Disposition": f"inline; filename=\"document.pdf\"; filename*=UTF-8''{quote(filename)}"
    }
    return Response(content, mimetype="application/pdf", headers=headers)


@blueprint.get("/conversions/<int:case_id>/form.pdf")
@requires("conversion.view")
def form(case_id: int) -> Response:
    """Give the approval form as it stands now: a draft until it is decided."""
    view = allowed_view(case_id, "conversion.view")
    content = documents.pdf(documents.FORM, documents.form_data(view))
    return _pdf(content, f"转正审批表-{documents.form_no(view)}.pdf")


@blueprint.get("/conversions/<int:case_id>/consent.pdf")
@requires("conversion.view")
def consent_paper(case_id: int) -> Response:
    """Give the consent to an extension, to be signed."""
    view = allowed_view(case_id, "conversion.view")
    until = view.case.offered_until or (view.consent.until if view.consent else None)
    content = documents.pdf(documents.CONSENT, documents.consent_data(view, until))
    return _pdf(content, f"延长试用期同意书-{documents.form_no(view)}.pdf")


@blueprint.get("/eliminations/<int:elimination_id>/letter.pdf")
@requires("conversion.view")
def letter(elimination_id: int) -> Response:
    """Give the reason letter as it stands now: a draft until it is decided."""
    one = queries.elimination(elimination_id)
    demand("conversion.view", one.person_id)
    today = local_date(now())
    data = documents.letter_data(
        one, people.get_person(one.person_id, today), people.contract_of(one.person_id, today)
    )
    return _pdf(documents.pdf(documents.LETTER, data), f"通知书-{one.letter_no}.pdf")


@blueprint.get("/documents/<int:document_id>")
@requires("conversion.view")
def archived(document_id: int) -> Response:
    """Give an archived document, byte for byte as it was archived."""
    facts, content = queries.archived(document_id)
    if not may(actor(), "conversion.view", facts.person_id):
        raise NotFoundError(store.MISSING)
    with unit_of_work():
        people_service.log_view(actor(), facts.person_id, f"document.{facts.kind}", now())
    return _pdf(content, facts.filename)
