"""Search in articles, as far as it needs no database: what to ask, what to show, what to remember (plain Python)."""

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from .lexicon import content_tokens, highlight, stems, term_groups, terms, tokenize

MAXIMUM_QUERY_LENGTH = 200
MAXIMUM_LOGGED_LENGTH = 120
# A tsvector holds one megabyte at most; no article comes near it, a pasted log file would.
MAXIMUM_TERMS = 20_000
MINIMUM_PREFIX_LENGTH = 3

_E_MAIL_OR_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*", re.IGNORECASE)
_DIGIT = re.compile(r"\d")

#: A word or a phrase: the stems of each of its words.
Phrase = tuple[tuple[str, ...], ...]


def search_terms(text: str) -> str:
    """Return what a text is found by: the stems of its words, and the words themselves for half-typed ones."""
    words = [token.folded for token in content_tokens(text)]
    return " ".join([*terms(text)[:MAXIMUM_TERMS], *dict.fromkeys(words[:MAXIMUM_TERMS])])


def phrase(text: str) -> Phrase:
    """Return a synonym as its words' stems."""
    return tuple(stems(token.word) for token in tokenize(text))


def tsqueries(words: str, synonyms: Iterable[Sequence[Phrase]]) -> list[str]:
    """Return one PostgreSQL ``tsquery`` for each different word of ``words``.

    A word is answered by its own stems, by words that begin with it, and by the synonyms of the phrases it takes part
    in, provided that the whole phrase was typed.

    :param synonyms: groups of phrases that mean the same.
    """
    words = words[:MAXIMUM_QUERY_LENGTH]
    groups = term_groups(words)
    typed = dict.fromkeys(token.folded for token in content_tokens(words))
    queries = [[_any_of(group, prefix=prefix)] for group, prefix in zip(groups, typed, strict=True)]
    for synonym_group in synonyms:
        for known in synonym_group:
            positions = _positions(known, groups)
            for position in positions:
                queries[position] += [_all_of(other) for other in synonym_group if other != known]
    return [" | ".join(dict.fromkeys(alternatives)) for alternatives in queries]


def matched_synonyms(words: str, synonyms: Iterable[tuple[Sequence[Phrase], str]]) -> list[str]:
    """Return the texts of the groups of synonyms that ``words`` touch.

    :param synonyms: pairs of the phrases of a group and its text.
    """
    groups = term_groups(words[:MAXIMUM_QUERY_LENGTH])
    return [text for phrases, text in synonyms if any(_positions(known, groups) for known in phrases)]


def _positions(known: Phrase, groups: Sequence[Sequence[str]]) -> set[int]:
    """Return which words of the query make up a phrase; none unless all of it was typed."""
    found = set()
    for word_stems in known:
        here = {position for position, group in enumerate(groups) if not set(word_stems).isdisjoint(group)}
        if not here:
            return set()
        found |= here
    return found


def _any_of(word_stems: Iterable[str], prefix: str = "") -> str:
    lexemes = [f"'{stem}'" for stem in word_stems]
    if len(prefix) >= MINIMUM_PREFIX_LENGTH:
        lexemes.append(f"'{prefix}':*")
    return "(" + " | ".join(lexemes) + ")"


def _all_of(known: Phrase) -> str:
    return "(" + " & ".join(_any_of(word_stems) for word_stems in known) + ")"


def snippet(text: str, query: str, length: int = 220) -> Markup:
    """Return a piece of a plain ``text`` as HTML, with what answers ``query`` in ``<mark>``.

    Everything else is escaped. The piece is the one with most answers, about ``length`` characters long.
    """
    text = " · ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    spans = highlight(text, query)
    start, end = _best_window(text, spans, length)
    parts = [escape("… " if start else "")]
    position = start
    for left, right in spans:
        if start <= left and right <= end:
            parts += [escape(text[position:left]), Markup("<mark>%s</mark>") % text[left:right]]
            position = right
    parts += [escape(text[position:end]), escape(" …" if end < len(text) else "")]
    return Markup("").join(parts)


def _best_window(text: str, spans: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    """Return the ends of the piece that holds most spans; it begins and ends between words."""
    anchor = 0
    most = 0
    for left, _right in spans:
        inside = sum(1 for other_left, other_right in spans if left <= other_left and other_right <= left + length)
        if inside > most:
            anchor, most = left, inside
    start = max(0, min(anchor - length // 5, len(text) - length))
    end = min(len(text), start + length)
    if start:
        start = text.find(" ", start, anchor) + 1 or anchor
    if end < len(text):
        end = max(text.rfind(" ", start, end), next((right for left, right in spans if left == anchor), start + 1))
    return start, end


def anonymise(words: str) -> str:
    """Return the words of a search without e-mails, addresses of pages and anything with digits (phones, documents)."""
    cleaned = _E_MAIL_OR_ADDRESS.sub(" ", words)
    kept = [token.word for token in tokenize(cleaned) if not _DIGIT.search(token.word)]
    return " ".join(kept)[:MAXIMUM_LOGGED_LENGTH].strip()
