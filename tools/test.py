"""bin/test: lint and every test, on databases of their own."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from tools import addons, clauses
from tools.database import LANGUAGES, Databases
from tools.environment import Environment, ensure_environment
from tools.odoo_command import odoo_variables
from tools.paths import CHECKOUT, LOCAL
from tools.process import locked, say
from tools.system_packages import ensure_system_packages

FOLDER = LOCAL / "test"
# A template with the addons of others, which seldom change; on top of a copy of it, one with ours.
FOUNDATION_PREFIX = "foundation_"
TEMPLATE_PREFIX = "template_"
TEMPLATES_KEPT = 3
RUN_PREFIX = "test_"  # with the process id of bin/test, and pytest's worker behind it
WORKERS = "2"
# Options of pytest after which the tests run in one process, or in as many as the options say.
OWN_WORKERS = ("-n", "--numprocesses", "--pdb", "--trace", "--dist", "--collect-only", "--co")


def main(arguments: list[str]) -> int:
    if arguments == ["--clauses"]:
        print(clauses.table())
        return 0
    environment = ensure_environment()
    ensure_system_packages()
    with odoo_variables(environment, FOLDER, durable=False) as variables:
        databases = Databases(environment, variables, FOLDER)
        # Of its own for this run, so that several runs can share the server and the template.
        database = f"{RUN_PREFIX}{os.getpid()}"
        with locked(FOLDER / "template.lock"):
            _drop_leftovers(databases)
            template = _ensure_template(databases)
            databases.copy(template, database)
        try:
            return _pytest(environment, variables, template, database, arguments)
        finally:
            databases.drop(database)


def install_log(template: str) -> str:
    """The path of the log that installing our addons in a template wrote."""
    return str(FOLDER / "log" / f"{template}.log")


def _pytest(
    environment: Environment, variables: dict[str, str], template: str, database: str, arguments: list[str]
) -> int:
    workers = [] if any(argument.startswith(OWN_WORKERS) for argument in arguments) else ["-n", WORKERS]
    command = [
        environment.python,
        "-m",
        "pytest",
        f"--odoo-database={database}",
        f"--odoo-config={variables['ODOO_RC']}",
        "--odoo-http",
        "--dist=loadscope",
        *workers,
        *arguments,
    ]
    say("Running the tests ...")
    return subprocess.run(
        command, env={**variables, "CONTACT_CENTER_INSTALL_LOG": install_log(template)}, cwd=CHECKOUT, check=False
    ).returncode


def _drop_leftovers(databases: Databases) -> None:
    """Drop the databases of runs that were killed before they could do so themselves."""
    for name in databases.names(RUN_PREFIX):
        pid = name.removeprefix(RUN_PREFIX).partition("-")[0]
        if not Path("/proc", pid).exists():
            databases.drop(name)


def _ensure_template(databases: Databases) -> str:
    """Return a database with every addon installed, no demo data and all languages, for tests to work on copies of."""
    foreign = addons.foreign_dependencies() or ["base"]
    lock = (CHECKOUT / "uv.lock").read_bytes()
    key = hashlib.sha256(repr((databases.environment.odoo.version, foreign, LANGUAGES)).encode() + lock)
    foundation = FOUNDATION_PREFIX + key.hexdigest()[:12]
    template = f"{TEMPLATE_PREFIX}{key.hexdigest()[:6]}_{addons.fingerprint()}"
    existing = databases.names()
    if template in existing:
        return template
    if foundation not in existing:
        say(f"Installing what the addons build on ({', '.join(foreign)}), once ...")
        _build(databases, foundation, "", foreign, f"--load-language={','.join(LANGUAGES)}")
    ours = addons.names()
    say(f"Installing {', '.join(ours) or 'no addons'} ...")
    _build(databases, template, foundation, ours, bundled=True)
    for old in databases.names(TEMPLATE_PREFIX)[:-TEMPLATES_KEPT]:
        databases.drop(old)
    return template


def _build(
    databases: Databases, target: str, source: str, names: list[str], *options: str, bundled: bool = False
) -> None:
    """Install addons in a copy of ``source`` (or a new database), which gets its name only when it is complete.

    :param bundled: also make the bundles of scripts and styles, for the browser.
    """
    unfinished = f"unfinished_{target}"
    databases.drop(unfinished)
    if source:
        databases.copy(source, unfinished)
    else:
        databases.create(unfinished)
    if names:
        databases.install(unfinished, names, FOLDER / "log" / f"{target}.log", *options)
    if bundled and names:
        databases.bundle_assets(unfinished)
    databases.rename(unfinished, target)
