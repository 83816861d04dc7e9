"""The code behind bin/: brings Odoo, Python packages and PostgreSQL to a plain machine and runs the suite on them.

Everything that runs before the environment exists uses nothing but Python's standard library.
"""
