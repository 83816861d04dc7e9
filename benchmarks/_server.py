"""Odoo as a script: with several workers it starts itself anew, which it can't when run as a module."""

from odoo.cli.command import main

if __name__ == "__main__":
    main()
