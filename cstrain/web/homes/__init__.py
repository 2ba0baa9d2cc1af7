"""What each role has to do now. One file a role; the first that fits gives the page its heading."""

from cstrain.web.homes.part import PARTS, Part, parts_for

__all__ = ["PARTS", "Part", "parts_for"]
