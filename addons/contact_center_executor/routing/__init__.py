"""Who gets a request: plain Python that knows rules and facts, and nothing of Odoo.

* ``Matcher(rules).find(facts)`` gives the first rule all of whose conditions hold.
* ``misses`` says which rules came near and what they lacked, ``covered`` which rules are never reached.
* ``plan_by_owners`` makes rules out of who executed requests so far.

Records are known here by their ids. A ``Matcher`` may be kept and shared between threads: it never changes.
"""

from .matcher import CONDITIONS, Facts, Matcher, Miss, Rule
from .owners import OwnerRule, plan_by_owners
from .window import Window

__all__ = ["CONDITIONS", "Facts", "Matcher", "Miss", "OwnerRule", "Rule", "Window", "plan_by_owners"]
