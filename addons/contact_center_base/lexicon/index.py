"""Search by everyday words in a few thousand short texts, held in memory."""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .query import alternatives
from .stemming import stems
from .text import content_tokens

NAME_WEIGHT = 1.0
SYNONYM_WEIGHT = 0.9
CODE_WEIGHT = 1.0
CONTEXT_WEIGHT = 0.35

# How much a match counts against the same word itself.
PREFIX_QUALITY = 0.7
MISSPELLING_QUALITY = {1: 0.75, 2: 0.5}
OTHER_READING_QUALITY = 0.9


def split_synonyms(text: str) -> list[str]:
    """Return the synonyms of a semicolon- or line-separated list."""
    return [synonym.strip() for synonym in re.split("[;\n]", text) if synonym.strip()]


@dataclass(frozen=True, slots=True)
class Document:
    """A thing to find: its names in every language, everyday words for it, what stands above it, and its code."""

    id: int
    names: Sequence[str]
    synonyms: Sequence[str] = ()
    context: Sequence[str] = ()
    code: str = ""

    def weighted_phrases(self) -> Iterator[tuple[str, float]]:
        """Yield every phrase with its weight."""
        codes = (self.code,) if self.code else ()
        for phrases, weight in (
            (self.names, NAME_WEIGHT),
            (self.synonyms, SYNONYM_WEIGHT),
            (self.context, CONTEXT_WEIGHT),
            (codes, CODE_WEIGHT),
        ):
            for phrase in phrases:
                yield phrase, weight


@dataclass(frozen=True, slots=True)
class _Phrase:
    document: int
    weight: float
    information: float


class Index:
    """Finds documents by words in any language, inflection or spelling of theirs.

    A document is ranked by the phrase that answers the query best (rare words count more, and so does a phrase matched
    whole), then by how much of the query all its phrases hold together. The same documents and query always give the
    same order; equal scores keep the order of the documents.
    """

    def __init__(self, documents: Iterable[Document]):
        self._ids: list[int] = []
        self._phrases: list[_Phrase] = []
        self._postings: dict[str, list[int]] = {}
        self._build(documents)
        self._vocabulary = sorted(self._postings)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for stem in self._vocabulary:
            self._by_length[len(stem)].append(stem)
        self._expand = lru_cache(maxsize=10_000)(self._find_stems)

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, query: str, limit: int = 10) -> list[tuple[int, float]]:
        """Return up to ``limit`` pairs of document id and score (higher is better), the best first."""
        best_phrase: dict[int, float] = defaultdict(float)
        together: dict[int, float] = defaultdict(float)
        phrase_gains: dict[int, float] = defaultdict(float)
        for readings in alternatives(query):
            gains: dict[int, float] = {}
            for stem, quality in self._expand(readings):
                gain = quality * self._information[stem]
                for phrase in self._postings[stem]:
                    if gain > gains.get(phrase, 0.0):
                        gains[phrase] = gain
            document_gains: dict[int, float] = {}
            for number, gain in gains.items():
                phrase_gains[number] += gain
                phrase = self._phrases[number]
                weighted = gain * phrase.weight
                if weighted > document_gains.get(phrase.document, 0.0):
                    document_gains[phrase.document] = weighted
            for document, gain in document_gains.items():
                together[document] += gain
        for number, gain in phrase_gains.items():
            phrase = self._phrases[number]
            score = phrase.weight * gain * min(1.0, gain / phrase.information)
            best_phrase[phrase.document] = max(best_phrase[phrase.document], score)
        scores = {document: best_phrase[document] + gain for document, gain in together.items()}
        ranked = sorted(scores, key=lambda document: (-round(scores[document], 6), document))
        return [(self._ids[document], round(scores[document], 6)) for document in ranked[:limit]]

    def _build(self, documents: Iterable[Document]) -> None:
        words_of_phrases = []
        documents_of_stem: dict[str, set[int]] = defaultdict(set)
        for position, document in enumerate(documents):
            self._ids.append(document.id)
            for text, weight in document.weighted_phrases():
                words = {stems(token.word) for token in content_tokens(text)}
                if words:
                    words_of_phrases.append((position, weight, words))
                    for stem in set().union(*words):
                        documents_of_stem[stem].add(position)
        total = len(self._ids)
        self._information = {
            stem: math.log(1 + (total - len(found) + 0.5) / (len(found) + 0.5))
            for stem, found in documents_of_stem.items()
        }
        postings: dict[str, list[int]] = defaultdict(list)
        for number, (position, weight, words) in enumerate(words_of_phrases):
            information = sum(min(self._information[stem] for stem in word) for word in words)
            self._phrases.append(_Phrase(position, weight, information))
            for stem in sorted(set().union(*words)):
                postings[stem].append(number)
        self._postings = dict(postings)

    def _find_stems(self, readings: tuple[tuple[str, ...], ...]) -> list[tuple[str, float]]:
        """Return the stems of the vocabulary that a word may mean, with the quality of each match.

        The readings are tried in order, the word as typed first; misspellings only when no reading is known.
        """
        quality = 1.0
        for reading in readings:
            found = self._known_stems(reading)
            if found:
                return [(stem, quality * match) for stem, match in found]
            quality = OTHER_READING_QUALITY
        quality = 1.0
        for reading in readings:
            found = self._misspelt_stems(reading[0])
            if found:
                return [(stem, quality * match) for stem, match in found]
            quality = OTHER_READING_QUALITY
        return []

    def _known_stems(self, reading: tuple[str, ...]) -> list[tuple[str, float]]:
        found = {stem: 1.0 for stem in reading if stem in self._postings}
        beginning = reading[0]
        if len(beginning) >= 3:
            for position in range(bisect_left(self._vocabulary, beginning), len(self._vocabulary)):
                stem = self._vocabulary[position]
                if not stem.startswith(beginning):
                    break
                found.setdefault(stem, PREFIX_QUALITY * len(beginning) / len(stem))
        return sorted(found.items())

    def _misspelt_stems(self, stem: str) -> list[tuple[str, float]]:
        edits = 0 if len(stem) < 4 else 1 if len(stem) < 7 else 2
        if not edits:
            return []
        close = [
            candidate
            for length in range(len(stem) - edits, len(stem) + edits + 1)
            for candidate in self._by_length.get(length, ())
        ]
        matches = process.extract(stem, close, scorer=OSA.distance, score_cutoff=edits, limit=None)
        nearest = min((distance for _stem, distance, _position in matches), default=0)
        return sorted(
            (candidate, MISSPELLING_QUALITY[distance])
            for candidate, distance, _position in matches
            if distance == nearest
        )
