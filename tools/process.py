"""Small helpers around processes, messages and folders that are built once."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

READY_MARK = ".ready"
TAIL_LINES = 25


class Failure(Exception):
    """Something the person at the keyboard has to act on: the message says what is wrong and what to do."""

    def __init__(self, message: str, status: int = 1):
        super().__init__(message)
        self.status = status


def say(message: str) -> None:
    """Print one progress line at once, also when the output is a pipe."""
    print(message, flush=True)


def run(command: Sequence[str | Path], problem: str, *, env: Mapping[str, str] | None = None, **options) -> str:
    """Run a command to its end and return its output.

    :param problem: what to tell when it fails, in front of the end of its output
    :param options: further arguments of :func:`subprocess.run`
    :raise Failure: the command is missing or ended with an error
    """
    arguments = [str(part) for part in command]
    try:
        done = subprocess.run(
            arguments,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **options,
        )
    except FileNotFoundError as error:
        raise Failure(f"{problem}\nThe program {error.filename} is not on this machine.") from error
    if done.returncode:
        raise Failure(f"{problem}\n{tail(done.stdout)}\nThe command was: {' '.join(arguments)}")
    return done.stdout


def tail(text: str) -> str:
    """The last lines of an output, enough to see why a program stopped."""
    return "\n".join(text.splitlines()[-TAIL_LINES:])


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at ``path``; a second process waits until the first one is through."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build_once(folder: Path, build: Callable[[Path], None]) -> Path:
    """Return ``folder``, filled by ``build(folder)`` unless an earlier call completed it.

    A folder counts as complete only when its ready mark, written last, is there: a build that was
    interrupted starts afresh, and of two processes the second waits for the first.
    """
    mark = folder / READY_MARK
    if mark.exists():
        return folder
    with locked(folder.with_name(folder.name + ".lock")):
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            build(folder)
            mark.touch()
    return folder
