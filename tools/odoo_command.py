"""bin/odoo: Odoo's own command line with our addons, our settings and our database server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.environment import Environment, ensure_environment
from tools.paths import LOCAL
from tools.postgres import server


@contextmanager
def odoo_variables(environment: Environment, folder: Path = LOCAL, *, durable: bool = True) -> Iterator[dict[str, str]]:
    """Environment variables with which Odoo finds its settings and a running database server.

    :param folder: where the databases and Odoo's files live
    :param durable: False for databases that a power cut may destroy
    """
    configuration = _write_configuration(environment, folder)
    with server(environment, folder / "postgres", durable=durable) as variables:
        yield {**variables, "ODOO_RC": str(configuration)}


def _write_configuration(environment: Environment, folder: Path) -> Path:
    settings = {
        "addons_path": ",".join(map(str, environment.addons_path)),
        "data_dir": folder / "odoo",
        "http_interface": "127.0.0.1",
        "unaccent": True,
        "workers": 0,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "odoo.conf"
    text = "[options]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())
    # Another Odoo may be reading it: leave a file that is right already alone.
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path


def main(arguments: list[str]) -> int:
    environment = ensure_environment()
    with odoo_variables(environment) as variables:
        return subprocess.run([environment.python, "-m", "odoo", *arguments], env=variables, check=False).returncode
