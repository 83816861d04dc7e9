"""Open data as files (plain Python): rows into CSV and JSON while they are read, and their description.

The description follows the Data Package standard of the Open Knowledge Foundation, which data portals read.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from .moments import aware
from .tabular import guard_formula

#: Format of a file -> its media type.
FORMATS = {"csv": "text/csv", "json": "application/json"}
#: Licence code -> where its text stands.
LICENSES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
}
#: Rows that are turned into bytes at a time.
CHUNK = 500


class Column(NamedTuple):
    """One column of a dataset.

    :param type: of the Table Schema standard: ``string``, ``integer``, ``number``, ``boolean``, ``date``, ``datetime``.
    :param title: what it is, in the reader's language.
    """

    name: str
    type: str
    title: str


def write_rows(form: str, columns: Sequence[Column], rows: Iterable[Sequence]) -> Iterator[bytes]:
    """Yield the file of a dataset piece by piece.

    :param form: one of :data:`FORMATS`.
    :param rows: values in the order of the columns; moments are naive in UTC, ``None`` is an empty cell.
    """
    return {"csv": _write_csv, "json": _write_json}[form](columns, rows)


def _write_csv(columns, rows):
    """Yield a CSV as the standard asks for it: UTF-8, commas, quotes where needed; formulas are kept from running.

    >>> b"".join(_write_csv([Column("name", "string", "Name"), Column("open", "boolean", "Open")], [("a,b", True)]))
    b'name,open\\r\\n"a,b",true\\r\\n'
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(column.name for column in columns)
    for number, row in enumerate(rows, start=1):
        writer.writerow(map(_to_cell, row))
        if number % CHUNK == 0:
            yield _take(file)
    yield _take(file)


def _write_json(columns, rows):
    """Yield a JSON array with one object for each row.

    >>> b"".join(_write_json([Column("day", "date", "Day")], [(date(2026, 1, 31),), (None,)]))
    b'[\\n{"day": "2026-01-31"},\\n{"day": null}\\n]\\n'
    """
    file = io.StringIO()
    names = [column.name for column in columns]
    file.write("[\n")
    for number, row in enumerate(rows, start=1):
        values = dict(zip(names, map(_to_plain, row), strict=True))
        file.write((",\n" if number > 1 else "") + json.dumps(values, ensure_ascii=False))
        if number % CHUNK == 0:
            yield _take(file)
    file.write("\n]\n")
    yield _take(file)


def _take(file):
    """Return what was written into a text file so far, and empty it."""
    data = file.getvalue().encode()
    file.seek(0)
    file.truncate()
    return data


def _to_plain(value):
    """Return a value as JSON knows it."""
    if isinstance(value, datetime):
        return aware(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _to_cell(value):
    """Return a value as a cell of a CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return guard_formula(value) if isinstance(value, str) else _to_plain(value)


def describe_table(columns: Sequence[Column]) -> dict:
    """Return the Table Schema of a dataset."""
    return {"fields": [column._asdict() for column in columns], "missingValues": [""]}


def describe_package(city: Mapping, resources: Sequence[Mapping]) -> dict:
    """Return the description of all datasets of a city, to be sent as ``datapackage.json``.

    :param city: ``code``, ``name``, ``title``, ``url`` of the page of the data, ``license`` (of :data:`LICENSES`),
        ``created`` (naive in UTC) and ``version`` (the last day that is in).
    :param resources: one for each file, as the standard wants them.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"contact-center-{city['code']}",
        "title": city["title"],
        "homepage": city["url"],
        "version": _to_plain(city["version"]),
        "created": _to_plain(city["created"]),
        "licenses": [{"name": city["license"], "path": LICENSES[city["license"]]}],
        "contributors": [{"title": city["name"], "roles": ["publisher"]}],
        "resources": list(resources),
    }
