"""Odoo 19 Community: from Debian's package, or from a checkout named by ODOO_SOURCE."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.paths import CACHE
from tools.process import Failure, build_once, run, say

SERIES = "19.0"
PACKAGE = "odoo-19"
TRIED_VERSION = "19.0.0+dfsg-1"
# The package links jQuery, fonts ... to these by relative symlinks. Sid's Font Awesome and Inconsolata are newer
# majors with other file names, so those two come from bookworm.
PACKAGES = (
    f"{PACKAGE}/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-montserrat/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-ocr-b/sid",
    "fonts-font-awesome/bookworm",
    "fonts-inconsolata/bookworm",
)
SUITES = ("sid", "bookworm")
MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PYTHON_PATH = "usr/lib/python3/dist-packages"
# The backend's asset bundle names this file, which Debian's package leaves out: it blurs the picture of video calls.
MISSING_SCRIPT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
ADVICE = "You can also check out Odoo 19.0 yourself and name its folder in the environment variable ODOO_SOURCE."


@dataclass(frozen=True)
class OdooSource:
    """An unpacked Odoo.

    ``root`` is the folder to put on Python's path (it holds the package ``odoo``), ``addons`` the folders with
    Odoo's own addons, ``version`` what was taken, for keys of caches and for messages.
    """

    root: Path
    addons: tuple[Path, ...]
    version: str


def ensure_odoo() -> OdooSource:
    """Return the Odoo to use, downloading Debian's package the first time.

    :raise Failure: there is neither a usable ODOO_SOURCE nor the package
    """
    named = os.environ.get("ODOO_SOURCE")
    return _from_checkout(Path(named).expanduser().resolve()) if named else _from_package()


def _from_checkout(root: Path) -> OdooSource:
    release = root / "odoo" / "release.py"
    if not release.is_file():
        raise Failure(f"ODOO_SOURCE names {root}, where there is no odoo/release.py: name the top folder of Odoo.")
    found = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.MULTILINE)
    series = ".".join(found.groups()) if found else "unknown"
    if series != SERIES:
        raise Failure(f"ODOO_SOURCE names {root}, which is Odoo {series}; this suite needs Odoo {SERIES}.")
    addons = tuple(folder for folder in (root / "addons", root / "odoo" / "addons") if folder.is_dir())
    return OdooSource(root, addons, f"{SERIES} from {root}")


def _from_package() -> OdooSource:
    folder = build_once(CACHE / PACKAGE, _download)
    root = folder / PYTHON_PATH
    return OdooSource(root, (root / "odoo" / "addons",), (folder / "VERSION").read_text().strip())


def _download(folder: Path) -> None:
    if not KEYRING.is_file():
        raise Failure(
            f"Odoo comes from Debian's package {PACKAGE}, and the keys to check it ({KEYRING}) are missing.\n"
            f"Install them: apt-get install debian-archive-keyring\n{ADVICE}"
        )
    say(f"Downloading Odoo {SERIES}: Debian's package {PACKAGE} (about 130 MB, once per user) ...")
    apt = folder / "apt"
    packages = apt / "packages"
    packages.mkdir(parents=True)
    for part in ("lists/partial", "cache/archives/partial"):
        (apt / part).mkdir(parents=True)
    sources = apt / "sources.list"
    sources.write_text("".join(f"deb [signed-by={KEYRING}] {MIRROR} {suite} main\n" for suite in SUITES))
    options = _apt_options(apt, sources)
    problem = f"Debian's package {PACKAGE} could not be had from {MIRROR}.\n{ADVICE}"
    run(["apt-get", *options, "-q", "update"], problem)
    run(["apt-get", *options, "-q", "download", *PACKAGES], problem, cwd=packages)

    say("Unpacking it ...")
    for archive in sorted(packages.glob("*.deb")):
        run(["dpkg", "-x", archive, folder], f"{archive.name} could not be unpacked.")
    # The package carries most addons twice; the copy beside the package `odoo` is the incomplete one.
    shutil.rmtree(folder / PYTHON_PATH / "addons", ignore_errors=True)
    script = folder / PYTHON_PATH / "odoo" / "addons" / MISSING_SCRIPT
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        script.touch()
    broken = run(["find", folder, "-xtype", "l"], "The unpacked package could not be checked.").split()
    if broken:
        raise Failure(
            f"Debian's package {PACKAGE} names files of packages that this repository does not fetch yet:\n"
            + "\n".join(broken[:10])
            + f"\nAdd their packages to {__file__}.\n{ADVICE}"
        )
    (archive,) = packages.glob(f"{PACKAGE}_*.deb")
    version = run(["dpkg-deb", "-f", archive, "Version"], f"{archive.name} could not be read.").strip()
    if version != TRIED_VERSION:
        say(f"Debian now has {PACKAGE} {version}; this repository was tried with {TRIED_VERSION}.")
    (folder / "VERSION").write_text(version + "\n")
    shutil.rmtree(apt)


def _apt_options(apt: Path, sources: Path) -> list[str]:
    """Options that keep apt away from the machine's own lists, caches, preferences and package database."""
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State::Lists": apt / "lists",
        "Dir::State::Status": "/dev/null",
        "Dir::Cache": apt / "cache",
        "APT::Sandbox::User": "",
        "Acquire::Languages": "none",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
