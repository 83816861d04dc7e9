"""A small puzzle that a browser solves while somebody fills in a form, and that costs robots time."""

import hashlib

#: Leading zero bits that a proof must have: about 16,000 attempts, a second on an old phone.
DIFFICULTY = 14


def is_proof(puzzle: str, answer: str, bits: int = DIFFICULTY) -> bool:
    """Tell whether the SHA-256 of ``puzzle:answer`` begins with so many zero bits.

    >>> is_proof("lamp", "no")
    False
    >>> is_proof("lamp", solve("lamp", 8), 8)
    True
    """
    digest = hashlib.sha256(f"{puzzle}:{answer}".encode(errors="replace")).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def solve(puzzle: str, bits: int = DIFFICULTY) -> str:
    """Return the first answer to a puzzle, as browsers find it.

    >>> solve("lamp", 0)
    '0'
    """
    number = 0
    while not is_proof(puzzle, str(number), bits):
        number += 1
    return str(number)
