"""Databases with Odoo in them: create, install with progress, copy, drop."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.environment import Environment
from tools.paths import CHECKOUT
from tools.process import Failure, run, say, tail

# Odoo activates what is named here and nothing else; the first is the default of new users.
LANGUAGES = ("en_US", "uk_UA", "pl_PL")
EXTENSIONS = ("btree_gist",)
PROGRESS_INTERVAL = 3  # seconds between two progress lines
LOADING = re.compile(r"Loading module (\w+) \((\d+)/(\d+)\)")


@dataclass(frozen=True)
class Databases:
    """The databases of one server, and the folder with Odoo's files that belong to them."""

    environment: Environment
    variables: Mapping[str, str]
    folder: Path

    def query(self, database: str, sql: str) -> list[str]:
        """The rows of an SQL query, as text with columns parted by ``|``."""
        output = self._program("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-Atc", sql)
        return output.splitlines()

    def names(self, prefix: str = "") -> list[str]:
        """The databases whose names begin with ``prefix``, oldest first."""
        rows = self.query("postgres", "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY oid")
        return [name for name in rows if name.startswith(prefix)]

    def create(self, database: str) -> None:
        """Create an empty database with the extensions that the addons need."""
        run(
            [self.environment.python, "-m", "tools.inside.empty_database", database],
            f"The database {database} could not be created.",
            env=self.variables,
            cwd=CHECKOUT,
        )
        for extension in EXTENSIONS:
            self.query(database, f"CREATE EXTENSION IF NOT EXISTS {extension}")
        if self.query(database, "SELECT provolatile FROM pg_proc WHERE proname = 'unaccent' AND pronargs = 1") != ["i"]:
            self.drop(database)
            raise Failure(
                "The database server did not let this user make unaccent() immutable, which searches without accents "
                "need. Give the database user the right to create extensions (superuser), or unset PGHOST."
            )

    def odoo(self, database: str, log: Path, *options: str) -> None:
        """Run Odoo once on a database (to install or update), with progress lines; its full log goes to ``log``.

        :raise Failure: Odoo stopped with an error or logged one
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        command = [
            self.environment.python,
            "-m",
            "odoo",
            "--database",
            database,
            "--stop-after-init",
            "--no-http",
            "--log-level=info",
            *options,
        ]
        shown = time.monotonic()
        errors = False
        with (
            log.open("w") as file,
            subprocess.Popen(
                command,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as process,
        ):
            for line in process.stdout:
                file.write(line)
                errors = errors or " ERROR " in line or " CRITICAL " in line
                loading = LOADING.search(line)
                if loading and time.monotonic() - shown >= PROGRESS_INTERVAL:
                    say("  {1}/{2} {0}".format(*loading.groups()))
                    shown = time.monotonic()
        if process.returncode or errors:
            raise Failure(f"Odoo could not set up the database {database}.\n{tail(log.read_text())}\nFull log: {log}")

    def install(self, database: str, addons: Sequence[str], log: Path, *options: str) -> None:
        """Install addons in an existing database."""
        self.odoo(database, log, f"--init={','.join(addons)}", *options)

    def bundle_assets(self, database: str) -> None:
        """Make the bundles of scripts and styles that browsers ask for."""
        run(
            [self.environment.python, "-m", "tools.inside.bundle_assets", database],
            f"The scripts and styles of {database} could not be bundled.",
            env=self.variables,
            cwd=CHECKOUT,
        )

    def copy(self, source: str, target: str) -> None:
        """Copy a database that nobody is connected to, with the files that belong to it."""
        self._program("createdb", "--template", source, target)
        self._forget_files(target)
        if self._files(source).is_dir():
            # Odoo never changes a stored file, so a copy may share it.
            shutil.copytree(self._files(source), self._files(target), copy_function=os.link)

    def rename(self, database: str, name: str) -> None:
        """Rename a database that nobody is connected to, and the folder of its files."""
        self.query("postgres", f'ALTER DATABASE "{database}" RENAME TO "{name}"')
        self._forget_files(name)
        if self._files(database).is_dir():
            self._files(database).rename(self._files(name))

    def drop(self, database: str) -> None:
        """Remove a database, if it is there, and its files."""
        self._program("dropdb", "--if-exists", "--force", database)
        self._forget_files(database)

    def _files(self, database: str) -> Path:
        return self.folder / "odoo" / "filestore" / database

    def _forget_files(self, database: str) -> None:
        # They may also stem from a database of this name on another server.
        shutil.rmtree(self._files(database), ignore_errors=True)

    def _program(self, program: str, *arguments: str) -> str:
        return run(
            [self.environment.postgres_programs / program, *arguments],
            f"PostgreSQL's {program} failed.",
            env=self.variables,
        )
