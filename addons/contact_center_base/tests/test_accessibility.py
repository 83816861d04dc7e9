from .accessibility import AccessibilityCase


class TestCityPagesAreAccessible(AccessibilityCase):
    def test_pages(self):
        self.assertAccessible([self.path(), self.path("data"), self.path("privacy"), self.path("knowledge")])
