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
