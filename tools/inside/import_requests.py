"""Import requests from a file: DATABASE PROFILE FILE [--dry-run] [--errors FILE], as the system user.

The model commits batch by batch, so that a killed import leaves complete batches only and goes on when run again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("profile")
    parser.add_argument("path", type=Path)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--errors", type=Path)
    options = parser.parse_args()
    # Deprecations inside libraries are nothing that whoever imports can act on.
    quiet = ["--log-level=warn", "--log-handler=py.warnings:ERROR"]
    config.parse_config(["--no-http", "--database", options.database, *quiet])
    with Registry(options.database).cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        try:
            summary = env["contact.center.import"].run_file(
                options.path, options.profile, progress=show_progress, dry_run=options.dry_run, errors=options.errors
            )
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
