"""The two programs that come from the system: Chromium for browser tests, wkhtmltopdf for printed documents."""

from __future__ import annotations

import os
import shutil

from tools.process import Failure, run, say

# Debian's package, and the programs of which one has to be there.
PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "wkhtmltopdf": ("wkhtmltopdf",),
}


def ensure_system_packages() -> None:
    """Install what is missing as root; tell anyone else the command, and go on without."""
    missing = [package for package, programs in PROGRAMS.items() if not any(map(shutil.which, programs))]
    if not missing:
        return
    if os.getuid():
        say(
            f"Not on this machine: {', '.join(missing)}. The tests that need it are skipped. To run them too:\n"
            f"  sudo apt-get install {' '.join(missing)}"
        )
        return
    say(f"Installing {', '.join(missing)} with apt-get (once per machine) ...")
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for package in missing:
        try:
            run(["apt-get", "-q", "update"], "apt-get could not fetch its lists.", env=variables)
            run(
                ["apt-get", "-q", "-y", "--no-install-recommends", "install", package],
                f"apt-get could not install {package}.",
                env=variables,
            )
        except Failure as failure:
            say(f"{failure}\nThe tests that need {package} are skipped.")
