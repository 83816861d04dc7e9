"""Import requests from a file: DATABASE PROFILE FILE, as the system user.

The model commits batch by batch, so that a killed import leaves complete batches only and goes on when run again.
"""

from __future__ import annotations

import sys

from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config


def main() -> int:
    database, profile, path = sys.argv[1:]
    config.parse_config(["--no-http", "--database", database, "--log-level=warn"])
    with Registry(database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        try:
            summary = env["contact.center.import"].run_file(path, profile, progress=show_progress)
        except UserError as error:
            print(f"bin/import: {error}", file=sys.stderr)
            return 1
        cr.commit()
    for name, value in summary.items():
        print(f"{name}: {value}")
    return 0


def show_progress(done: int, total: int) -> None:
    print(f"  {done}/{total} rows", flush=True)


if __name__ == "__main__":
    sys.exit(main())
