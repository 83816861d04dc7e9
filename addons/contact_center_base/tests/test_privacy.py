from .common import ContactCenterCase, clause

TEXTS = ("char", "text", "html", "json", "properties", "binary")


class TestPersonalFields(ContactCenterCase):
    """Nobody adds a text field without saying whether it holds personal data."""

    def setUp(self):
        super().setUp()
        self.privacy = self.env["contact.center.privacy"]
        self.personal = self.privacy._get_personal()
        self.not_personal = self.privacy._get_not_personal()

    def get_text_fields(self, model):
        """Return the names of the text fields that a model of the suite keeps."""
        return {
            name
            for name, field in self.env[model]._fields.items()
            if field.type in TEXTS and field.store and not (field.related or (field.compute and not field.precompute))
            if name not in ("message_main_attachment_id",)
        }

    @clause("KP-3.10")
    def test_every_text_field_is_listed(self):
        for model in self.env:
            if not model.startswith("contact.center.") or self.env[model]._abstract:
                continue
            known = self.not_personal.get(model, set())
            if "*" not in known:
                listed = known | self.personal[model].fields.keys() if model in self.personal else known
                with self.subTest(model=model):
                    self.assertFalse(self.get_text_fields(model) - listed, "Say in privacy.py whose these are")

    def test_nothing_is_listed_that_is_not_there(self):
        for model, personal in self.personal.items():
            self.assertFalse(personal.fields.keys() - self.env[model]._fields.keys(), model)
            self.assertFalse(set(personal.contacts) - personal.fields.keys(), model)
        for model, names in self.not_personal.items():
            self.assertFalse(names - {"*"} - self.env[model]._fields.keys(), model)

    def test_nothing_is_both(self):
        for model, personal in self.personal.items():
            self.assertFalse(personal.fields.keys() & self.not_personal.get(model, set()), model)
            self.assertNotIn("*", self.not_personal.get(model, set()), model)


class TestContactsInLists(ContactCenterCase):
    """Lists and boards show who brought a matter to those only who serve applicants."""

    VIEWS = (
        ("contact.center.request", "contact_center_request_view_list"),
        ("contact.center.request", "contact_center_request_view_kanban"),
        ("contact.center.participant", "contact_center_participant_view_list_to_inform"),
    )

    def shown(self, user, model, view):
        """Return the names of the personal fields that a view shows to a user."""
        view_id = self.env.ref(f"contact_center_base.{view}").id
        arch = self.env[model].with_user(user).get_view(view_id)["arch"]
        return {name for name in ("partner_id", "phone", "email") if f'name="{name}"' in arch}

    @clause("KP-3.10")
    def test_the_control_body_sees_no_contacts(self):
        for model, view in self.VIEWS:
            with self.subTest(view=view):
                self.assertTrue(self.shown(self.operator, model, view))
                self.assertFalse(self.shown(self.control_body, model, view))
