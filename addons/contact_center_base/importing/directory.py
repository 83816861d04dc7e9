"""Records of one city by the names under which other systems know them."""

import re
from collections.abc import Iterable

from .values import RowError


def key_of(name: str) -> str:
    """Return the form in which names are compared: without regard to case and blanks.

    >>> key_of(" S  Berendo ST ")
    's berendo st'
    """
    return " ".join(name.split()).casefold()


def code_of(name: str) -> str:
    """Return a classifier code made of a name.

    >>> code_of("Metal/Household Appliances")
    'metal_household_appliances'
    """
    return re.sub(r"\W+", "_", key_of(name)).strip("_")


class Directory:
    """Finds classifier nodes, districts, streets and executors of a city, and adds missing ones where that is allowed.

    It remembers what it found, so make a new one after a rollback.

    :param profile: one ``contact.center.import.profile`` in the environment of the import.
    :param city: one ``res.company``.
    """

    def __init__(self, profile, city):
        self._env = profile.env
        self._city = city
        self._may_add = {
            "category": profile.create_categories,
            "district": profile.create_districts,
            "street": profile.create_streets,
            "owner": profile.create_executors,
        }
        self._ids = {
            "category": self._read("contact.center.category", ("name", "code")),
            "district": self._read("contact.center.district", ("name", "code")),
            "street": self._read("contact.center.street", ("search_name", "former_names")),
            "owner": {},
        }

    def find(self, kind: str, name: str) -> int:
        """Return the id of a record that :meth:`learn` has looked for.

        :param kind: ``category``, ``district``, ``street`` or ``owner``.
        :raises RowError: when there is none.
        """
        try:
            return self._ids[kind][key_of(name)]
        except KeyError as error:
            raise RowError(f"unknown_{kind}", value=name) from error

    def learn(self, kind: str, names: Iterable[str]) -> None:
        """Find the records of many names in one query and add the missing ones, where that is allowed."""
        known = self._ids[kind]
        missing = {key_of(name): name for name in names if key_of(name) not in known}
        if kind == "owner" and missing:
            known.update(self._read_owners(missing.values()))
            missing = {key: name for key, name in missing.items() if key not in known}
        if missing and self._may_add[kind]:
            known.update(getattr(self, f"_add_{kind}")(missing))

    # ------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------

    def _read(self, model: str, fields: tuple[str, ...]) -> dict[str, int]:
        """Return ``{key: id}`` of all records of the city; the first field wins where two records share a name."""
        rows = self._env[model].search_read([("company_id", "=", self._city.id)], fields, order="id desc")
        found = {}
        for field in reversed(fields):
            for row in rows:
                # Former names of a street stand in one field, separated by commas.
                names = (row[field] or "").split(",") if field == "former_names" else [row[field] or ""]
                found.update((key_of(name), row["id"]) for name in names if name.strip())
        return found

    def _read_owners(self, names: Iterable[str]) -> dict[str, int]:
        domain = [
            ("is_company", "=", True),
            ("company_id", "in", [False, self._city.id]),
            ("name", "in", list(names)),
        ]
        return {key_of(row["name"]): row["id"] for row in self._env["res.partner"].search_read(domain, ["name"])}

    # ------------------------------------------------------------
    # Adding
    # ------------------------------------------------------------

    def _add(self, model: str, missing: dict[str, str], prepare) -> dict[str, int]:
        records = self._env[model].create([{"company_id": self._city.id, **prepare(name)} for name in missing.values()])
        return dict(zip(missing, records.ids, strict=True))

    def _add_category(self, missing):
        # Names that differ in punctuation only share a code, so they are one node.
        by_code = {code_of(name): name for name in missing.values()}
        known = {code: self._ids["category"][code] for code in by_code if code in self._ids["category"]}
        fresh = {code: name for code, name in by_code.items() if code not in known}
        known |= self._add("contact.center.category", fresh, lambda name: {"name": name, "code": code_of(name)})
        return known | {key: known[code_of(name)] for key, name in missing.items()}

    def _add_district(self, missing):
        return self._add("contact.center.district", missing, lambda name: {"name": name})

    def _add_street(self, missing):
        return self._add("contact.center.street", missing, lambda name: {"name": name})

    def _add_owner(self, missing):
        return self._add("res.partner", missing, lambda name: {"name": name, "is_company": True})
