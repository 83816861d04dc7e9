"""bin/setup: bring everything that bin/run and bin/test need, and start nothing."""

from __future__ import annotations

from tools.environment import ensure_environment
from tools.process import say


def main(arguments: list[str]) -> int:
    environment = ensure_environment()
    say(f"Odoo {environment.odoo.version}: {environment.odoo.root}")
    say(f"Python: {environment.python}")
    return 0
