"""What the actions answer: figures about numbers, and windows of time."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass

CHECK_NUMBERS = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]
CHECK_MEAN, CHECK_MEDIAN, CHECK_STDDEV = 5.0, 4.5, 2.0


class ComputeError(Exception):
    """The computation gave what it must not give. The message is safe to show."""


@dataclass(frozen=True)
class Summary:
    """What is to say about some numbers."""

    count: int
    min: float
    max: float
    mean: float
    median: float
    stddev: float
    outliers: int


class Calculator:
    """Computes. It remembers a threshold, for as long as the process runs."""

    def __init__(self) -> None:
        self.precision = 6
        """Decimals of every result."""
        self.threshold: float | None = None

    def summarise(self, numbers: list[float]) -> Summary:
        """The numbers in short; outliers are those above the threshold. There must be at least one number."""
        return Summary(
            count=len(numbers),
            min=self._round(min(numbers)),
            max=self._round(max(numbers)),
            mean=self._round(statistics.fmean(numbers)),
            median=self._round(statistics.median(numbers)),
            stddev=self._round(statistics.pstdev(numbers)),
            outliers=0 if self.threshold is None else sum(number > self.threshold for number in numbers),
        )

    def split(self, start_ms: int, end_ms: int, parts: int) -> list[tuple[int, int]]:
        """A range cut into equal parts, each ending where the next begins."""
        bounds = [start_ms + (end_ms - start_ms) * index // parts for index in range(parts + 1)]
        return list(itertools.pairwise(bounds))

    def check_health(self) -> None:
        """Raises ComputeError unless known numbers give what they must."""
        summary = Calculator().summarise(CHECK_NUMBERS)
        if (summary.mean, summary.median, summary.stddev) != (CHECK_MEAN, CHECK_MEDIAN, CHECK_STDDEV):
            raise ComputeError("known numbers gave a wrong summary")

    def _round(self, number: float) -> float:
        return round(number, self.precision)
