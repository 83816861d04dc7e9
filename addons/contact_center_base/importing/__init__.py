"""Requests from another system's tables: from the cells of a row to a request with its history.

``values`` reads single cells and ``mapping`` whole rows, both plain Python; ``directory`` finds what a row names
(nodes, districts, streets, executors) among the records of a city.
"""

from .directory import Directory
from .mapping import NAMED_TARGETS, TARGETS, Draft, Outcome, RowMapping, placeholders
from .values import RowError, explain

__all__ = [
    "NAMED_TARGETS",
    "TARGETS",
    "Directory",
    "Draft",
    "Outcome",
    "RowError",
    "RowMapping",
    "explain",
    "placeholders",
]
