"""The code behind bin/ keeps what it promises where a machine is interrupted, shared or unusual."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import addons, clauses, postgres
from tools.process import READY_MARK, Failure, build_once, run


def test_an_interrupted_build_starts_afresh(tmp_path):
    folder = tmp_path / "built"

    def interrupted(target):
        (target / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_once(folder, interrupted)
    build_once(folder, lambda target: (target / "whole").touch())
    assert {path.name for path in folder.iterdir()} == {"whole", READY_MARK}


def test_a_finished_build_is_not_repeated(tmp_path):
    folder = build_once(tmp_path / "built", lambda target: None)
    build_once(folder, lambda target: pytest.fail("built twice"))


def test_a_failing_program_says_what_is_wrong():
    with pytest.raises(Failure, match=r"(?s)No listing\..*no/such/folder"):
        run(["ls", "/no/such/folder"], "No listing.")
    with pytest.raises(Failure, match="no-such-program is not on this machine"):
        run(["no-such-program"], "Nothing done.")


@pytest.mark.parametrize("length", [10, 80, 200])
def test_the_socket_path_never_exceeds_the_limit(length):
    folder = Path("/", "x" * length)
    socket = postgres._socket_folder(folder) / f".s.PGSQL.{postgres.PORT}"
    assert len(os.fsencode(socket)) <= postgres.MAX_SOCKET_PATH


def test_the_fingerprint_follows_code_and_data_but_not_tests(tmp_path, monkeypatch):
    monkeypatch.setattr(addons, "ADDONS", tmp_path)
    for name in ("models/thing.py", "tests/test_thing.py"):
        (tmp_path / "addon" / name).parent.mkdir(parents=True)
        (tmp_path / "addon" / name).write_text("1")
    before = addons.fingerprint()
    (tmp_path / "addon" / "tests" / "test_thing.py").write_text("2")
    assert addons.fingerprint() == before
    (tmp_path / "addon" / "models" / "thing.py").write_text("2")
    assert addons.fingerprint() != before


def test_clauses_are_read_from_decorators(tmp_path, monkeypatch):
    monkeypatch.setattr(clauses, "CHECKOUT", tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(
        "class TestIt:\n"
        "    @clause('KR-1', 'KR-2')\n"
        "    def test_method(self): pass\n"
        "@common.clause('KP-3')\n"
        "def test_function(): pass\n"
        "@other('KP-4')\n"
        "def test_other(): pass\n"
    )
    assert [(proof.clause_id, proof.test) for proof in clauses.collect_proofs()] == [
        ("KR-1", "TestIt.test_method"),
        ("KR-2", "TestIt.test_method"),
        ("KP-3", "test_function"),
    ]
