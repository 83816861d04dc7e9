"""What follows from the counts of an executor's work: shares and the place in the ranking (KP-3.7).

What is counted, and of which assignments, is said in ``contact.center.assignment._get_figure_domains``.
"""

from collections.abc import Hashable, Mapping

from .wilson import lower_bound


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole between 0 and 1; of nothing there is no share."""
    return part / whole if whole else None


def complete(counts: Mapping) -> dict:
    """Return the counts with what follows from them.

    :param counts: number of each figure that is counted.
    :returns: the same and ``overdue``, ``judged`` (of how many is known whether they were on time), the shares
        ``on_time_share``, ``rework_share``, ``works_share`` and ``satisfied_share`` (0 to 1 or ``None``),
        ``lower_bound``, by which executors are ranked, and ``satisfied_bound``, the same of satisfied applicants.
    """
    overdue = counts["late"] + counts["open_overdue"]
    judged = counts["on_time"] + overdue
    return {
        **counts,
        "overdue": overdue,
        "judged": judged,
        "on_time_share": share(counts["on_time"], judged),
        "lower_bound": lower_bound(counts["on_time"], judged),
        "rework_share": share(counts["returned"], counts["finished"]),
        "works_share": share(counts["works_in_time"], counts["works"]),
        "satisfied_share": share(counts["satisfied"], counts["ratings"]),
        "satisfied_bound": lower_bound(counts["satisfied"], counts["ratings"]),
    }


def rank(bounds: Mapping[Hashable, float | None]) -> dict:
    """Return the place of each by its lower bound, the best first; equals share a place.

    :param bounds: lower bound of each; whoever has none (``None``) isn't ranked.

    >>> rank({"a": 0.5, "b": 0.9, "c": 0.5, "d": None, "e": 0.1})
    {'b': 1, 'a': 2, 'c': 2, 'e': 4}
    """
    ranked = sorted((key for key in bounds if bounds[key] is not None), key=lambda key: -bounds[key])
    places = {}
    for position, key in enumerate(ranked, start=1):
        before = ranked[position - 2] if position > 1 else None
        tied = before is not None and bounds[before] == bounds[key]
        places[key] = places[before] if tied else position
    return places
