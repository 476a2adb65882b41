"""The usual measures of a ranking against graded judgments."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import fmean

DEPTH = 100


@dataclass(frozen=True)
class Measures:
    ndcg_at_10: float  # gain is the grade, discount log2, ideal over all listed grades
    mrr_at_10: float  # of the first listed document among ten
    recall_at_100: float
    success_at_1: float

    @classmethod
    def mean(cls, each: Sequence["Measures"]) -> "Measures":
        return cls(*(fmean(getattr(one, field.name) for one in each) if each else 0.0 for field in fields(cls)))


def measure(ranking: Sequence[str], relevant: Mapping[str, float]) -> Measures:
    """`ranking` is best first; documents that are not listed have no gain."""
    grades = [relevant.get(id, 0.0) for id in ranking[:DEPTH]]
    listed = [grade for grade in relevant.values() if grade > 0]
    ideal = _discounted(sorted(listed, reverse=True)[:10])
    return Measures(
        ndcg_at_10=_discounted(grades[:10]) / ideal if ideal else 0.0,
        mrr_at_10=next((1 / rank for rank, grade in enumerate(grades[:10], 1) if grade > 0), 0.0),
        recall_at_100=sum(grade > 0 for grade in grades) / len(listed) if listed else 0.0,
        success_at_1=float(bool(grades) and grades[0] > 0),
    )


def _discounted(grades: Sequence[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))
