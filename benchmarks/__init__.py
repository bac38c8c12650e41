"""Figures that take long: ours beside naive recipes, seconds and memory. Run with `python -m benchmarks`."""
