"""Import requests from a file: DATABASE PROFILE FILE [--dry-run|--executors] [--errors FILE], as the system user.

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
    parser.add_argument("--executors", action="store_true")
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
            if options.executors:
                summary["rules"] = make_rules(env, options.profile)
        except UserError as error:
            print(f"bin/import: {error}", file=sys.stderr)
            return 1
        cr.commit()
        # Servers that run meanwhile learn of the new rules.
        env.registry.signal_changes()
    for name, value in summary.items():
        print(f"{name}: {value}")
    return 0


def make_rules(env: Environment, profile_code: str) -> int:
    """Make routing rules out of who executed the imported requests; return how many."""
    if "contact.center.routing.rule" not in env:
        raise UserError("The addon contact_center_executor is not installed in this database: install it first.")
    city = env["contact.center.import.profile"]._get_by_code(profile_code)._find_or_create_city()
    return len(env["contact.center.routing.rule"]._make_from_owners(city))


def show_progress(done: int, total: int) -> None:
    print(f"  {done}/{total} rows", flush=True)


if __name__ == "__main__":
    sys.exit(main())
