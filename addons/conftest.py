"""What the tests of the addons need to run on several cores at once."""

import os

from odoo.tests import TransactionCase

if os.environ.get("PYTEST_XDIST_WORKER"):
    # The workers share one folder of files and have a database each. What one of them tidies up after a class would
    # be files that another one needs; the whole folder goes at the end anyway.
    TransactionCase._gc_filestore = classmethod(lambda cls: None)
