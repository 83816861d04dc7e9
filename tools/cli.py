"""The commands of bin/."""

from __future__ import annotations

import importlib
import sys

from tools.process import Failure

MODULES = {
    "setup": "tools.setup",
    "run": "tools.run",
    "test": "tools.test",
    "odoo": "tools.odoo_command",
    "import": "tools.importing",
    "bench": "tools.bench",
}


def main(command: str) -> int:
    """Run a command of bin/ with the arguments of this process and return its exit status."""
    try:
        return importlib.import_module(MODULES[command]).main(sys.argv[1:])
    except Failure as failure:
        print(f"\nbin/{command}: {failure}", file=sys.stderr, flush=True)
        return failure.status
    except PermissionError as error:
        print(f"\nbin/{command}: no permission for {error.filename}: was it made by another user?", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
