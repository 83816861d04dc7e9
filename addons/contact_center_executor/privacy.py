"""Personal data in the models of this addon, see ``privacy.py`` of ``contact_center_base`` (KP-3.10)."""

from odoo.addons.contact_center_base.privacy import NAME, PHONE, WORDS, PersonalData

PERSONAL = {
    "contact.center.assignment": PersonalData(
        {
            "instruction": WORDS,
            "routing_note": WORDS,
            "result": WORDS,
            # Of the official who did it; it says who was at the applicant's.
            "result_person": NAME,
            "result_phone": PHONE,
        },
        request="request_id",
    ),
    "contact.center.dispatch.contact": PersonalData(
        {"called": NAME, "note": WORDS}, request="assignment_id.request_id"
    ),
    "contact.center.escalation": PersonalData({"told_to": NAME}, request="assignment_id.request_id"),
    "contact.center.explanation": PersonalData(
        {"text": WORDS, "answer_text": WORDS}, request="assignment_id.request_id"
    ),
    "contact.center.notification": PersonalData({"text": WORDS}, request="assignment_id.request_id", row=True),
    "contact.center.petition": PersonalData({"reason": WORDS, "decision": WORDS}, request="request_id"),
    # Dialogs: they are gone after hours, but that may be too late.
    "contact.center.assign": PersonalData({"instruction": WORDS, "reason": WORDS}, request="request_ids", row=True),
    "contact.center.explanation.answer": PersonalData(
        {"answer_text": WORDS}, request="explanation_id.assignment_id.request_id", row=True
    ),
    "contact.center.explanation.demand": PersonalData({"text": WORDS}, request="assignment_id.request_id", row=True),
    "contact.center.petition.decide": PersonalData(
        {"comment": WORDS, "instruction": WORDS, "result": WORDS}, request="petition_id.request_id", row=True
    ),
    "contact.center.petition.file": PersonalData({"reason": WORDS}, request="assignment_id.request_id", row=True),
    "contact.center.result": PersonalData(
        {"result": WORDS, "result_person": NAME, "result_phone": PHONE}, request="assignment_id.request_id", row=True
    ),
    "contact.center.review": PersonalData({"reason": WORDS}, request="assignment_ids.request_id", row=True),
}

NOT_PERSONAL = {
    "contact.center.assignment": {"number", "result_unit"},
    "contact.center.petition": {"plan_document"},
    "contact.center.petition.decide": {"plan_document"},
    "contact.center.petition.file": {"plan_document"},
    "contact.center.result": {"result_unit"},
    # The city's executors, their works and rules, and officials by their function.
    "contact.center.control.area": {"*"},
    "contact.center.executor": {"*"},
    "contact.center.indicators": {"*"},
    "contact.center.indicators.line": {"*"},
    "contact.center.portal.access": {"*"},
    "contact.center.responsible": {"*"},
    "contact.center.routing.rule": {"*"},
    "contact.center.routing.simulator": {"*"},
    "contact.center.works": {"*"},
    "contact.center.works.cancel": {"*"},
}
