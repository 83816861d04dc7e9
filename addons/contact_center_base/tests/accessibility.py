"""Pages in a real browser, held to WCAG 2.2 AA by axe-core; accessibility tests of every addon build on it."""

import resource
from contextlib import contextmanager
from threading import current_thread
from unittest import SkipTest
from unittest.mock import patch

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import sync_playwright

from odoo.tests.common import _find_executable

from .pages import CityPagesCase

#: A desk and a phone.
WIDTHS = (1400, 390)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: What our own pages are held to; not all of the pages that Odoo gives reach that.
OURS = [*WCAG, "best-practice"]
RUN_AXE = """
async (rules) => {
    const results = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
    return results.violations.flatMap((violation) =>
        violation.nodes.map((node) => `${violation.id}: ${violation.help} ${node.html.slice(0, 200)}`)
    );
}
"""
PATIENCE_MS = 120_000


class AccessibilityCase(CityPagesCase):
    """Opens pages as anybody or as a user; without a browser the tests are skipped."""

    @contextmanager
    def browser(self, user=None, **options):
        """Yield a context of a browser that is logged in as a user, or as nobody.

        :param options: of Playwright's ``new_context``, e.g. ``java_script_enabled=False``.
        """
        executable = self._find_browser()
        self.authenticate(user and user.login, user and user.login)
        self.env.flush_all()
        self.env.cr.clear()
        # Odoo limits the memory that it may ask for; browsers reserve much more than they use.
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))
        with self.allow_requests(all_requests=True), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            context = browser.new_context(base_url=self.base_url(), color_scheme="light", **options)
            context.set_default_timeout(PATIENCE_MS)
            context.add_cookies([{"name": "session_id", "value": self.session.sid, "url": self.base_url()}])
            try:
                yield context
            finally:
                browser.close()
                self._wait_remaining_requests()

    def _find_browser(self):
        try:
            return _find_executable()
        except Exception as error:
            raise SkipTest("There is no browser") from error

    def assertAccessible(self, paths, user=None, rules=OURS):
        """Check pages at each width: axe finds nothing, and on a phone nothing has to be scrolled sideways."""
        problems = []
        with self.browser(user) as context:
            page = context.new_page()
            for path in paths:
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 844})
                    answer = page.goto(path, wait_until="load")
                    self.assertLess(answer.status, 400, path)
                    page.evaluate(AXE_SCRIPT)
                    found = page.evaluate(RUN_AXE, rules)
                    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
                    if wide and width == min(WIDTHS):
                        found.append("wider than the screen")
                    problems += [f"{path} at {width} px: {problem}" for problem in found]
        self.assertFalse(problems, "\n" + "\n".join(problems))

    def get_pages(self, addon):
        """Return the paths of the pages that the controllers of an addon show, as they stand in its routes."""
        paths = set()
        # Routes are looked up as in a request, where the thread knows its database.
        self.enterContext(patch.object(current_thread(), "dbname", self.env.cr.dbname, create=True))
        for rule in self.env["ir.http"].routing_map().iter_rules():
            function = getattr(rule.endpoint, "func", rule.endpoint)
            ours = function.__module__.startswith(f"odoo.addons.{addon}.")
            if ours and rule.endpoint.routing.get("website") and "GET" in (rule.methods or {"GET"}):
                paths.add(rule.rule)
        return paths
