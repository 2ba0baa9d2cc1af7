"""Reading credentials, exemptions and certificates; never writes."""

from cstrain.grading.credentials.queries.certificates import (
    awards_of,
    certificate,
    certificates_of,
    verify,
)
from cstrain.grading.credentials.queries.exemptions import (
    exempt_at,
    exempt_people,
    exemption,
    exemptions_for,
    exemptions_of,
    finding_for,
    recent_exemptions,
)
from cstrain.grading.credentials.queries.outside import outside, outside_of, recent_outside, waiting_outside
from cstrain.grading.credentials.queries.passes import (
    Taken,
    credentials_of,
    is_pass,
    passed_people,
    sat_days,
    taken,
    taken_by,
)
from cstrain.grading.credentials.store import credential_rules

__all__ = [
    "Taken",
    "awards_of",
    "certificate",
    "certificates_of",
    "credential_rules",
    "credentials_of",
    "exempt_at",
    "exempt_people",
    "exemption",
    "exemptions_for",
    "exemptions_of",
    "finding_for",
    "is_pass",
    "outside",
    "outside_of",
    "passed_people",
    "recent_exemptions",
    "recent_outside",
    "sat_days",
    "taken",
    "taken_by",
    "verify",
    "waiting_outside",
]
