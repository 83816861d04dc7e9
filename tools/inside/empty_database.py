"""Create an empty database the way Odoo does: with trigrams and an immutable unaccent()."""

from __future__ import annotations

import sys

from odoo.service.db import _create_empty_database
from odoo.tools import config


def main() -> None:
    config.parse_config(["--no-http"])
    _create_empty_database(sys.argv[1])


if __name__ == "__main__":
    main()
