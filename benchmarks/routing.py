"""Requests sent to executors per second: 10,000 requests by 500 rules, through the method that registration calls.

What is measured is everything that follows: finding the rule with its reason in words, the assignments, the history,
the notices to the executors' people, and the commit. Creating the requests is not (see *intake*): it is done while no
rule is active.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence

from benchmarks._database import prepare

DATABASE = "bench_routing"
ADDON = "contact_center_executor"
REQUESTS = 10_000
RULES = 500
EXECUTORS = 50
TOPICS = 200
DISTRICTS = 10
STREETS = 500
PORTION = 1000

#: Seconds that it may take.
REQUIRED = 10.0


def make_city(env):
    """Return a new city with topics in a tree, streets in districts and executors with somebody in the portal."""
    city = env["res.company"].create({"name": f"Bench {time.time_ns()}"})
    env.user.company_ids += city
    env = env(context={**env.context, "allowed_company_ids": city.ids, "no_reset_password": True})
    env["contact.center.deadline.rule"].create(
        {"name": "Three working days", "amount": 3, "unit": "working_days", "default_for_class": "request"}
    )
    above = env["contact.center.category"].create(
        [{"code": f"B{number}", "name": f"Branch {number}"} for number in range(TOPICS // 10)]
    )
    env["contact.center.category"].create(
        [
            {"code": f"B{number}.T", "name": f"Topic {number}", "parent_id": above[number % len(above)].id}
            for number in range(TOPICS - len(above))
        ]
    )
    districts = env["contact.center.district"].create([{"name": f"District {number}"} for number in range(DISTRICTS)])
    env["contact.center.street"].create(
        [{"name": f"Street {number}", "district_id": districts[number % DISTRICTS].id} for number in range(STREETS)]
    )
    partners = env["res.partner"].create(
        [{"name": f"Executor {number}", "is_company": True} for number in range(EXECUTORS)]
    )
    executors = env["contact.center.executor"].create([{"partner_id": partner.id} for partner in partners])
    env["res.users"].create(
        [
            {
                "name": f"Operator of {executor.name}",
                "login": f"bench-{city.id}-{executor.id}",
                "group_ids": [(6, 0, env.ref("contact_center_executor.group_executor").ids)],
                "company_id": city.id,
                "company_ids": [(6, 0, city.ids)],
                "contact_center_executor_id": executor.id,
            }
            for executor in executors
        ]
    )
    return city.with_env(env)


def make_rules(city, dice: random.Random):
    """Return archived rules of the city with all kinds of conditions; the last one is for every request."""
    env = city.env

    def ids(model: str, most: int) -> list[int]:
        return dice.sample(env[model].search([("company_id", "=", city.id)]).ids, dice.randint(1, most))

    executors = env["contact.center.executor"].search([("company_id", "=", city.id)])
    rows = []
    for number in range(RULES - 1):
        lead, other = dice.sample(executors, 2)
        row = {"category_ids": ids("contact.center.category", 3), "executor_id": lead.id, "sequence": number}
        if number % 2:
            row["district_ids"] = ids("contact.center.district", 3)
        if number % 5 == 0:
            row["street_ids"] = ids("contact.center.street", 20)
        if number % 7 == 0:
            row["working_time"] = "outside"
        if number % 10 == 0:
            row["co_executor_ids"] = other.ids
        rows.append(row)
    rows.append({"executor_id": executors[0].id, "sequence": RULES})
    return env["contact.center.routing.rule"].create([{**row, "active": False} for row in rows])


def make_requests(city, dice: random.Random):
    """Return requests of the city that nobody got; they are committed in portions."""
    env = city.env
    topics = env["contact.center.category"].search([("company_id", "=", city.id)]).ids
    streets = env["contact.center.street"].search([("company_id", "=", city.id)]).ids
    made: list[int] = []
    while len(made) < REQUESTS:
        made += (
            env["contact.center.request"]
            .create(
                [
                    {
                        "category_id": dice.choice(topics),
                        "street_id": dice.choice(streets),
                        "house": str(dice.randint(1, 99)),
                        "description": "Something is broken",
                    }
                    for _number in range(PORTION)
                ]
            )
            .ids
        )
        env.cr.commit()
        env.invalidate_all()
    return env["contact.center.request"].browse(made)


def main(_arguments: Sequence[str] = ()) -> int:
    """Print how long it took; 1 when it took longer than required or a request was left out."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    prepare(DATABASE, [ADDON])
    dice = random.Random(2026)
    with Registry(DATABASE).cursor() as cr:
        city = make_city(api.Environment(cr, SUPERUSER_ID, {}))
        rules = make_rules(city, dice)
        requests = make_requests(city, dice)
        rules.active = True
        cr.commit()
        city.env.invalidate_all()

        started = time.perf_counter()
        assignments = requests._route()
        cr.commit()
        seconds = time.perf_counter() - started
        used = len(assignments.routing_rule_id)
        left_out = len(requests - assignments.request_id)
    print(f"{REQUESTS} requests by {RULES} rules: {seconds:.1f} s, {REQUESTS / seconds:.0f} requests/s")
    print(f"{len(assignments)} assignments, {used} rules used, {left_out} requests left out")
    return int(seconds > REQUIRED or left_out > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
