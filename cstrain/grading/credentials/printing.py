"""Certificates as plain data for their templates, and as PDF. They are printed in Chinese."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import segno

from cstrain.bundled import bundled
from cstrain.documents.pdf import render_pdf
from cstrain.documents.printed import zh_day
from cstrain.extensions import local_date
from cstrain.grading.credentials.codes import spaced
from cstrain.grading.credentials.facts import CertificateFacts, Standing
from cstrain.kernel.units import shown
from cstrain.people.facts import PersonFacts

STAMPS = {Standing.VALID: "", Standing.LAPSED: "已过有效期", Standing.REVOKED: "已作废"}


def qr(url: str) -> str:
    """Return a QR code as SVG text."""
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", scale=4, border=0, dark="#1a1d21")
    return out.getvalue().decode()


def certificate_data(
    facts: CertificateFacts, person: PersonFacts, pass_mark: Any, words: str, url: str
) -> dict[str, Any]:
    """Return the data of a certificate; ``url`` is where its code is verified, ``pass_mark`` of its paper."""
    return {
        "kind": facts.kind,
        "name": person.name,
        "staff_no": person.staff_no,
        "title": facts.title,
        "words": words,
        "mark": "" if facts.mark is None else f"{shown(facts.mark, pass_mark):f}",
        "exam_on": zh_day(facts.exam_on),
        "valid_until": zh_day(facts.valid_until),
        "issued_on": zh_day(local_date(facts.issued_at)),
        "code": spaced(facts.code),
        "url": url,
        "qr": qr(url),
        "stamp": STAMPS[facts.standing],
    }


def certificate_pdf(data: dict[str, Any]) -> bytes:
    """Return the PDF of a certificate, one page of A4 across."""
    return render_pdf(bundled("templates") / "pdf" / "certificate.typ", data)
