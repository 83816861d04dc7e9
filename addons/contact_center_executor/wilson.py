"""The lower confidence bound of a share, by which executors are ranked: a few lucky cases don't win.

Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
Statistical Association 22 (1927), 209-212.
"""

from math import sqrt
from statistics import NormalDist


def lower_bound(successes: int, trials: int, confidence: float = 0.95) -> float | None:
    """Return the lower bound of Wilson's score interval of a share, between 0 and 1.

    :param successes: how many of the trials succeeded.
    :param trials: how many there were; of none there is nothing to say, and the answer is ``None``.
    :param confidence: probability that the two-sided interval holds the true share.
    :raises ValueError: for counts or a confidence that can't be.

    >>> lower_bound(1, 1) < lower_bound(90, 100)
    True
    >>> round(lower_bound(90, 100), 4)
    0.8256
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} can't have succeeded")
    if not 0 < confidence < 1:
        raise ValueError(f"{confidence} is no confidence between 0 and 1")
    if not trials:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / trials
    centre = share + z**2 / (2 * trials)
    margin = z * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return max(0.0, (centre - margin) / (1 + z**2 / trials))
