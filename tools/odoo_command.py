"""bin/odoo: Odoo's own command line with our addons, our settings and our database server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.environment import Environment, ensure_environment
from tools.paths import LOCAL
from tools.postgres import server


def write_configuration(environment: Environment, folder: Path) -> Path:
    """Write Odoo's configuration file for databases whose files live in ``folder``; return its path."""
    settings = {
        "addons_path": ",".join(map(str, environment.addons_path)),
        "data_dir": folder / "odoo",
        "http_interface": "127.0.0.1",
        "unaccent": True,
        "workers": 0,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "odoo.conf"
    path.write_text("[options]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items()))
    return path


@contextmanager
def odoo_variables(environment: Environment) -> Iterator[dict[str, str]]:
    """Environment variables with which Odoo finds the databases of bin/run and its configuration."""
    configuration = write_configuration(environment, LOCAL)
    with server(environment, LOCAL / "postgres", durable=True) as variables:
        yield {**variables, "ODOO_RC": str(configuration)}


def main(arguments: list[str]) -> int:
    environment = ensure_environment()
    with odoo_variables(environment) as variables:
        return subprocess.run([environment.python, "-m", "odoo", *arguments], env=variables, check=False).returncode
