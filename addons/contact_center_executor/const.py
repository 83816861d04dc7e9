"""Selections and limits shared by several models; the labels are translated where a field uses them."""

EXECUTOR_KINDS = [
    ("department", "Department of the city"),
    ("district", "District administration"),
    ("utility", "Utility"),
    ("institution", "Institution"),
    ("private", "Private company"),
]

ASSIGNMENT_STATES = [
    ("new", "New"),
    ("accepted", "Accepted"),
    ("in_progress", "In progress"),
    ("rework", "Rework"),
    ("proposed", "Proposed to close"),
    ("done", "Done"),
    ("withdrawn", "Withdrawn"),
]
ASSIGNMENT_ROLES = [("lead", "Lead"), ("co", "Co-executor")]

#: How often somebody wants to be written to about ordinary matters.
DIGESTS = [("at_once", "At once"), ("hourly", "Once an hour"), ("daily", "Once a day")]

#: RO-4.4b: days in which the executor says why a matter can't be solved.
JUSTIFICATION_DAYS = 30
