"""Where things are: the checkout, its private folder, and the cache shared by all checkouts of one user."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
ADDONS = CHECKOUT / "addons"
# Data of this checkout: databases, file stores, logs. Ignored by git.
LOCAL = CHECKOUT / ".local"
# Downloads, kept for every checkout of this user.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "contact-center"
