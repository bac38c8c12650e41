"""Claims in: whatever a bureau exports becomes the canonical tables, checked, with everything refused or set aside
told."""

from ringfinder.claims.reading import read

__all__ = ["read"]
