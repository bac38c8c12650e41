"""How right the rings are, against planted ones: matching, precision, recall, average precision, false alerts."""

from ringfinder.evaluation.matching import Match, jaccard, match
from ringfinder.evaluation.metrics import Evaluation, FalseAlert, Found, Share, average_precision, evaluate
from ringfinder.evaluation.truth import Planted, Scene, read_scenes, read_truth

__all__ = [
    "Evaluation",
    "FalseAlert",
    "Found",
    "Match",
    "Planted",
    "Scene",
    "Share",
    "average_precision",
    "evaluate",
    "jaccard",
    "match",
    "read_scenes",
    "read_truth",
]
