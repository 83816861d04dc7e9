"""PostgreSQL: the server named by PGHOST, else one of our own from a wheel, in a folder of its own."""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.environment import Environment
from tools.process import Failure, locked, run, say

ROLE = "odoo"  # Odoo refuses to work as "postgres"
SYSTEM_USER = "embedded_postgres"
PORT = "5432"  # names the socket file only: the server opens no network port
MAX_SOCKET_PATH = 107  # bytes, the limit of Linux for a Unix socket
SETTINGS = {
    "listen_addresses": "''",
    "port": PORT,
    "max_connections": "200",
    "shared_buffers": "'256MB'",
    "work_mem": "'16MB'",
    "maintenance_work_mem": "'128MB'",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
# Nothing of worth lives in a test database: a crash of the machine may spoil it.
TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@contextmanager
def server(environment: Environment, folder: Path, *, durable: bool) -> Iterator[dict[str, str]]:
    """Give the environment variables of a running PostgreSQL, for Odoo and for PostgreSQL's own programs.

    With PGHOST set it is the server named there. Otherwise it is the cluster in ``folder``: made the first time,
    started when it is not running, and stopped when its last user leaves.

    :param durable: False for tests, which trade safety against power cuts for speed
    """
    variables = environment.variables()
    if os.environ.get("PGHOST"):
        run(
            [environment.postgres_programs / "psql", "-d", "postgres", "-Atc", "SELECT 1"],
            f"The PostgreSQL server named by PGHOST={os.environ['PGHOST']} does not answer. "
            "Check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use the embedded server.",
            env=variables,
        )
        yield variables
        return
    cluster = _Cluster(environment, folder, durable)
    with cluster.used():
        yield {**variables, "PGHOST": str(cluster.sockets), "PGPORT": PORT, "PGUSER": ROLE}


class _Cluster:
    """A PostgreSQL data folder with the server on it.

    Each user holds a shared lock on ``users.lock`` while it works; whoever leaves last stops the server.
    A user that is killed loses its lock by itself.
    """

    def __init__(self, environment: Environment, folder: Path, durable: bool):
        self.programs = environment.postgres_programs
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        self.settings = SETTINGS if durable else {**SETTINGS, **TEST_SETTINGS}
        self.sockets = _socket_folder(folder)

    @contextmanager
    def used(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        gate = self.folder / "gate.lock"
        with (self.folder / "users.lock").open("w") as users:
            with locked(gate):
                self._ensure_running()
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield
            finally:
                with locked(gate):
                    try:
                        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        pass
                    else:
                        self._control("stop", "--mode=fast")

    def _ensure_running(self) -> None:
        owner = _server_user()
        for folder in (self.data, self.log, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            if owner:
                shutil.chown(folder, owner.pw_uid, owner.pw_gid)
                _open_way(folder)
        if owner:
            _open_way(self.programs / "postgres")
        self.data.chmod(0o700)
        if not (self.data / "PG_VERSION").exists():
            say("Creating the PostgreSQL data folder ...")
            self._create()
        if not self._is_running():
            # What an interrupted machine left behind must not keep the server from starting.
            self._control("start", f"--log={self.log / 'postgresql.log'}", f"--options=-k '{self.sockets}'")

    def _create(self) -> None:
        self._as_server_user(
            [
                "initdb",
                f"--pgdata={self.data}",
                f"--username={ROLE}",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--auth=peer",
                "--no-instructions",
            ],
            "PostgreSQL's data folder could not be made.",
        )
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.writelines(f"{name} = {value}\n" for name, value in self.settings.items())
        # Only the user who owns this checkout may come in, over the socket, as the role that owns all databases.
        (self.data / "pg_hba.conf").write_text("local all all peer map=checkout\n")
        (self.data / "pg_ident.conf").write_text(f"checkout {getpass.getuser()} {ROLE}\n")

    def _is_running(self) -> bool:
        try:
            self._control("status")
        except Failure:
            return False
        return True

    def _control(self, action: str, *options: str) -> None:
        self._as_server_user(
            [
                "pg_ctl",
                action,
                f"--pgdata={self.data}",
                *(["--wait", "--timeout=120"] if action != "status" else []),
                *options,
            ],
            f"PostgreSQL did not {action}; its log is in {self.log}.",
        )

    def _as_server_user(self, command: list[str], problem: str) -> None:
        owner = _server_user()
        options = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        run([self.programs / command[0], *command[1:]], problem, cwd="/", **options)


def _socket_folder(folder: Path) -> Path:
    """The folder for the socket: in the cluster's own, unless that makes the socket's path too long for Linux."""
    own = folder / "run"
    if len(os.fsencode(own / f".s.PGSQL.{PORT}.lock")) <= MAX_SOCKET_PATH:
        return own
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"contact-center-{os.getuid()}-{name}"


def _server_user() -> pwd.struct_passwd | None:
    """The user to run the server as when we are root, which PostgreSQL refuses; None for everyone else."""
    if os.getuid():
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        say(f"PostgreSQL does not run as root: adding the system user {SYSTEM_USER} ...")
        run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            f"The system user {SYSTEM_USER} could not be added.",
        )
        return pwd.getpwnam(SYSTEM_USER)


def _open_way(path: Path) -> None:
    """Let the server's user pass through the folders above ``path``; it does not get to list them."""
    for folder in path.parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            say(f"Letting PostgreSQL's user pass through {folder} (chmod o+x) ...")
            folder.chmod(mode | stat.S_IXOTH)
