"""bin/import: bring records from a file into the contact centre."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from tools.database import Databases
from tools.environment import ensure_environment
from tools.odoo_command import odoo_variables
from tools.paths import CHECKOUT, LOCAL
from tools.process import Failure, say
from tools.run import DATABASE, prepare


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/import", description="Import requests from a CSV or XLSX file.")
    parser.add_argument("what", choices=["requests"], help="what the file holds")
    parser.add_argument("file", type=Path, help="the file (CSV, gzipped CSV or XLSX)")
    parser.add_argument("--profile", required=True, help="code of the import profile, for instance la311")
    parser.add_argument("--database", default=DATABASE, help="database (default: %(default)s, that of bin/run)")
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--dry-run", action="store_true", help="only check the file")
    extent.add_argument(
        "--executors",
        action="store_true",
        help="make executors and routing rules out of who executed the requests, and send out the open ones",
    )
    parser.add_argument(
        "--errors", type=Path, help="where to write rejected rows (default: FILE's name.errors.csv here)"
    )
    options = parser.parse_args(arguments)
    path = options.file.expanduser().resolve()
    if not path.is_file():
        problem = "is a folder: name the file in it" if path.is_dir() else "is not there: check the path"
        raise Failure(f"{options.file} {problem}.", status=2)

    environment = ensure_environment()
    with odoo_variables(environment) as variables:
        databases = Databases(environment, variables, LOCAL)
        if options.database not in databases.names():
            prepare(databases, options.database, demo=False)
        say(f"Importing {path.name} into {options.database} ...")
        command = [environment.python, "-m", "tools.inside.import_requests", options.database, options.profile, path]
        command += ["--dry-run"] if options.dry_run else []
        command += ["--executors"] if options.executors else []
        command += ["--errors", options.errors.expanduser().resolve()] if options.errors else []
        # It runs in the caller's folder, where a report of rejected rows belongs.
        return subprocess.run(command, env={**variables, "PYTHONPATH": str(CHECKOUT)}, check=False).returncode
