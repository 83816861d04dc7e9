"""bin/bench: run one of the measurements in benchmarks/."""

from __future__ import annotations

import subprocess

from tools.environment import ensure_environment
from tools.odoo_command import odoo_variables
from tools.paths import CHECKOUT, LOCAL
from tools.process import Failure


def main(arguments: list[str]) -> int:
    available = sorted(path.stem for path in (CHECKOUT / "benchmarks").glob("[!_]*.py"))
    if not arguments or arguments[0] not in available:
        raise Failure(f"Usage: bin/bench NAME [options]. There are: {', '.join(available) or 'none'}.", status=2)
    environment = ensure_environment()
    # The durable settings of bin/run: a database that may lose data on a power cut would measure too well.
    with odoo_variables(environment, LOCAL / "bench") as variables:
        command = [environment.python, "-m", f"benchmarks.{arguments[0]}", *arguments[1:]]
        return subprocess.run(command, env=variables, cwd=CHECKOUT, check=False).returncode
