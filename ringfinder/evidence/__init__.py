"""Visits, ties, marks of harm: what was seen, beside what chance would give."""
