from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import plaintext2html

from .. import workflow
from ..files import check_files, find_type

#: The longest text of an applicant, in characters, and how many files come with it.
TEXT_LIMIT = 5_000
FILES_LIMIT = 10
#: How an applicant can ask to be informed on the page; "portal" is by looking there.
INFORM_CHOICES = ("email", "sms", "phone", "portal")
#: Pictures that browsers show and that hold no code.
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
#: What an applicant wrote or was written, in the chatter of the request.
SAID = ("comment", "email", "email_outgoing")


class ContactCenterFollowMixin(models.AbstractModel):
    """What those who brought or joined a request see of it and do, on the page of the link and in the cabinet.

    A *person* is what ``contact.center.applicant.mixin`` says. Whoever isn't the applicant joined and sees of the
    request what everybody may, its state and its result. Of a restricted one all see the number, state and result.
    Who may call these methods was checked before: they are given requests with the rights of the system.
    """

    _name = "contact.center.follow.mixin"
    _description = "Following Requests"

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    def _read_for_applicant(self, person):
        """Return what a person may know of this one request, for its page.

        Moments are naive in UTC; lists of files hold ``{"id", "name", "picture"}``; ``acts`` names what the person
        may do: ``answer``, ``withdraw``, ``comment``, ``inform``, ``leave``.
        """
        self.ensure_one()
        values = {**self._get_empty_reading(), **self._read_state(person)}
        if self.restricted:
            return values
        is_owner = values["is_owner"]
        if is_owner:
            values.update(self._read_own())
        elif self.is_public:
            values.update(self._read_joined())
        return {
            **values,
            **self._read_clock(is_owner),
            "executor": self.owner_id.name or "",
            "executor_facts": self._get_executor_facts() if is_owner and values["ended"] else [],
            "result_files": self._describe_files(self._get_result_files()) if values["ended"] else [],
            "timeline": self._read_timeline(is_owner),
            "comments": self._read_comments(person),
            "article": self._read_article(),
        }

    def _read_list(self, user):
        """Return what the holder of an account sees of many own requests in a list, one dictionary each."""
        states = dict(self._fields["state"]._description_selection(self.env))
        partners = self._find_own(user)[1]
        rows = []
        for request in self:
            person = request._choose_person(partners)
            is_owner = person == request.partner_id
            open_deadline = request.state in workflow.OPEN_STATES and request.deadline
            rows.append(
                {
                    "id": request.id,
                    "number": request.number,
                    "category": request.category_id.name if is_owner or request.is_public else "",
                    "address": request._get_public_address() if is_owner or request.is_public else "",
                    "state": request.state,
                    "state_label": states[request.state],
                    "registered": request.registered_at,
                    "zone": str(request.company_id._get_time_zone()),
                    "city": request.company_id.city or request.company_id.name,
                    "deadline_text": request.deadline_text if open_deadline else "",
                    "joined": not is_owner,
                    "asked": is_owner and request.state == "waiting",
                }
            )
        return rows

    @api.model
    def _get_empty_reading(self):
        """Return the values of whatever a person may not know or what isn't there."""
        texts = ("category", "address", "text", "executor", "deadline_text")
        lists = ("files", "result_files", "executor_facts", "timeline", "comments")
        nothing = ("deadline", "extension", "article", "question", "latitude", "longitude")
        return {**dict.fromkeys(texts, ""), **{name: [] for name in lists}, **dict.fromkeys(nothing), "overdue": False}

    def _read_state(self, person):
        """Return of this one request what each of its people knows, also of a restricted one."""
        is_owner = person == self.partner_id
        ended = self.state in workflow.FINISHED_STATES
        informing = self._get_informing(person)
        return {
            "number": self.number,
            "city": self.company_id.city or self.company_id.name,
            "phone": self.company_id.phone or "",
            "zone": str(self.company_id._get_time_zone()),
            "restricted": self.restricted,
            "is_owner": is_owner,
            "state": self.state,
            "state_label": dict(self._fields["state"]._description_selection(self.env))[self.state],
            "state_text": self._get_state_text(is_owner),
            "ended": ended,
            "registered": self.registered_at,
            "finished": self.finished_at or None,
            "result": self.result or "" if ended else "",
            "joined": self.participant_count,
            "inform_by": informing.inform_by,
            "inform_choices": self._get_inform_choices(person),
            "acts": self._get_acts(person),
        }

    def _get_state_text(self, is_owner):
        """Return the state of this one request in a sentence that says what it means for whoever waits."""
        if self.state == "closed":
            reasons = dict(self._fields["closing_reason"]._description_selection(self.env))
            reason = reasons.get(self.closing_reason, "")
            return self.env._("It was closed: %s.", reason.lower())
        if self.state == "waiting" and not is_owner:
            return self.env._("The one who reported it was asked for more.")
        return {
            "new": self.env._("It is registered and will be given to whoever is responsible."),
            "in_progress": self.env._("Somebody is working on it."),
            "waiting": self.env._("We need more from you to go on."),
            "proposed": self.env._("The work is said to be done; the centre checks it."),
            "rework": self.env._("The result wasn't good enough and is being improved."),
            "planned": self.env._("It can't be solved at once and is in the long-term plan for %s.", self.plan_year),
            "done": self.env._("It is done."),
        }[self.state]

    def _read_own(self):
        """Return of this one request what its applicant said."""
        placed = self._has_coordinates()
        question = self.open_question_id
        return {
            "category": self.category_id.name or "",
            "address": self.address or "",
            "text": self.description or "",
            "latitude": self.latitude if placed else None,
            "longitude": self.longitude if placed else None,
            "files": self._describe_files(self.photo_ids),
            "question": {"text": question.text, "answer_by": question.answer_by} if question else None,
        }

    def _read_joined(self):
        """Return of this one request what everybody may know of what its applicant said."""
        public = self._prepare_public()
        shown = ("address", "text", "latitude", "longitude")
        files = self._describe_files(self.photo_ids) if self.publish_text else []
        return {**{name: public[name] for name in shown}, "category": self.category_id.name or "", "files": files}

    def _read_clock(self, is_owner):
        """Return the deadline of this one request as people speak, and why it was extended."""
        if self.state in workflow.FINISHED_STATES or not self.deadline:
            return {}
        extension = self.interval_ids.filtered(lambda row: row.kind == "extension")[-1:]
        text = self.deadline_text
        if self.clock_paused and self.state == "waiting":
            text = self.env._("the term stands still until the answer")
        return {
            "deadline": None if self.clock_paused else self.deadline,
            "deadline_text": text,
            "overdue": self.is_overdue,
            "extension": {"reason": extension.reason if is_owner else ""} if extension else None,
        }

    # Timeline

    def _read_timeline(self, is_owner):
        """Return the steps of this one request in plain words, the oldest first: ``date``, ``title``, ``text``."""
        steps = []
        for event in self.event_ids:
            title = self._get_step_title(event, is_owner)
            if title:
                text = event.comment if is_owner and event.kind in ("asked", "answered", "extended") else ""
                steps.append({"date": event.date, "title": title, "text": text or ""})
        return steps

    def _get_step_title(self, event, is_owner):
        """Return how an event of this one request reads for its people, or nothing for what is the centre's own."""
        if event.kind == "moved":
            return self._get_move_titles().get(event.state_to)
        titles = {
            "registered": self.env._("Registered"),
            "joined": self.env._("Somebody else reported the same"),
            "extended": self.env._("The term was extended"),
        }
        if is_owner:
            titles["asked"] = self.env._("We asked you for more")
            titles["answered"] = self.env._("Answer")
        return titles.get(event.kind)

    @api.model
    def _get_move_titles(self):
        """Return ``{state entered: what happened}``; the question itself tells of waiting."""
        return {
            "in_progress": self.env._("Taken into work"),
            "proposed": self.env._("Said to be done, the centre checks it"),
            "rework": self.env._("Sent back to be improved"),
            "planned": self.env._("Taken into the long-term plan"),
            "done": self.env._("Done"),
            "closed": self.env._("Closed"),
        }

    # Comments

    def _read_comments(self, person):
        """Return what a person of this one request wrote and was written, the oldest first."""
        messages = self._get_applicant_messages(person).sorted("date")
        return [
            {
                "date": message.date,
                "own": self._is_of_person(message, person),
                "author": self._get_author_label(message, person),
                "body": message.body,
                "files": self._describe_files(message.attachment_ids),
            }
            for message in messages
        ]

    def _get_applicant_messages(self, person):
        """Return the messages that a person of this one request wrote or was written; addons add theirs."""
        added = self.env.ref("contact_center_base.mt_from_applicant")
        own = Domain("subtype_id", "=", added.id) & Domain("author_id", "=", person.id)
        if person:
            open_ones = Domain("is_internal", "=", False) & Domain("subtype_id.internal", "=", False)
            open_ones = Domain("is_internal", "=", False) & Domain("subtype_id.internal", "=", False)
            written = Domain("message_type", "in", SAID) & open_ones
            # By mail the applicant answers what was sent to them.
            mine = Domain("author_id", "=", person.id) & Domain("message_type", "=", "email")
            own |= written & (mine | Domain("partner_ids", "in", person.ids))
        here = Domain("model", "=", self._name) & Domain("res_id", "=", self.id)
        return self.env["mail.message"].search(here & own)

    def _is_of_person(self, message, person):
        """Tell whether a person of this one request wrote a message."""
        return message.author_id == person and (
            bool(person) or message.subtype_id == self.env.ref("contact_center_base.mt_from_applicant")
        )

    def _get_author_label(self, message, person):
        """Return who wrote a message, for a person of this one request."""
        return self.env._("You") if self._is_of_person(message, person) else self.env._("Contact centre")

    # Files and articles

    def _get_result_files(self):
        """Hook: return the pictures that show the result of this one request; they belong to whoever executed it."""
        return self.env["ir.attachment"]

    def _get_executor_facts(self):
        """Hook: return ``[(label, text)]`` of who executed this one request, for its applicant."""
        return []

    @api.model
    def _describe_files(self, files):
        return [{"id": file.id, "name": file.name, "picture": file.mimetype in PICTURES} for file in files]

    def _get_file_for_applicant(self, person, file_id):
        """Return the file with an id if a person of this one request sees it there, else none."""
        row = self._read_for_applicant(person)
        shown = row["files"] + row["result_files"] + [file for comment in row["comments"] for file in comment["files"]]
        known = {file["id"] for file in shown}
        return self.env["ir.attachment"].browse(file_id if file_id in known else [])

    def _read_article(self):
        """Return the article from which this one request was answered, if residents may read it."""
        article = self.article_id
        if not (article.public and article.state == "published" and self.company_id.contact_center_code):
            return None
        url = f"/contact-center/{self.company_id.contact_center_code}/knowledge/{article.id}"
        return {"name": article.name, "url": url}

    # ------------------------------------------------------------
    # What a person may do
    # ------------------------------------------------------------

    def _get_acts(self, person):
        """Return what a person of this one request may do now."""
        is_owner, is_open = person == self.partner_id, self.state in workflow.OPEN_STATES
        acts = {"inform"}
        if is_open:
            acts.add("comment")
        if not is_owner:
            acts.add("leave")
        if is_owner and is_open and not (self.participant_ids or self.linked_request_ids):
            acts.add("withdraw")
        if is_owner and self.open_question_id and not self.restricted:
            acts.add("answer")
        return acts

    def _check_act(self, person, act):
        """Hold a person of this one request to what there is to do for them.

        :raises UserError: when it isn't possible any more.
        """
        if act not in self._get_acts(person):
            raise UserError(self.env._("That isn't possible any more: see below how things stand now."))

    def _check_text(self, text):
        """Return the text of an applicant.

        :raises UserError: when it is too long.
        """
        text = (text or "").strip()
        if len(text) > TEXT_LIMIT:
            raise UserError(self.env._("Your text is too long: write at most %s characters.", TEXT_LIMIT))
        return text

    def _create_applicant_files(self, files):
        """Keep files that a person sends for this one request, and return them.

        :param files: list of ``(name, content)``, the content as bytes.
        :raises UserError: for too many files and those that aren't taken.
        """
        if len(files) > FILES_LIMIT:
            raise UserError(self.env._("Send at most %s files at once.", FILES_LIMIT))
        check_files(self.env, files)
        rows = [
            {"name": name, "raw": content, "mimetype": find_type(content), "res_model": self._name, "res_id": self.id}
            for name, content in files
        ]
        return self.env["ir.attachment"].create(rows)

    def _answer_as_applicant(self, person, text, files=()):
        """Take the answer of the applicant of this one request to the open question, perhaps with photos (RO-4.4a).

        :raises UserError: without text and files, or when no question is open any more.
        """
        self._check_act(person, "answer")
        text = self._check_text(text)
        if not (text or files):
            raise UserError(self.env._("Write your answer or add a photo."))
        self._add_photos(files)
        self._as_applicant().answer_question(text or self.env._("See the photos."))

    def _comment_as_applicant(self, person, text, files=()):
        """Take what a person adds to this one request: a note for the staff, and photos.

        :raises UserError: without text and files, or when the request has ended.
        """
        self._check_act(person, "comment")
        text = self._check_text(text)
        if not (text or files):
            raise UserError(self.env._("Write something or add a photo."))
        # Files of others aren't the applicant's to show to everybody: they stay with what was said.
        is_owner = person == self.partner_id
        attachments = self._add_photos(files) if is_owner else self._create_applicant_files(files)
        acting = self._as_applicant()
        acting.message_post(
            body=plaintext2html(text),
            author_id=person.id,
            email_from=person.email_formatted or self.email or self.env._("Applicant"),
            message_type="comment",
            subtype_xmlid="contact_center_base.mt_from_applicant",
            attachment_ids=[] if is_owner else attachments.ids,
        )
        acting.env["contact.center.request.event"]._record(acting, "added", comment=text or None)
        acting._tell_staff_of_addition()

    def _add_photos(self, files):
        """Add files of the applicant to this one request, and return them."""
        attachments = self._create_applicant_files(files)
        if attachments:
            self.photo_ids = [Command.link(file.id) for file in attachments]
        return attachments

    def _tell_staff_of_addition(self):
        """Let whoever handles this one request look at what was added, once until they did."""
        user = self._get_contact_user()
        summary = self._in_city_language().env._("The applicant added something")
        if user and not self.activity_ids.filtered(lambda row: row.user_id == user and row.summary == summary):
            self.activity_schedule("mail.mail_activity_data_todo", summary=summary, user_id=user.id)

    def _withdraw_as_applicant(self, person, reason):
        """Close this one request by the wish of its applicant.

        :raises UserError: without a reason, or when others wait for it too.
        """
        self._check_act(person, "withdraw")
        reason = self._check_text(reason)
        if not reason:
            raise UserError(self.env._("Write why you withdraw it."))
        self._as_applicant()._transition(
            "closed", comment=reason, closing_reason="withdrawn", result=reason, informed_by="portal"
        )

    def _leave_as_participant(self, person):
        """Take a person who joined off this one request."""
        self._check_act(person, "leave")
        self.participant_ids.filtered(lambda row: row.partner_id == person).unlink()
        acting = self._as_applicant()
        comment = acting._in_city_language().env._("A joined applicant left.")
        acting.env["contact.center.request.event"]._record(acting, "changed", comment=comment)

    # Being informed

    def _get_informing(self, person):
        """Return the record that says how a person of this one request is informed: the request, or its joining."""
        if person == self.partner_id:
            return self
        return self.participant_ids.filtered(lambda row: row.partner_id == person)

    def _get_inform_choices(self, person):
        """Return ``[(code, label)]`` of the ways by which a person of this one request can be informed."""
        labels = {
            "email": self.env._("by e-mail"),
            "sms": self.env._("by SMS"),
            "phone": self.env._("by a call"),
            "portal": self.env._("not at all: I look here"),
        }
        of_request = self if person == self.partner_id else self.browse()
        possible = {"portal"}
        if of_request.email or person.email_normalized:
            possible.add("email")
        if of_request.phone or person.phone_sanitized:
            possible |= {"sms", "phone"}
        return [(code, labels[code]) for code in INFORM_CHOICES if code in possible]

    def _inform_applicant_by(self, person, channel):
        """Change how a person of this one request is informed.

        :raises UserError: for a way that isn't open to the person.
        """
        self._check_act(person, "inform")
        if channel not in dict(self._get_inform_choices(person)):
            raise UserError(self.env._("Choose one of the ways in the list."))
        self._get_informing(person).inform_by = channel
