"""The moves of an assignment: which exist, who may make them, what they must carry.

Forms, bulk actions, the portal, mails and RPC calls all end in ``contact.center.assignment._move``, which asks
:func:`find_transition`. What an assignment's move means for its request is in ``contact.center.assignment`` too.

Sources: RO-4.3 (accepting, who executes, In progress), KR-7.5 (what a result holds), KR-8.3 (proposal to close),
KR-9.2.4 and MA-4.1.4 (agreeing, returning for rework).
"""

from odoo.addons.contact_center_base.workflow import Transition

#: The executor still has something to do.
WORKING_STATES = ("new", "accepted", "in_progress", "rework")
OPEN_STATES = (*WORKING_STATES, "proposed")
FINISHED_STATES = ("done", "withdrawn")
STATES = (*OPEN_STATES, *FINISHED_STATES)

#: In the context it says that a request is moved by its lead's assignment. Clients can't send it: it is no text.
BY_LEAD = object()

_CENTRE = frozenset({"operator", "supervisor", "head", "system"})
_EXECUTOR = frozenset({"executor", "executor_head"})

#: KR-7.5: what an answer by an executor consists of.
RESULT_FIELDS = ("result", "result_unit", "result_person", "result_phone", "result_date", "informed_by")


def _moves(sources, target, roles, requires=()):
    return [Transition(source, target, frozenset(roles), requires) for source in sources]


# The centre makes an executor's moves too: executors without access to the portal work by phone (MA-5.1).
TRANSITIONS = tuple(
    _moves(("new",), "accepted", _EXECUTOR | _CENTRE)
    + _moves(("new", "accepted", "rework"), "in_progress", _EXECUTOR | _CENTRE, ("responsible_id",))
    + _moves(("accepted", "in_progress", "rework"), "proposed", _EXECUTOR | _CENTRE, RESULT_FIELDS)
    # An executor takes a proposal back before the centre has looked at it.
    + _moves(("proposed",), "in_progress", _EXECUTOR | _CENTRE, ("comment",))
    + _moves(("proposed",), "done", _CENTRE)
    + _moves(("proposed", "done"), "rework", _CENTRE, ("comment",))
    + _moves(OPEN_STATES, "withdrawn", _CENTRE | {"control_body"}, ("comment",))
)

_BY_MOVE = {(transition.source, transition.target): transition for transition in TRANSITIONS}


def find_transition(source, target):
    """Return the transition from one state to another, or ``None`` when there is no such move."""
    return _BY_MOVE.get((source, target))
