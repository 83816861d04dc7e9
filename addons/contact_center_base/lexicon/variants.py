"""Other readings of a word: typed on the wrong keyboard layout, or Ukrainian in Latin letters."""

import re

_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~"
_CYRILLIC_KEYS = "йцукенгшщзхїфівапролджєячсмитьбю'" * 2
_TO_CYRILLIC_KEYS = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)
_TO_LATIN_KEYS = str.maketrans(_CYRILLIC_KEYS[:33] + "ыэъґ", _LATIN_KEYS[:33] + "s']u")

_TRANSLITERATION = {
    "shch": "щ", "szcz": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "cz": "ч", "sz": "ш",
    "iia": "ія", "iya": "ія", "ija": "ія", "yu": "ю", "iu": "ю", "ju": "ю", "ya": "я", "ia": "я", "ja": "я",
    "ye": "є", "ie": "є", "je": "є", "yi": "ї", "ji": "ї", "yy": "ий", "iy": "ий", "yj": "ий", "ij": "ий",
    "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "г", "i": "і", "j": "й", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "х", "y": "и", "z": "з",
}  # fmt: skip
_TRANSLITERATED = re.compile("|".join(sorted(_TRANSLITERATION, key=lambda latin: (-len(latin), latin))))


def other_layout(text: str) -> str:
    """Return ``text`` as the same keys give it on the other layout, Latin or Ukrainian.

    >>> other_layout('cdsnkj'), other_layout('адщщв')
    ('світло', 'flood')
    """
    if re.search("[a-zA-Z]", text):
        return text.translate(_TO_CYRILLIC_KEYS)
    return text.casefold().translate(_TO_LATIN_KEYS)


def to_cyrillic(word: str) -> str:
    """Return a Latin ``word`` in Ukrainian letters, by the official romanisation and the habits beside it.

    >>> to_cyrillic('osvitlennya')
    'освітлення'
    """
    return _TRANSLITERATED.sub(lambda match: _TRANSLITERATION[match.group()], word.casefold())
