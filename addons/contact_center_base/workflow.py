"""The request workflow: which moves exist, who may make them, what they must carry.

This table is the only place that decides. Forms, kanban drags, RPC calls and imports all end in
``contact.center.request._transition``, which asks :func:`find_transition`.

Sources: RO-4.3 to RO-4.5 (states and who sets them), KR-8.2.3 and KR-8.3 (long-term plan, proposal to close),
KR-9.2.4 and MA-4.1.4 (return for rework without taking the request off control).
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

OPEN_STATES = ("new", "in_progress", "waiting", "proposed", "rework", "planned")
FINISHED_STATES = ("done", "closed")
STATES = OPEN_STATES + FINISHED_STATES

# Overdue figures leave these out: nobody at the centre or at the executor can act on the term now.
UNCLOCKED_STATES = ("planned", "done", "closed")

#: Roles from the junior to the senior; an event names the most junior role that was enough for the move.
ROLES = ("applicant", "executor", "executor_head", "operator", "supervisor", "head", "control_body", "system")

_CENTRE = frozenset({"operator", "supervisor", "head", "system"})
_SENIOR = frozenset({"supervisor", "head", "system"})
_EXECUTOR = frozenset({"executor", "executor_head"})
_CONTROL = frozenset({"control_body"})
#: Who brought the matter, on the public pages or in the cabinet; nobody holds this role by a group.
_APPLICANT = frozenset({"applicant"})

#: Why a request ended without being solved -> who may say so. RO-4.4b leaves "cannot be solved" to the control body.
CLOSING_REASONS = {
    "cannot_solve": _CONTROL | {"system"},  # by the system: what is linked to such a request ends with it
    "duplicate": _CENTRE,
    "withdrawn": _CENTRE | _APPLICANT,
    "not_competent": _CENTRE,
    "no_answer": _CENTRE,
}


@dataclass(frozen=True)
class Transition:
    """One allowed move.

    :param requires: names of what the move must carry: fields of the request, or ``comment`` for the reason
        written into the event.
    """

    source: str
    target: str
    roles: frozenset
    requires: tuple = ()


class Move(NamedTuple):
    """One line of a history brought from elsewhere: the state entered, when (naive, in UTC), why and who did it.

    :param user_id: who made the move, by default whoever brings the history.
    :param role: in which of ``ROLES``.
    """

    state: str
    date: datetime
    comment: str | None = None
    user_id: int | None = None
    role: str = "system"


_RESULT = ("result", "informed_by")
_CLOSING = ("closing_reason", "result", "informed_by")


def _moves(sources, target, roles, requires=()):
    return [Transition(source, target, frozenset(roles), requires) for source in sources]


TRANSITIONS = tuple(
    _moves(("new", "rework"), "in_progress", _CENTRE | _EXECUTOR)
    # The applicant's answer to a question lets the work go on (RO-4.4a).
    + _moves(("waiting",), "in_progress", _CENTRE | _EXECUTOR | _APPLICANT)
    + _moves(("planned",), "in_progress", _SENIOR | _CONTROL)
    # An executor takes a proposal back before the centre has looked at it.
    + _moves(("proposed",), "in_progress", _CENTRE | _EXECUTOR, ("comment",))
    + _moves(("new", "in_progress", "rework"), "waiting", _CENTRE)
    + _moves(("in_progress", "rework"), "proposed", _CENTRE | _EXECUTOR, _RESULT)
    # The centre answers by itself what needs no executor (KP-3.2), and agrees to an executor's proposal (KR-9.2.4).
    + _moves(("new", "in_progress", "waiting", "proposed", "rework"), "done", _CENTRE, _RESULT)
    + _moves(("proposed", "done"), "rework", _CENTRE, ("comment",))
    + _moves(
        ("new", "in_progress", "waiting", "proposed", "rework"), "planned", _CONTROL, ("plan_year", "plan_document")
    )
    + _moves(OPEN_STATES, "closed", _CENTRE | _CONTROL | _APPLICANT, _CLOSING)
    # A request closed by mistake is opened again by a senior, with the reason.
    + _moves(("closed",), "rework", _SENIOR, ("comment",))
)

_BY_MOVE = {(transition.source, transition.target): transition for transition in TRANSITIONS}


def find_transition(source, target):
    """Return the :class:`Transition` from one state to another, or ``None`` when there is no such move."""
    return _BY_MOVE.get((source, target))


def acting_role(transition, roles, closing_reason=None):
    """Return the role in which somebody holding ``roles`` makes the move, or ``None`` when none is enough.

    :param set roles: role codes held by the actor.
    :param closing_reason: the reason given, for moves to ``closed``; it narrows who may close.
    """
    allowed = transition.roles
    if transition.target == "closed" and closing_reason in CLOSING_REASONS:
        allowed = allowed & CLOSING_REASONS[closing_reason]
    return next((role for role in ROLES if role in roles and role in allowed), None)


def first_illegal_move(path):
    """Return the first ``(source, target)`` pair of a history that no transition allows, or ``None``.

    :param path: states in the order in which they were entered, the first of them ``new``.
    """
    return next((move for move in pairwise(path) if move not in _BY_MOVE), None)


def last_return(moves):
    """Return when a matter was returned for rework the last time, after which its term ran anew, or ``None``.

    :param moves: :class:`Move` rows of a history, in their order.
    """
    returns = [move.date for before, move in pairwise(moves) if move.state == "rework" and before.state != "closed"]
    return returns[-1] if returns else None
