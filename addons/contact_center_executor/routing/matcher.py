"""Which rule gets a request: the first one, in their order, all of whose conditions hold."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import NamedTuple

from .window import ALWAYS, Window

#: What a rule may demand, in the order in which people ask for it.
CONDITIONS = ("category", "district", "street", "class", "dates", "weekdays", "hours", "working")


@dataclass(frozen=True)
class Facts:
    """What matters of a request.

    :param categories: its classifier node and those above it, the nearest first; empty without a node
    :param moment: when it is sent out, in the local time of the city
    :param working: whether the centre works at that moment
    """

    categories: tuple[int, ...]
    district: int | None
    street: int | None
    request_class: str
    moment: datetime
    working: bool = True


@dataclass(frozen=True)
class Rule:
    """The conditions of a rule; one that isn't given always holds.

    :param paths: classifier nodes with those above each, the node first; a rule is for the nodes below them too
    """

    id: int
    paths: tuple[tuple[int, ...], ...] = ()
    districts: frozenset[int] = frozenset()
    streets: frozenset[int] = frozenset()
    request_class: str | None = None
    window: Window = ALWAYS

    @cached_property
    def categories(self) -> frozenset[int]:
        return frozenset(path[0] for path in self.paths)

    def lacks(self, facts: Facts) -> Iterator[str]:
        """Yield the :data:`CONDITIONS` that don't hold."""
        if self.categories and self.categories.isdisjoint(facts.categories):
            yield "category"
        if self.districts and facts.district not in self.districts:
            yield "district"
        if self.streets and facts.street not in self.streets:
            yield "street"
        if self.request_class and self.request_class != facts.request_class:
            yield "class"
        yield from self.window.lacks(facts.moment, facts.working)

    def holds(self, facts: Facts) -> bool:
        """Tell whether all conditions hold."""
        return next(self.lacks(facts), None) is None

    def covers(self, other: Rule) -> bool:
        """Tell whether this rule holds for every request for which the other one does."""
        return (
            self._covers_categories(other)
            and _covers_places(self.districts, other.districts)
            and _covers_places(self.streets, other.streets)
            and self.request_class in (None, other.request_class)
            and self.window.covers(other.window)
        )

    def _covers_categories(self, other: Rule) -> bool:
        if not self.categories:
            return True
        return bool(other.paths) and not any(self.categories.isdisjoint(path) for path in other.paths)


class Miss(NamedTuple):
    """A rule that came near, and the conditions it lacked."""

    rule: Rule
    lacks: tuple[str, ...]


class Matcher:
    """Rules in their order, found by classifier node and district.

    :param rules: the first one that holds wins
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        #: Whether it matters to any rule that the centre works.
        self.asks_working = any(rule.window.working for rule in self.rules)
        self._positions: dict[tuple[int | None, int | None], list[int]] = defaultdict(list)
        for position, rule in enumerate(self.rules):
            for key in product(rule.categories or (None,), rule.districts or (None,)):
                self._positions[key].append(position)

    def find(self, facts: Facts) -> Rule | None:
        """Return the first rule that holds, if there is one."""
        keys = product((*facts.categories, None), {facts.district, None})
        candidates = [self._positions[key] for key in keys if key in self._positions]
        rules = (self.rules[position] for position in heapq.merge(*candidates))
        return next((rule for rule in rules if rule.holds(facts)), None)

    def misses(self, facts: Facts, limit: int) -> list[Miss]:
        """Return the rules for the topic, before the one that wins, which lacked least, the nearest first."""
        missed = []
        for rule in self.rules:
            lacks = tuple(rule.lacks(facts))
            if not lacks:
                break
            if "category" not in lacks:
                missed.append(Miss(rule, lacks))
        return heapq.nsmallest(limit, missed, key=lambda miss: len(miss.lacks))

    @cached_property
    def covered(self) -> dict[int, int]:
        """Rules that are never reached, each with an earlier rule that takes all its requests, by their ids."""
        found = {}
        for position, rule in enumerate(self.rules):
            earlier = next((other for other in self.rules[:position] if other.covers(rule)), None)
            if earlier:
                found[rule.id] = earlier.id
        return found


def _covers_places(wide: frozenset[int], narrow: frozenset[int]) -> bool:
    return not wide or (bool(narrow) and narrow <= wide)
