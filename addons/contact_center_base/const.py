"""Selections shared by several models; the labels are translated where a field uses them."""

#: RO-1.4: a report is not a statutory appeal unless marked as one; each class has its own clock.
REQUEST_CLASSES = [
    ("request", "Request"),
    ("consultation", "Consultation"),
    ("complaint", "Complaint"),
    ("proposal", "Proposal"),
    ("appeal", "Statutory appeal"),
    ("public_information", "Public-information request"),
]
#: Their terms come from law, so a category can't shorten or stretch them.
STATUTORY_CLASSES = ("appeal", "public_information")

#: PO-6.1a: every way by which a resident reaches the one point of contact.
CHANNELS = [
    ("phone", "Phone"),
    ("web", "Web form"),
    ("portal", "Portal"),
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("messenger", "Messenger"),
    ("api", "Other system (API)"),
    ("in_person", "In person"),
    ("paper", "Paper"),
    ("field", "Own staff in the field"),
]
#: What may be shown to everybody; the rest is between the city and who turned to it.
PUBLIC_CLASSES = ("request", "proposal")
#: Channels by which the applicant chooses the topic and is asked for a photo at once. Who writes a mail or chats
#: chooses none, and an operator who does must not be stopped.
SELF_SERVICE_CHANNELS = ("web", "portal", "api")
#: Decimal places of degrees that strangers are shown: about ten metres, a house and not a flat.
PUBLIC_DIGITS = 4

PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Emergency")]
EMERGENCY = "3"

#: How an applicant is, wants to be or was informed (KR-7.5).
INFORM_CHANNELS = [
    ("phone", "Phone"),
    ("sms", "SMS"),
    ("email", "E-mail"),
    ("portal", "Portal"),
    ("messenger", "Messenger"),
    ("in_person", "In person"),
    ("letter", "Letter"),
]
INFORMED_BY = [*INFORM_CHANNELS, ("not_possible", "Not possible (no contact left)")]

CLOSING_REASONS = [
    ("cannot_solve", "Cannot be solved"),
    ("duplicate", "Duplicate"),
    ("withdrawn", "Withdrawn by the applicant"),
    ("not_competent", "Not within the city's competence"),
    ("no_answer", "The applicant did not answer"),
]

#: How satisfied an applicant is with the work on a request (KR-10.1).
STARS = [
    ("0", "Not rated"),
    ("1", "Very bad"),
    ("2", "Bad"),
    ("3", "Neither good nor bad"),
    ("4", "Good"),
    ("5", "Very good"),
]

#: Languages in which articles are written and residents are answered.
LANGUAGES = [("uk", "Ukrainian"), ("pl", "Polish"), ("en", "English")]

#: What a city asks of those who report by themselves.
WEB_CONTACTS = [
    ("optional", "May be left out"),
    ("required", "A phone or an e-mail"),
    ("confirmed", "A phone or an e-mail, confirmed by a code"),
]
