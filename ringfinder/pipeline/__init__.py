"""From claims to a published run: the only room that knows all the others."""

from ringfinder.pipeline.run import Finished, Order, run

__all__ = ["Finished", "Order", "run"]
