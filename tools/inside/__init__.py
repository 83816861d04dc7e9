"""Programs that run inside Odoo's Python: `python -m tools.inside.NAME`, with ODOO_RC and PG* in the environment."""
