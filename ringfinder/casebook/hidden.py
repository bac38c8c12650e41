"""Signs that no name, title or file's name may hold, for a class of a regular expression.

Control characters (PostgreSQL keeps no NUL), and what cannot be seen or turns the letters around: else two districts look alike
that are two, and `fdp.txt` written backwards looks like a PDF.
"""

from __future__ import annotations

HIDDEN = r"\x00-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
