"""Lets tests of all rooms share `tiny`, the world made by hand: pytest puts this folder on the path."""
