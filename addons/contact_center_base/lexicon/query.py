"""What a typed query asks for, and where a text answers it."""

import re

from .stemming import stems
from .text import STOP_WORDS, content_tokens, is_cyrillic, tokenize
from .variants import other_layout, to_cyrillic


def terms(text: str) -> list[str]:
    """Return the stems of the words of ``text`` that carry meaning, in order and repeated as in the text.

    For a full-text column: store them with ``to_tsvector('simple', …)`` and ask with :func:`term_groups`.
    """
    return [stem for token in content_tokens(text) for stem in stems(token.word)]


def alternatives(query: str) -> list[tuple[tuple[str, ...], ...]]:
    """Return, for each different word of ``query``, its readings; each reading is a tuple of stems.

    The first reading is the word as typed, then as the other keyboard layout gives it, then from Latin letters.
    """
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for token in content_tokens(query):
        # On the other layout some letters are punctuation marks, which end a token: look at all between two spaces.
        before = re.search(r"\S*$", query[: token.start]).group()
        after = re.match(r"\S*", query[token.end :]).group()
        typed = query[token.start : token.end]
        other_texts = [other_layout(typed), other_layout(before + typed + after)]
        if not is_cyrillic(token.folded):
            other_texts.append(to_cyrillic(token.folded))
        readings = [stems(token.word)]
        for text in other_texts:
            readings += [stems(other.word) for other in tokenize(text) if other.folded not in STOP_WORDS]
        found.setdefault(token.folded, tuple(dict.fromkeys(readings)))
    return list(found.values())


def term_groups(query: str) -> list[tuple[str, ...]]:
    """Return, for each different word of ``query``, the stems any of which answers it."""
    return [tuple(dict.fromkeys(stem for reading in readings for stem in reading)) for readings in alternatives(query)]


def highlight(text: str, query: str) -> list[tuple[int, int]]:
    """Return the places (start, end) of the words of ``text`` that answer ``query``, in order.

    A word answers when it shares a stem with a word of the query, or begins with it (three letters at least).
    """
    wanted = {stem for group in term_groups(query) for stem in group}
    beginnings = tuple(token.folded for token in content_tokens(query) if len(token.folded) >= 3)
    return [
        (token.start, token.end)
        for token in content_tokens(text)
        if token.folded.startswith(beginnings) or not wanted.isdisjoint(stems(token.word))
    ]
