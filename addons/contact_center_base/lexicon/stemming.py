"""Light stemming: inflected forms of one word share at least one stem.

Snowball serves English. It has no Ukrainian algorithm, and its Polish one needs the Polish letters that residents
leave out and misses alternating sounds (``drodze`` and ``droga`` don't meet), so those two languages are stripped here,
on folded text. The alphabet decides: Cyrillic words are Ukrainian or Russian, Latin words Polish or English. A word has
several stems where sounds alternate (``будинок`` - ``будинку``), and because Polish and English aren't told apart.
"""

from functools import lru_cache

import snowballstemmer

from .text import fold, is_cyrillic

_VOWELS_CYRILLIC = frozenset("аеиоуюя")
_VOWELS_LATIN = frozenset("aeiouy")
_POLISH_LETTERS = frozenset("ąćęłńóśźż")


def _by_length(suffixes: str) -> tuple[str, ...]:
    return tuple(sorted({fold(suffix) for suffix in suffixes.split()}, key=lambda suffix: (-len(suffix), suffix)))


# Folded endings of Ukrainian and Russian nouns, adjectives and verbs, and of verbal nouns (прибирання, освещение).
_ENDINGS_CYRILLIC = _by_length("""
    ання анням аннях анню ення енням еннях енню иння янням яння ение ения ением ениях ание ания анием анию ению ании
    ении увати ювати овати увают уют юют юв ював ювали ували увала увало уе юе ует овали ировали
    ати яти ити ети ут ают яют ае яе ает яет еет ят ат ит ив ав ула али ала ало или ила ило яли яла яло ять
    ами ями ови еви ове ого его ому ему ими ая яя ое ее их ую юю ою ею ои ей ой ов ом ем ам ям ах ях ие ые
    а у и о е ю я""")  # fmt: skip
_ENDINGS_POLISH = _by_length("""
    owaniami owanie owania owaniu owaniem anie ania aniu aniem enie enia eniu eniem
    owac ujemy ujecie uje uja ujac ali ala alo aly ano ana any ane iono iona iony ione aja ajac
    iami ami iach ach iom om iow ow iem em iego ego iemu emu iej ej ich ych im ym imi ymi owi
    ie ia ii iu io i y a e u o""")  # fmt: skip
# Verbal theme that the infinitive and the present share: parkować - parkuje.
_THEMES_POLISH = ("owaniami", "owaniem", "owanie", "owania", "owaniu", "owac", "ujemy", "ujecie", "ujac", "uje", "uja")
_SOFTENED_POLISH = (("dzie", "d"), ("scie", "st"), ("dze", "g"), ("rze", "r"), ("cie", "t"), ("ce", "k"))
_SOFTENED_CYRILLIC = (("зі", "г"), ("ці", "к"), ("сі", "х"))

_english = snowballstemmer.stemmer("english")


def _strip(word: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= (2 if len(ending) == 1 else 3):
            return word[: -len(ending)]
    return word


def _without_fleeting_vowel(word: str, vowels: frozenset[str], fleeting: str) -> str | None:
    """``будинок`` gives ``будинк``; None where the last syllable isn't of that kind."""
    if len(word) >= 5 and word[-1] not in vowels and word[-2] in fleeting and word[-3] not in vowels:
        return word[:-2] + word[-1]
    return None


def _cyrillic_stems(word: str, folded: str) -> list[str]:
    if len(folded) > 5 and folded.endswith("ся"):
        word, folded = word.rstrip("я").rstrip("с"), folded[:-2]
    if word.endswith(("ий", "ый")):
        return [_strip(folded[:-1], ("и",))]
    if word.endswith(("ій", "ії", "ія", "ію")):
        return [folded[:-1]]
    stem = _strip(folded, _ENDINGS_CYRILLIC)
    stems = [stem]
    for ending, consonant in _SOFTENED_CYRILLIC:
        if word.endswith(ending) and len(folded) > 3:
            stems.append(folded[:-2] + consonant)
    if stem == folded:
        fleeting = _without_fleeting_vowel(stem, _VOWELS_CYRILLIC, "ое")
        if fleeting:
            stems.append(fleeting)
        if len(word) > 2 and word.rstrip("ь")[-2:-1] == "і":
            stems += [stem[:-2] + "о" + stem[-1], stem[:-2] + "е" + stem[-1]]
    return stems


def _polish_stems(word: str, folded: str) -> list[str]:
    if len(word) > 5 and word.endswith(("ać", "ić", "yć")):
        return [folded[:-2]]
    for ending in _THEMES_POLISH:
        if folded.endswith(ending) and len(folded) - len(ending) >= 3:
            return [folded[: -len(ending)] + "ow"]
    stem = _strip(folded, _ENDINGS_POLISH)
    stems = [stem]
    for ending, consonant in _SOFTENED_POLISH:
        if folded.endswith(ending) and len(folded) - len(ending) >= 2:
            stems.append(folded[: -len(ending)] + consonant)
            break
    if stem == folded:
        fleeting = _without_fleeting_vowel(stem, _VOWELS_LATIN, "e")
        if fleeting:
            stems.append(fleeting)
        if len(word) > 5 and word.endswith(("ań", "eń")):
            stems.append(folded[:-2])
    return stems


@lru_cache(maxsize=50_000)
def stems(word: str) -> tuple[str, ...]:
    """Return the possible stems of one casefolded ``word``, the likeliest first.

    >>> stems('вулиці')[0] == stems('вулицею')[0]
    True
    >>> stems('drodze')
    ('drodz', 'drog')
    """
    folded = fold(word)
    if len(folded) < 3 or folded[0].isdigit():
        return (folded,)
    if is_cyrillic(folded):
        found = _cyrillic_stems(word, folded)
    else:
        found = _polish_stems(word, folded)
        if not _POLISH_LETTERS.intersection(word):
            found.append(_english.stemWord(folded))
    return tuple(dict.fromkeys(found))
