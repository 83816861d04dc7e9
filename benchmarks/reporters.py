"""Fifty residents who report at the same time on the public page, for a minute, against several workers.

Each reads the form, takes the few seconds that the form wants, and sends it; every fifth taps twice. They come by the
loopback, each report from an address of its own as behind a city's proxy. Nothing may be lost, doubled or refused: as
many requests as pages that thank, one for each form, with numbers that follow each other.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import requests

from benchmarks._database import prepare

DATABASE = "bench_reporters"
ADDON = "contact_center_base"
CODE = "bench"
REPORTERS = 50
SECONDS = 60
WORKERS = 4
#: What the form takes for a person's pace, and a little.
FILLING_SECONDS = 3.5
STARTING_SECONDS = 120
PATIENCE_SECONDS = 60
_NUMBER = re.compile(r'<dd class="fs-4">([^<]+)</dd>')
_HIDDEN = re.compile(r'name="(csrf_token|form_token)" value="([^"]*)"')


@dataclass
class Outcome:
    """What reporters got: the numbers they were thanked with, one for each form, how long it took, what went wrong."""

    numbers: list = field(default_factory=list)
    seconds: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def fill(env) -> int:
    """Set up the city on first use and return the id of the topic that is reported."""
    city = env.company
    if city.contact_center_code != CODE:
        city.contact_center_code = CODE
        env["contact.center.deadline.rule"].create(
            {"name": "Three working days", "amount": 3, "unit": "working_days", "default_for_class": "request"}
        )
        env["contact.center.category"].create({"code": "LAMP", "name": "Street lamp is off"})
        city._get_request_sequence()
    return env["contact.center.category"].search([("code", "=", "LAMP")]).id


def find_port() -> int:
    """Return a free port of the loopback."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def serve() -> Iterator[str]:
    """Run a server with several workers and give its address."""
    port = find_port()
    script = str(Path(__file__).with_name("_server.py"))
    command = [sys.executable, script, "-d", DATABASE, "--http-interface", "127.0.0.1", "--proxy-mode"]
    command += ["--http-port", str(port), "--gevent-port", str(find_port()), "--workers", str(WORKERS)]
    command += ["--max-cron-threads", "0", "--log-level", "error"]
    server = subprocess.Popen(command, start_new_session=True)
    url = f"http://127.0.0.1:{port}/contact-center/{CODE}/new"
    try:
        wait(url)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=PATIENCE_SECONDS)


def wait(url: str) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(requests.RequestException):
            if requests.get(url, timeout=PATIENCE_SECONDS).ok:
                return
        time.sleep(1)
    raise TimeoutError("the server didn't start")


def report(session: requests.Session, url: str, data: dict, headers: dict) -> str:
    """Send the form once and return the number on the page that thanks."""
    answer = session.post(url, data=data, headers=headers, timeout=PATIENCE_SECONDS)
    number = _NUMBER.search(answer.text)
    if answer.status_code != requests.codes.ok or not number:
        raise ValueError(f"{answer.status_code} at {answer.url[-60:]}")
    return number.group(1)


def be_reporter(url: str, place: int, topic: int, until: float) -> Outcome:
    """Report again and again until a moment."""
    outcome = Outcome()
    for turn in itertools.count():
        if time.monotonic() >= until:
            return outcome
        address = f"10.{place}.{turn // 250}.{turn % 250 + 1}"
        headers = {"X-Forwarded-For": address, "X-Forwarded-Host": url.split("/")[2]}
        try:
            with requests.Session() as session:
                page = session.get(url, headers=headers, timeout=PATIENCE_SECONDS)
                hidden = dict(_HIDDEN.findall(page.text))
                time.sleep(FILLING_SECONDS)
                data = {**hidden, "category_id": topic, "description": f"Lamp {place}-{turn}", "consent": "1"}
                started = time.perf_counter()
                numbers = {report(session, url, data, headers) for _tap in range(2 if turn % 5 == 0 else 1)}
                outcome.seconds.append(time.perf_counter() - started)
        except (requests.RequestException, ValueError) as error:
            outcome.faults.append(str(error))
            continue
        outcome.numbers.append(numbers.pop())
        outcome.faults.extend(f"doubled as {number}" for number in numbers)
    raise AssertionError("unreachable")


def main(argv: Sequence[str] = ()) -> int:
    """Print the figures; the argument is the number of seconds (60). 1 when a report was lost, doubled or refused."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    seconds = int(argv[0]) if argv else SECONDS
    prepare(DATABASE, [ADDON])
    registry = Registry(DATABASE)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        topic = fill(env)
        before = max(env["contact.center.request"].search([]).ids, default=0)
    with serve() as url, ThreadPoolExecutor(REPORTERS) as pool:
        until = time.monotonic() + seconds
        outcomes = list(pool.map(lambda place: be_reporter(url, place, topic, until), range(REPORTERS)))
    thanked = [number for outcome in outcomes for number in outcome.numbers]
    taken = [value for outcome in outcomes for value in outcome.seconds]
    faults = [fault for outcome in outcomes for fault in outcome.faults]
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        kept = env["contact.center.request"].search([("id", ">", before)]).mapped("number")
    serials = sorted(int(number.rpartition("-")[2]) for number in kept)
    gaps = serials[-1] - serials[0] + 1 - len(serials) if serials else 0
    print(f"{len(thanked)} reports thanked for, {len(kept)} kept, {len(faults)} faults, {gaps} numbers left out")
    print(f"{len(thanked) / seconds:.1f} reports/s; sending took {statistics.median(taken):.2f} s in the median")
    for fault in sorted(set(faults))[:10]:
        print(f"  {fault}")
    return int(bool(faults or gaps) or not kept or sorted(thanked) != sorted(kept))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
