"""What the tests outside of the addons need."""

from odoo.tests import BaseCase

# Odoo gives this attribute only to the test classes inside addons; without it a class here can't be collected.
BaseCase.test_tags = {"standard"}
