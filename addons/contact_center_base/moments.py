"""Moments as Odoo keeps them (naive, in UTC) and as the clock and other libraries want them (with a time zone)."""

from datetime import timezone


def aware(moment):
    """Return a naive moment in UTC with its time zone."""
    return moment.replace(tzinfo=timezone.utc)


def naive(moment):
    """Return a moment with any time zone as a naive one in UTC."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
