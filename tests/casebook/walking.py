"""How far the casebook is walked at random beside a model."""

from __future__ import annotations

from hypothesis import HealthCheck, settings


def walks(examples: int, steps: int) -> settings:
    """So many walks of so many steps, the same ones each time."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
