"""Membership, competition, roles, kinds, certainty, lineage, reasons."""
