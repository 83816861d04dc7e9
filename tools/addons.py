"""The addons of this repository, read from their files."""

from __future__ import annotations

import ast
import csv
import hashlib

from tools.paths import ADDONS

# Changes here need no new database: these files are read from disk, or only by tests.
NOT_INSTALLED = {"tests", "static", "readme", "__pycache__"}


def names() -> list[str]:
    """The technical names of our addons, sorted."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))


def manifest(name: str) -> dict:
    """An addon's manifest as it is written, without Odoo's defaults."""
    return ast.literal_eval((ADDONS / name / "__manifest__.py").read_text())


def foreign_dependencies() -> list[str]:
    """The addons of others that ours depend on directly, sorted."""
    ours = names()
    return sorted({needed for name in ours for needed in manifest(name).get("depends", [])} - set(ours))


def fingerprint() -> str:
    """A hash of everything in our addons that an installation writes into a database."""
    digest = hashlib.sha256()
    for path in sorted(ADDONS.rglob("*")):
        inside = path.relative_to(ADDONS)
        if path.is_file() and not NOT_INSTALLED.intersection(inside.parts):
            digest.update(str(inside).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def demo_logins() -> list[dict[str, str]]:
    """The logins of the demo users: rows with login, password, role and city."""
    rows: list[dict[str, str]] = []
    for path in sorted(ADDONS.glob("*/demo/logins.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            rows.extend(csv.DictReader(file))
    return rows
