"""The one list of personal data in the models of this addon (KP-3.10); addons that build on it add theirs.

It says what is emptied or deleted when a request or a person is erased, and what of it a person gets a copy of. Every
text field of a model is either named here or, with a reason, among ``NOT_PERSONAL``.
"""

from dataclasses import dataclass, field

#: Kinds of personal fields.
NAME, PHONE, EMAIL, PLACE, WORDS, IDENTIFIER, INDEX, PERSON = (
    "name",
    "phone",
    "email",
    "place",
    "words",
    "identifier",
    "index",
    "person",
)


@dataclass(frozen=True)
class PersonalData:
    """What is personal in a model, and whose it is.

    :param fields: ``{name: kind}`` of stored fields; erasing empties them.
    :param request: path of fields from a row to the request it belongs to, ``"id"`` for the request itself.
    :param person: path of fields from a row to the person it is about, where it isn't by the request only.
    :param contacts: fields with a phone number or an e-mail address by which rows of a person are found, too.
    :param kept: domain of the rows in which ``contacts`` stay, because they are needed by law as long as it holds.
    :param row: whether the whole row goes and not just the fields.
    :param copied: whether a person who asks for a copy gets these rows: what staff wrote among themselves isn't in it.
    """

    fields: dict = field(default_factory=dict)
    request: str = ""
    person: str = ""
    contacts: tuple = ()
    kept: tuple = ()
    row: bool = False
    copied: bool = False


PERSONAL = {
    "contact.center.request": PersonalData(
        {
            "partner_id": PERSON,
            "phone": PHONE,
            "email": EMAIL,
            "description": WORDS,
            "answers": WORDS,
            "result": WORDS,
            "house": PLACE,
            "flat": PLACE,
            "place_note": PLACE,
            "latitude": PLACE,
            "longitude": PLACE,
            "media_url": IDENTIFIER,
            "submission_key": INDEX,
            "search_terms": INDEX,
        },
        request="id",
        copied=True,
    ),
    # Comments of the history are emptied by a door of their own, see contact.center.request.event.
    "contact.center.request.event": PersonalData({"comment": WORDS}),
    "contact.center.clock.interval": PersonalData({"reason": WORDS}, request="request_id"),
    "contact.center.question": PersonalData({"text": WORDS, "answer": WORDS}, request="request_id", copied=True),
    # Before those who get them.
    "contact.center.notice": PersonalData(
        {"partner_id": PERSON, "address": IDENTIFIER, "text": WORDS, "reason": WORDS},
        request="request_id",
        person="partner_id",
        row=True,
        copied=True,
    ),
    "contact.center.rating": PersonalData(
        {"comment": WORDS, "missing": WORDS, "decision": WORDS}, request="request_id", copied=True
    ),
    "contact.center.participant": PersonalData(
        {"partner_id": PERSON, "note": WORDS, "submission_key": INDEX},
        request="request_id",
        person="partner_id",
        row=True,
        copied=True,
    ),
    "contact.center.consent": PersonalData(
        {"partner_id": PERSON}, request="request_id", person="partner_id", row=True, copied=True
    ),
    "contact.center.call": PersonalData(
        {"partner_id": PERSON, "number": PHONE, "pbx_call_id": IDENTIFIER, "recording_url": IDENTIFIER},
        request="request_id",
        person="partner_id",
        contacts=("number",),
        copied=True,
    ),
    "contact.center.phone": PersonalData(
        {"partner_id": PERSON, "number": PHONE, "note": WORDS}, person="partner_id", row=True, copied=True
    ),
    "contact.center.confirmed.contact": PersonalData(
        {"value": IDENTIFIER}, person="user_id.partner_id", row=True, copied=True
    ),
    "contact.center.blocked.number": PersonalData(
        {
            "partner_id": PERSON,
            "number": PHONE,
            "statement": WORDS,
            "rejection_reason": WORDS,
            "lift_reason": WORDS,
        },
        person="partner_id",
        contacts=("number",),
        # Whoever threatens operators isn't let in again by asking to be erased (KR-5.7).
        kept=(("state", "in", ("approved", "blocked")),),
        copied=True,
    ),
    # Files with requests of other systems and what was rejected of them: see contact.center.import.
    "contact.center.import": PersonalData({"file": WORDS, "file_name": WORDS, "message": WORDS}),
    "contact.center.import.error": PersonalData({"reason": WORDS, "cells": WORDS}, row=True),
    # Emptied when it is done or, if refused, with the person.
    "contact.center.erasure": PersonalData({"refusal": WORDS}, person="partner_ids"),
    # Dialogs: they are gone after hours, but that may be too late.
    "contact.center.ask": PersonalData({"text": WORDS, "answer": WORDS}, request="request_id", row=True),
    "contact.center.extend": PersonalData({"reason": WORDS}, request="request_ids", row=True),
    "contact.center.rating.decide": PersonalData(
        {"comment": WORDS, "reason": WORDS}, request="rating_id.request_id", row=True
    ),
    "contact.center.transition": PersonalData({"comment": WORDS, "result": WORDS}, request="request_ids", row=True),
    "contact.center.call.refuse": PersonalData(
        {"number": PHONE, "statement": WORDS}, request="call_id.request_id", contacts=("number",), row=True
    ),
}

#: Text fields that tell nothing of applicants; a whole model by ``"*"``.
NOT_PERSONAL = {
    # Figures, numbers and documents of the city. The number in another system keeps its requests from coming twice.
    "contact.center.request": {"number", "source_system", "source_number", "plan_document"},
    "contact.center.public.figure": {"*"},
    "contact.center.request.report": {"*"},
    "contact.center.call": {"line"},
    "contact.center.call.report": {"*"},
    "contact.center.transition": {"plan_document"},
    # The city's own knowledge, lists and settings.
    "contact.center.article": {"*"},
    "contact.center.article.version": {"*"},
    "contact.center.category": {"*"},
    "contact.center.category.export": {"*"},
    "contact.center.category.import": {"*"},
    "contact.center.category.questions.line": {"*"},
    "contact.center.consent": {"lang"},
    "contact.center.consent.text": {"*"},
    "contact.center.dataset": {"*"},
    "contact.center.dataset.file": {"*"},
    "contact.center.deadline.rule": {"*"},
    "contact.center.district": {"*"},
    "contact.center.holiday.load": {"*"},
    "contact.center.import": {"checksum", "header"},
    "contact.center.import.column": {"*"},
    "contact.center.import.profile": {"*"},
    "contact.center.import.value": {"*"},
    "contact.center.retention.rule": {"*"},
    "contact.center.notice.setting": {"*"},
    "contact.center.stage": {"*"},
    "contact.center.tombstone": {"*"},
    "contact.center.street": {"*"},
    "contact.center.street.segment": {"*"},
    "contact.center.synonym": {"*"},
    # Of the programs that bring requests and of their makers.
    "contact.center.api.key": {"*"},
    # Of colleagues at the centre.
    "contact.center.access.log": {"*"},
    "contact.center.erasure": {"contact", "counts"},
    "contact.center.lending": {"*"},
    "contact.center.blocked.number.step": {"*"},
    # Kept as keyed hashes only.
    "contact.center.rate.limit": {"*"},
    "contact.center.confirmation": {"*"},
    # Words without digits and addresses, of nobody and no minute.
    "contact.center.knowledge.search": {"*"},
    # Numbers of requests, for a day.
    "contact.center.desk.receipt": {"*"},
}
