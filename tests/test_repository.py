"""Checks of the repository as a whole: style, files, translations."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polib
import pytest
from lxml import etree

from odoo.tests import TransactionCase
from odoo.tools.translate import TranslationModuleReader

from tools import addons
from tools.paths import ADDONS, CHECKOUT

LANGUAGES = ("uk", "pl")
UNWANTED_RULES = (
    "missing-readme",  # the guides in docs/ are about the whole suite
    "method-required-super",  # a create() or write() may hand over to a method of ours that calls super's,
    "super-method-mismatch",  # as what the workflow decides is written past the guards of write()
    "no-wizard-in-models",  # a transient model without a window is no wizard
    "consider-merging-classes-inherited",  # a model with several subjects has a file for each
)
ENTRY_POINTS = {"bench", "import", "odoo", "run", "setup", "test"}
# printf (%s, %(name)s), format ({name}) and QWeb ({{ expression }}, <t t-out="..."/>) placeholders
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[.\d]*[sdfr]|%[.\d]*[sdfr]|\{\{.*?\}\}|\{\w*\}|t-out=\"[^\"]*\"")


def lint(*command: str) -> str:
    """Run a linter in the checkout; return what it complains about, empty when it is content."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}" if done.returncode else ""


def test_ruff():
    complaints = lint("ruff", "check", "--output-format=concise", ".")
    assert not complaints, complaints


@pytest.mark.skipif(not addons.names(), reason="there are no addons yet")
def test_pylint():
    paths = [str(ADDONS / name) for name in addons.names()]
    complaints = lint("pylint", "--rcfile=pyproject.toml", f"--disable={','.join(UNWANTED_RULES)}", *paths)
    assert not complaints, complaints


def test_xml_files_are_well_formed():
    for path in ADDONS.rglob("*.xml"):
        etree.parse(path)


def test_installing_the_addons_warns_of_nothing():
    log = Path(os.environ.get("CONTACT_CENTER_INSTALL_LOG", ""))
    if not log.is_file():
        pytest.skip("only bin/test installs the addons afresh")
    warnings = [
        line
        for line in log.read_text().splitlines()
        # Python's own warnings concern us only when they point at our files, not at Odoo's or a library's.
        if (" WARNING " in line and (" py.warnings: " not in line or str(ADDONS) in line)) or " ERROR " in line
    ]
    assert not warnings, "\n".join(warnings)


def test_entry_points_are_executable():
    assert {path.name for path in (CHECKOUT / "bin").iterdir() if os.access(path, os.X_OK)} == ENTRY_POINTS


def test_packages_come_from_the_public_index_only():
    origins = set(re.findall(r"(?:https?|file)://[^/\"]*", (CHECKOUT / "uv.lock").read_text()))
    assert origins == {"https://pypi.org", "https://files.pythonhosted.org"}


class TestTranslations(TransactionCase):
    """Each addon's uk.po and pl.po hold every term that Odoo exports from it now."""

    def test_each_term_is_translated(self):
        problems = []
        for addon in addons.names():
            terms = {term[4] for term in TranslationModuleReader(self.env.cr, modules=[addon])}
            for language in LANGUAGES:
                problems += self._problems(addon, language, terms)
        self.assertFalse(problems, "\n".join(problems))

    def _problems(self, addon, language, terms):
        path = ADDONS / addon / "i18n" / f"{language}.po"
        if not path.is_file():
            return [f"{addon}: there is no i18n/{language}.po for its {len(terms)} terms"]
        entries = {entry.msgid: entry for entry in polib.pofile(str(path)) if not entry.obsolete}
        problems = []
        for term in sorted(terms):
            entry = entries.get(term)
            if entry is None:
                problem = "is missing"
            elif not entry.msgstr.strip():
                problem = "is empty"
            elif entry.fuzzy:
                problem = "is fuzzy"
            elif Counter(PLACEHOLDER.findall(entry.msgstr)) != Counter(PLACEHOLDER.findall(term)):
                problem = f"has other placeholders: {entry.msgstr!r}"
            else:
                continue
            problems.append(f"{addon}/{language}.po: {term!r} {problem}")
        return problems
