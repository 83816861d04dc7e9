"""Rules made out of who executed requests so far."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple


class OwnerRule(NamedTuple):
    """Requests of a classifier node go to an organisation.

    :param districts: empty for the whole city
    """

    category: int
    districts: tuple[int, ...]
    owner: int


def plan_by_owners(counts: Iterable[tuple[int, int | None, int, int]]) -> list[OwnerRule]:
    """Return the rules that send each node's requests to whoever had most of them.

    Where most requests of a district went to somebody else, a rule of its own for such districts stands before the one
    for the whole city.

    :param counts: rows of classifier node, district (if known), organisation and number of requests
    """
    by_category: dict[int, Counter[int]] = defaultdict(Counter)
    by_district: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    for category, district, owner, count in counts:
        by_category[category][owner] += count
        if district:
            by_district[category, district][owner] += count
    usual = {category: _most_frequent(owners) for category, owners in by_category.items()}
    apart: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for (category, district), owners in sorted(by_district.items()):
        owner = _most_frequent(owners)
        if owner != usual[category]:
            apart[category][owner].append(district)
    plan = []
    for category, owner in usual.items():
        plan += [OwnerRule(category, tuple(districts), other) for other, districts in apart[category].items()]
        plan.append(OwnerRule(category, (), owner))
    return plan


def _most_frequent(owners: Counter[int]) -> int:
    """Return who had most; of equals the one with the lowest id, so that the same counts give the same rules."""
    return min(owners, key=lambda owner: (-owners[owner], owner))
