"""Odoo's own checks of its code (the addon test_lint), applied to our addons.

Left out are the checks that do not concern us: docstrings (of Odoo's base only), localisation tests, and ESLint,
which needs Node.
"""

from __future__ import annotations

import logging
import unittest
from unittest.mock import patch

import pytest

from odoo.modules import Manifest
from odoo.tools import config

from odoo.addons.test_lint.tests import (
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_markers,
    test_naming,
    test_onchange_domains,
    test_orm_import,
    test_override_signatures,
    test_pylint,
    test_routes,
    test_test_holes,
)

from tools import addons
from tools.paths import ADDONS

CASES = [
    test_dunderinit.TestDunderinit,
    test_i18n.TestI18n,
    test_index.TestIndex,
    test_jstranslate.TestJsTranslations,
    test_manifests.ManifestLinter,
    test_markers.TestConflictMarkers,
    test_naming.TestNaming,
    test_onchange_domains.TestOnchangeDomains,
    test_orm_import.TestDunderinit,
    test_override_signatures.TestLintOverrideSignatures,
    test_pylint.TestPyLint,
    test_routes.RoutesLinter,
    test_test_holes.TestTestHoles,
]
LOGGER = "odoo.addons.test_lint"


@pytest.mark.skipif(not addons.names(), reason="there are no addons yet")
@pytest.mark.parametrize("case", CASES, ids=[case.__module__.rpartition(".")[2] for case in CASES])
def test_odoo_lint(case, caplog):
    ours = [Manifest.for_addon(name) for name in addons.names()]
    result = unittest.TestResult()
    with (
        # These checks walk through every addon on the addons path, and pylint through Odoo's own code besides.
        patch.object(Manifest, "all_addon_manifests", lambda: ours),
        patch.object(config, "root_path", str(ADDONS / addons.names()[0])),
        caplog.at_level(logging.WARNING, logger=LOGGER),
    ):
        unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert result.testsRun
    problems = [trace for _test, trace in [*result.failures, *result.errors]]
    problems += [record.getMessage() for record in caplog.records if record.name.startswith(LOGGER)]
    assert not problems, "\n\n".join(problems)
