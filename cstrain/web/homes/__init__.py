"""What each role has to do now. One file a role; the heading counts what all of them ask for."""

from cstrain.web.homes.part import PARTS, Part, headline, parts_for

__all__ = ["PARTS", "Part", "headline", "parts_for"]
