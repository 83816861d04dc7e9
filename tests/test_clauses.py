"""Every clause of the source regulations is proven by a test, or honestly listed as open."""

from __future__ import annotations

from tools import clauses


def test_tests_name_only_clauses_of_the_register():
    known = clauses.read_clauses()
    unknown = [proof for proof in clauses.collect_proofs() if proof.clause_id not in known]
    assert not unknown


def test_each_clause_is_proven_or_open():
    proven = {proof.clause_id for proof in clauses.collect_proofs()}
    accounted = proven.union(clauses.read_open())
    missing = [clause.id for clause in clauses.due(clauses.read_clauses()) if clause.id not in accounted]
    assert not missing, f"no test proves {', '.join(missing)}"


def test_open_list_holds_only_due_clauses_that_nothing_proves():
    still_open = clauses.read_open()
    due = {clause.id for clause in clauses.due(clauses.read_clauses())}
    proven = {proof.clause_id for proof in clauses.collect_proofs()}
    assert len(still_open) == len(set(still_open)), "an id is listed twice"
    assert not set(still_open) - due, "the open list names clauses that are unknown or not due yet"
    assert not proven.intersection(still_open), "these are proven: take them off the open list"


def test_register_is_sound():
    known = clauses.read_clauses()
    assert len(known) == 138
    assert {clause.addon for clause in known.values()} == {"base", "executor", "quality", "survey", "hr"}
    assert all(clause.text for clause in known.values())
