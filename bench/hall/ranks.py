"""The one way in which the benchmarks count a percentile: the nearest rank."""

import math


def percentile(values, share):
    """The value that this share of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
