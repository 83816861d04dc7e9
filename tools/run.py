"""bin/run: the contact centre with its demo cities on this machine."""

from __future__ import annotations

import argparse
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from tools import addons
from tools.database import LANGUAGES, Databases
from tools.environment import ensure_environment
from tools.odoo_command import odoo_variables
from tools.paths import LOCAL
from tools.process import Failure, say, tail

DATABASE = "contact_center"
# Where a database keeps the fingerprint of the code that was installed in it last.
PARAMETER = "contact_center.code_fingerprint"
LOG = LOCAL / "log"
START_TIMEOUT = 180  # seconds
STOP_TIMEOUT = 30  # seconds


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/run", description="Run the contact centre with its demo cities.")
    parser.add_argument("--port", type=int, default=8069, help="port on this machine (default: %(default)s)")
    port = parser.parse_args(arguments).port
    # A shell starts background programs deaf to SIGINT; and being ended is the same to us as Ctrl-C.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    _check_free(port)
    environment = ensure_environment()
    with odoo_variables(environment) as variables:
        prepare(Databases(environment, variables, LOCAL), DATABASE, demo=True)
        command = [
            environment.python,
            "-m",
            "odoo",
            "--database",
            DATABASE,
            "--db-filter",
            f"^{DATABASE}$",
            "--no-database-list",
            "--http-port",
            str(port),
            "--logfile",
            LOG / "odoo.log",
        ]
        # In a session of its own: Ctrl-C reaches only us, and Odoo stops before its database does.
        process = subprocess.Popen(command, env=variables, start_new_session=True)
        try:
            _wait_until_up(process, port)
            _greet(port)
            return process.wait()
        except KeyboardInterrupt:
            say("\nStopping ...")
            return 0
        finally:
            _stop(process)


def prepare(databases: Databases, database: str, *, demo: bool) -> None:
    """Bring a database to the present code of the addons: create it, update it, or leave it as it is.

    :param demo: whether a new database gets the demo cities; one that is there keeps what it has
    """
    fingerprint = addons.fingerprint()
    ours = addons.names()
    if not ours:
        raise Failure("There are no addons in addons/ to install.")
    if database not in databases.names():
        say(f"Creating the database {database} with {', '.join(ours)} (a few minutes, once) ...")
        databases.create(database)
        options = [f"--load-language={','.join(LANGUAGES)}", *(["--with-demo"] if demo else [])]
        try:
            databases.install(database, ours, LOG / "install.log", *options)
        except BaseException:
            # Half a database would be taken for a whole one by the next start.
            databases.drop(database)
            raise
    elif databases.query(database, f"SELECT value FROM ir_config_parameter WHERE key = '{PARAMETER}'") != [fingerprint]:
        say("The addons have changed since the last start: updating the database ...")
        installed = set(databases.query(database, "SELECT name FROM ir_module_module WHERE state = 'installed'"))
        updated = [name for name in ours if name in installed]
        added = [name for name in ours if name not in installed]
        options = [f"--{what}={','.join(which)}" for what, which in (("update", updated), ("init", added)) if which]
        databases.odoo(database, LOG / "update.log", *options)
    else:
        return
    databases.query(
        database,
        f"INSERT INTO ir_config_parameter (key, value) VALUES ('{PARAMETER}', '{fingerprint}') "
        "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
    )


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failure(
                f"Port {port} is taken ({error.strerror}). Is another bin/run at work? Else: bin/run --port {port + 1}"
            ) from error


def _wait_until_up(process: subprocess.Popen, port: int) -> None:
    say("Starting Odoo ...")
    deadline = time.monotonic() + START_TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            # The login page needs the database, so an answer says that all parts work together.
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=START_TIMEOUT):
                return
        except urllib.error.HTTPError as error:
            raise Failure(f"Odoo answers with an error: {error}. Its log: {LOG / 'odoo.log'}") from error
        except OSError:
            time.sleep(0.2)
    raise Failure(f"Odoo did not start.\n{tail((LOG / 'odoo.log').read_text())}\nFull log: {LOG / 'odoo.log'}")


def _greet(port: int) -> None:
    say(f"\nThe contact centre is at http://localhost:{port}")
    logins = addons.demo_logins()
    if logins:
        say("")
        columns = ("city", "role", "login", "password")
        rows = [columns, *[tuple(login[column] for column in columns) for login in logins]]
        widths = [max(len(row[index]) for row in rows) for index in range(len(columns))]
        for row in rows:
            say("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    say(f"\n  administrator: admin / admin\n  log: {LOG / 'odoo.log'}\n\nCtrl-C stops it; the data stays.")


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
