"""Claims in: read, map, check, canonical tables out."""
