"""Requests registered per second, beside the tickets of OCA's ``helpdesk_mgmt`` with its ``_sla`` and ``_rating``.

Both run in the same database, on the same server, in turns. *One by one* commits each record, as operators do;
*batches* creates 1000 at once and commits, as an import does. Each side gets what a clerk would enter: who, what, a
category, and a deadline counted on a working calendar.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks._database import prepare

DATABASE = "bench_intake"
ADDONS = ("contact_center_base", "helpdesk_mgmt", "helpdesk_mgmt_sla", "helpdesk_mgmt_rating")
ROUNDS = 3
ONE_BY_ONE = 100
BATCH = 1000

# The least ratios: as fast one by one, three times as fast in batches.
REQUIRED = {"one by one": 1.0, "batches of 1000": 3.0}


def make_requests(env) -> Callable[[int], list[dict]]:
    """Return a function that gives the values of so many requests; sets up their city first."""
    category = env["contact.center.category"].search([("code", "=", "BENCH")])
    if not category:
        env["contact.center.deadline.rule"].create(
            {"name": "Three working days", "amount": 3, "unit": "working_days", "default_for_class": "request"}
        )
        category = env["contact.center.category"].create({"code": "BENCH", "name": "Pothole"})
    partner = env["res.partner"].create({"name": "Resident"})

    def values(count: int) -> list[dict]:
        return [
            {
                "category_id": category.id,
                "partner_id": partner.id,
                "phone": "+380501234567",
                "description": "A hole in the road",
                "latitude": 47.9,
                "longitude": 33.4,
            }
            for _number in range(count)
        ]

    return values


def make_tickets(env) -> Callable[[int], list[dict]]:
    """Return a function that gives the values of so many tickets; sets up their team and its agreement first."""
    team = env["helpdesk.ticket.team"].search([("name", "=", "Bench")])
    if not team:
        team = env["helpdesk.ticket.team"].create(
            {"name": "Bench", "use_sla": True, "resource_calendar_id": env.company.resource_calendar_id.id}
        )
        stage = env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        env["helpdesk.sla"].create({"name": "Three days", "days": 3, "team_ids": team.ids, "stage_id": stage.id})
    category = env["helpdesk.ticket.category"].create({"name": "Pothole"})
    partner = env["res.partner"].create({"name": "Resident"})

    def values(count: int) -> list[dict]:
        return [
            {
                "name": "Pothole",
                "team_id": team.id,
                "category_id": category.id,
                "partner_id": partner.id,
                "description": "A hole in the road",
            }
            for _number in range(count)
        ]

    return values


def one_by_one(env, model: str, values: Callable[[int], list[dict]]) -> float:
    """Return records per second, each created and committed by itself."""
    started = time.perf_counter()
    for vals in values(ONE_BY_ONE):
        env[model].create([vals])
        env.cr.commit()
        env.invalidate_all()
    return ONE_BY_ONE / (time.perf_counter() - started)


def in_batches(env, model: str, values: Callable[[int], list[dict]]) -> float:
    """Return records per second, 1000 created and committed together."""
    started = time.perf_counter()
    env[model].create(values(BATCH))
    env.cr.commit()
    env.invalidate_all()
    return BATCH / (time.perf_counter() - started)


def main(_arguments: Sequence[str] = ()) -> int:
    """Print the figures of both sides and their ratios; 1 when a ratio is below the required one."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    prepare(DATABASE, ADDONS)
    missed = False
    with Registry(DATABASE).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        sides = {
            "contact.center.request": make_requests(env),
            "helpdesk.ticket": make_tickets(env),
        }
        cr.commit()
        for name, measure in (("one by one", one_by_one), ("batches of 1000", in_batches)):
            for model, values in sides.items():
                measure(env, model, values)  # warm up
            rates = {model: [] for model in sides}
            for _round in range(ROUNDS):
                for model, values in sides.items():
                    rates[model].append(measure(env, model, values))
            ours, theirs = (statistics.median(rates[model]) for model in sides)
            ratio = statistics.median(a / b for a, b in zip(*rates.values(), strict=True))
            missed |= ratio < REQUIRED[name]
            print(f"{name:16}: {ours:7.0f} requests/s, {theirs:7.0f} tickets/s, ratio {ratio:.2f}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
