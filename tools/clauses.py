"""Which test proves which clause of the source regulations.

A test names the clauses it proves with the decorator ``clause("KR-9.2.4", ...)``. This module reads the
decorators from the test files without importing them, and the clauses from docs/clauses.csv.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import addons
from tools.paths import CHECKOUT
from tools.process import Failure

REGISTER = CHECKOUT / "docs" / "clauses.csv"
OPEN_LIST = CHECKOUT / "docs" / "clauses-open.txt"
ADDON_PREFIX = "contact_center_"
TEST_FILES = ("addons/*/tests/**/test_*.py", "tests/**/test_*.py")


@dataclass(frozen=True)
class Clause:
    """One demand of a source regulation on the software; ``addon`` is the part of the suite that carries it."""

    id: str
    seed: str
    addon: str
    text: str


@dataclass(frozen=True)
class Proof:
    """One test function and the clause that it says it proves."""

    clause_id: str
    path: str  # relative to the checkout
    line: int
    test: str  # function, or Class.method


def read_clauses() -> dict[str, Clause]:
    """All clauses by their id, in the order of the register."""
    with REGISTER.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return {row[0]: Clause(*row) for row in rows}


def read_open() -> list[str]:
    """The ids of the clauses that no test proves yet, as they stand in the list."""
    lines = OPEN_LIST.read_text(encoding="utf-8").splitlines()
    return [clause_id for line in lines if (clause_id := line.partition("#")[0].strip())]


def due(clauses: dict[str, Clause]) -> list[Clause]:
    """The clauses of the addons that exist in this repository."""
    present = {name.removeprefix(ADDON_PREFIX) for name in addons.names()}
    return [clause for clause in clauses.values() if clause.addon in present]


def collect_proofs() -> list[Proof]:
    """Every clause named by a decorator of a test, in the order of files and lines."""
    paths = sorted({path for pattern in TEST_FILES for path in CHECKOUT.glob(pattern)})
    return [proof for path in paths for proof in _proofs_of(path)]


def _proofs_of(path: Path) -> Iterator[Proof]:
    name = path.relative_to(CHECKOUT).as_posix()

    def visit(node: ast.AST, owner: str) -> Iterator[Proof]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                yield from visit(child, f"{owner}{child.name}.")
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                for clause_id in _decorated_with(child, name):
                    yield Proof(clause_id, name, child.lineno, owner + child.name)

    yield from visit(ast.parse(path.read_text(encoding="utf-8"), str(path)), "")


def _decorated_with(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Iterator[str]:
    for decorator in function.decorator_list:
        if not isinstance(decorator, ast.Call):
            continue
        called = decorator.func
        if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)) != "clause":
            continue
        for argument in decorator.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                raise Failure(f"{name}:{argument.lineno}: clause() takes ids written out as strings.")
            yield argument.value


def table() -> str:
    """Each clause of the addons at hand with the tests that prove it, for people to read."""
    proofs: dict[str, list[str]] = {}
    for proof in collect_proofs():
        proofs.setdefault(proof.clause_id, []).append(f"{proof.path}:{proof.line} {proof.test}")
    still_open = set(read_open())
    clauses = due(read_clauses())
    lines = []
    for clause in clauses:
        lines.append(f"{clause.id}  {clause.text}")
        missing = "open" if clause.id in still_open else "NOT PROVEN"
        lines.extend(f"    {proof}" for proof in proofs.get(clause.id, [missing]))
    proven = sum(clause.id in proofs for clause in clauses)
    lines.append(f"{proven} of {len(clauses)} clauses proven, {len(still_open)} open")
    return "\n".join(lines)
