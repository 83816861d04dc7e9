"""The databases that the measurements work on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence


def prepare(database: str, addons: Sequence[str]) -> None:
    """Make a database with addons on first use; bring the first of them, which is ours, up to date afterwards."""
    import odoo.service.db

    odoo.tools.config.parse_config([])
    known = odoo.service.db.exp_db_exist(database)
    what = ["-u", addons[0]] if known else ["-i", ",".join(addons)]
    command = [sys.executable, "-m", "odoo", "-d", database, *what]
    subprocess.run([*command, "--stop-after-init", "--no-http", "--log-level=error"], check=True)
