"""Walking a role through its work in a browser, on a wide screen and on a phone; every addon's journeys build on it."""

from functools import partialmethod
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

# A machine busy with other work takes long for a page; a page that never comes fails all the same.
PATIENCE_S = 240


@tagged("post_install", "-at_install")
class JourneyCase(HttpCase):
    """An error on the browser's console fails a journey; without a browser it is skipped."""

    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        wait_longer = partialmethod(ChromeBrowser._wait_ready, timeout=PATIENCE_S)
        cls.startClassPatcher(patch.object(ChromeBrowser, "_wait_ready", wait_longer))

    def take_phone(self):
        self.browser_size = "390x844"
        self.touch_enabled = True

    def walk(self, user, tour, path):
        """Walk through a tour as a user, from a path on."""
        self.start_tour(path, tour, login=user.login, timeout=PATIENCE_S)
