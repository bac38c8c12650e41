"""Membership, competition, roles, kinds, certainty, lineage, reasons."""

from ringfinder.rings.find import find

__all__ = ["find"]
