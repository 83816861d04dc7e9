"""Make the bundles of scripts and styles of a database beforehand: browser tests need not wait for them."""

from __future__ import annotations

import sys

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main() -> None:
    config.parse_config(["--no-http", "--log-level=warn"])
    with Registry(sys.argv[1]).cursor() as cr:
        qweb = api.Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
        qweb._pregenerate_assets_bundles()
        # Loaded by scripts, so no template names them.
        lazy = qweb._get_asset_bundle("web.assets_backend_lazy")
        lazy.js()
        lazy.css()


if __name__ == "__main__":
    main()
