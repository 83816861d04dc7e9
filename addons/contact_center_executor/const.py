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

#: Columns of an executor's board, in the order in which they are worked off.
BOARD_COLUMNS = [
    ("overdue", "Overdue"),
    ("rework", "Rework"),
    ("due_soon", "Due soon"),
    ("new", "New"),
    ("in_progress", "In progress"),
    ("proposed", "Proposed to close"),
    ("plan", "Long-term plan"),
]

#: Roles of executors' people in the portal, and what they are in forms.
PORTAL_GROUPS = {
    "operator": "contact_center_executor.group_executor",
    "head": "contact_center_executor.group_executor_head",
}
PORTAL_ROLES = [("operator", "Operator"), ("head", "Head")]

#: How often somebody wants to be written to about ordinary matters.
DIGESTS = [("at_once", "At once"), ("hourly", "Once an hour"), ("daily", "Once a day")]

#: RO-4.4b: days in which the executor says why a matter can't be solved.
JUSTIFICATION_DAYS = 30

#: What the system tells of by itself when nobody acts, in the order in which it gets serious.
ESCALATION_STEPS = [
    ("unseen", "Nobody has opened it for a working day"),
    ("head_unaware", "The executor's head hasn't seen it for a working day"),
    ("unaccepted", "Not accepted in time"),
    ("overdue", "Overdue"),
    ("still_overdue", "Overdue for days"),
    ("unjustified_soon", "To be solved or justified soon"),
    ("unjustified", "Neither solved nor justified in 30 days"),
    ("undecided", "Petition not decided in time"),
    ("unexplained", "Explanation not given in time"),
    ("unreviewed", "Proposal to close not considered in time"),
]
#: What people are written to about.
NEWS_KINDS = [
    ("assigned", "New assignment"),
    ("accepted", "Accepted"),
    ("in_progress", "In progress"),
    ("proposed", "Proposed to close"),
    ("rework", "Returned for rework"),
    ("done", "Done"),
    ("withdrawn", "Taken back by the centre"),
    ("comment", "Comment"),
    ("petition_to_confirm", "Petition to be confirmed by the head"),
    ("petition", "Decision on a petition"),
    ("explanation", "Explanation demanded"),
    *ESCALATION_STEPS,
]
#: News for the heads of an executor, also when one of its operators made them.
NEWS_FOR_HEADS = ("petition_to_confirm",)
#: News written about at once, whatever the reader wishes, at any hour: KR-10.3, and what has waited for working hours.
URGENT_NEWS = {"rework", *(step for step, _label in ESCALATION_STEPS if step != "unseen")}

#: KR-8.1.6 and KR-2.8: repair works, and important events that are announced in the same way.
WORKS_KINDS = [("planned", "Planned works"), ("emergency", "Emergency works"), ("event", "Event")]
WORKS_STATES = [
    ("announced", "Announced"),
    ("under_way", "Under way"),
    ("overdue", "End not reported"),
    ("ended", "Ended"),
    ("cancelled", "Cancelled"),
]
UTILITIES = [
    ("water", "Cold water"),
    ("hot_water", "Hot water"),
    ("heating", "Heating"),
    ("electricity", "Electricity"),
    ("gas", "Gas"),
    ("sewerage", "Sewerage"),
    ("lift", "Lifts"),
    ("lighting", "Street lighting"),
    ("road", "Roads and pavements"),
    ("transport", "Public transport"),
    ("waste", "Waste"),
    ("greenery", "Trees and greenery"),
    ("telecom", "Telephone and internet"),
    ("other", "Other"),
]
#: The last house number of a street of which all houses are meant.
LAST_NUMBER = 9999
