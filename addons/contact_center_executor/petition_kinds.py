"""What executors may petition for (KR-8.2, RO-4.4b): what each petition holds, who decides, what the decision carries.

The model ``contact.center.petition`` asks this table; it needs no database.
"""

from dataclasses import dataclass

#: The centre sends requests to executors (MA-3.1.2), so whoever assigns decides on other executors.
_CENTRE = frozenset({"operator", "supervisor", "head", "system"})
#: Terms are extended by a supervisor.
_SENIOR = frozenset({"supervisor", "head", "system"})
#: RO-4.4b, KR-8.2.3: what ends a matter unsolved or puts it off for years is up to the control body.
_CONTROL = frozenset({"control_body"})

STATES = [
    ("to_confirm", "To be confirmed by the executor's head"),
    ("submitted", "Submitted"),
    ("granted", "Granted"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
OPEN_STATES = ("to_confirm", "submitted")


@dataclass(frozen=True)
class Kind:
    """One kind of petition.

    :param label: its name in English.
    :param deciders: roles one of which decides.
    :param needs: fields that it must fill besides the reason.
    :param may: fields that it may fill.
    :param evidence: whether acts, notes or photos must be attached.
    :param by_co: whether a co-executor may file it too; else the lead only, whom the request follows.
    :param in_plan: whether it makes sense while the request is in the long-term plan, where its clock stands still.
    :param decides: values that the decision may carry.
    """

    label: str
    deciders: frozenset
    needs: tuple = ()
    may: tuple = ()
    evidence: bool = True
    by_co: bool = False
    in_plan: bool = False
    decides: tuple = ()

    @property
    def fields(self):
        """Names of all fields that such a petition fills besides the reason."""
        return (*self.needs, *self.may)


KINDS = {
    "executor": Kind(
        "Other or additional executor",
        _CENTRE,
        needs=("change",),
        may=("proposed_executor_id",),
        evidence=False,
        by_co=True,
        in_plan=True,
        decides=("change", "executor_id", "instruction"),
    ),
    "extension": Kind("Additional control", _SENIOR, needs=("until",), may=("responsible_id",), decides=("until",)),
    "extension_again": Kind(
        "Additional control after a missed one", _SENIOR, needs=("until",), may=("responsible_id",), decides=("until",)
    ),
    "long_term_plan": Kind(
        "Long-term plan",
        _CONTROL,
        needs=("plan_year", "plan_document"),
        decides=("plan_year", "plan_document"),
    ),
    "cannot_solve": Kind("Cannot be solved", _CONTROL, in_plan=True, decides=("result", "informed_by")),
}

#: The decisions of the control body.
CONTROL_KINDS = tuple(code for code, kind in KINDS.items() if kind.deciders == _CONTROL)


def family(code):
    """Return the kind by which a petition is counted: of additional control, the first and a further one are one."""
    return "extension" if code == "extension_again" else code
