"""Milliseconds to answer ``GET /requests`` of Open311 with 1000 requests out of a million.

The rows are inserted by SQL: a million requests of ten years, every tenth not public, in eight topics and 500 streets.
A call is answered through the WSGI application, without a network between, counted against the limits and rendered.
The same rows by plain SQL, in the same run, tell how much of that is the database. The best of the rounds is held to
the limit: what else the machine does matters less.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence

from benchmarks._database import prepare

DATABASE = "bench_open311"
ADDON = "contact_center_base"
REQUESTS = 1_000_000
ROUNDS = 12
LIMIT_MS = 300
CODE = "bench"
TOPICS = 8
STREETS = 500
LATITUDE, LONGITUDE, REACH = 47.9, 33.4, 0.2
#: Calls that are measured, and the fewest requests that each must find.
CALLS = {
    "newest": ("page_size=1000", 1000),
    "page 20": ("page=20&page_size=1000", 1000),
    "open, one topic": ("status=open&service_code=T0", 300),
    "box": (f"bbox={LONGITUDE},{LATITUDE},{LONGITUDE + 0.02},{LATITUDE + 0.02}", 10),
    "changed": ("updated_after=2000-01-01", 1000),
    "in XML": ("page_size=1000", 1000),
}

INSERT = """
    INSERT INTO contact_center_request (
        company_id, number, category_id, description, channel, request_class, priority, restricted, is_public,
        publish_text, stage_id, state, registered_at, changed_at, deadline, clock_paused, street_id, house, district_id,
        owner_id, latitude, longitude, inform_by, finished_at, create_uid, create_date, write_uid, write_date
    )
    SELECT first.company_id, 'BENCH-' || n, (%(topics)s::int[])[1 + n %% %(topic_count)s],
        'A hole in the road, call 050 123 45 67, number ' || n, 'api', first.request_class, first.priority, FALSE,
        n %% 10 > 0, n %% 3 = 0, first.stage_id, CASE WHEN n %% 4 > 0 THEN 'done' ELSE 'in_progress' END,
        first.registered_at - n * INTERVAL '5 minutes', first.registered_at - n * INTERVAL '4 minutes', first.deadline,
        FALSE, (%(streets)s::int[])[1 + n %% %(street_count)s], (n %% 200)::text, first.district_id, first.owner_id,
        %(latitude)s + random() * %(reach)s, %(longitude)s + random() * %(reach)s, 'phone',
        CASE WHEN n %% 4 > 0 THEN first.registered_at END, 1, first.create_date, 1, first.write_date
    FROM contact_center_request first, generate_series(1, %(count)s) AS n
    WHERE first.id = %(first)s
"""
PLAIN = """
    SELECT request.number, request.state, category.code, category.name, request.description, owner.name,
           request.registered_at, request.changed_at, request.deadline, street.search_name, request.house,
           request.latitude, request.longitude
      FROM contact_center_request request
      JOIN contact_center_category category ON category.id = request.category_id
 LEFT JOIN res_partner owner ON owner.id = request.owner_id
 LEFT JOIN contact_center_street street ON street.id = request.street_id
     WHERE request.company_id = %s AND request.is_public IS TRUE
       AND request.registered_at >= now() AT TIME ZONE 'UTC' - interval '90 days'
  ORDER BY request.registered_at DESC, request.id DESC
     LIMIT 1000
"""


def fill(env) -> str:
    """Make the city and its requests, unless they are there, and return a new key of it."""
    company = env.company
    if company.contact_center_code != CODE:
        company.contact_center_code = CODE
        env["contact.center.deadline.rule"].create(
            {"name": "Three working days", "amount": 3, "unit": "working_days", "default_for_class": "request"}
        )
        owner = env["res.partner"].create({"name": "City Roads", "is_company": True})
        topics = env["contact.center.category"].create(
            [{"code": f"T{number}", "name": f"Topic {number}", "owner_id": owner.id} for number in range(TOPICS)]
        )
        district = env["contact.center.district"].create({"name": "Centre", "code": "C"})
        streets = env["contact.center.street"].create(
            [{"name": f"Soborna {number}", "kind": "street", "district_id": district.id} for number in range(STREETS)]
        )
        first = env["contact.center.request"].create(
            [{"category_id": topics[0].id, "description": "First", "street_id": streets[0].id}]
        )
        env.flush_all()
        env.cr.execute(
            INSERT,
            {
                "topics": topics.ids,
                "topic_count": TOPICS,
                "streets": streets.ids,
                "street_count": STREETS,
                "latitude": LATITUDE,
                "longitude": LONGITUDE,
                "reach": REACH,
                "count": REQUESTS,
                "first": first.id,
            },
        )
        env.cr.execute("ANALYZE")
    env["contact.center.api.key"].search([]).unlink()
    key = env["contact.center.api.key"].create({"name": "Bench", "read_limit": 100_000})._make()
    env.cr.commit()
    return key


def measure(call) -> tuple[float, float]:
    """Return the milliseconds of the fastest and of the middle one of many rounds, after one that nobody counts."""
    call()
    took = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - started))
    return min(took), statistics.median(took)


def main(_arguments: Sequence[str] = ()) -> int:
    """Print how long each call takes; 1 when one takes longer than the limit or finds too little."""
    from werkzeug.test import Client

    from odoo import SUPERUSER_ID, api
    from odoo.http import root
    from odoo.modules.registry import Registry
    from odoo.tools import config

    def local(environ, start_response):
        return root({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

    prepare(DATABASE, [ADDON])
    config["db_name"] = [DATABASE]
    registry = Registry(DATABASE)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        key, company_id = fill(env), env.company.id
    client, headers = Client(local), {"X-API-Key": key}
    missed = False

    with registry.cursor() as cr:

        def read_plainly():
            cr.execute(PLAIN, [company_id])
            cr.fetchall()

        plain, _median = measure(read_plainly)
    print(f"{'plain SQL':16}: best {plain:6.1f} ms")
    for name, (query, fewest) in CALLS.items():
        ending = "xml" if name == "in XML" else "json"
        path = f"/open311/v2/requests.{ending}?{query}"
        answer = client.get(path, headers=headers)
        found = answer.data.count(b"<request>") if ending == "xml" else len(answer.json)
        best, median = measure(lambda path=path: client.get(path, headers=headers).data)
        missed |= best > LIMIT_MS or found < fewest or answer.status_code != 200
        ratio = f"{best / plain:4.1f} x plain SQL" if found == 1000 else ""
        print(f"{name:16}: best {best:6.1f} ms, median {median:6.1f} ms, {found:4} requests {ratio}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
