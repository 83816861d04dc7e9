"""Folding, tokens and stop words of Ukrainian, Polish, English and everyday Russian text.

Folding makes spellings comparable that people don't tell apart when they type in a hurry: case, apostrophes, Polish
letters without their marks, Ukrainian typed on a Russian keyboard, doubled consonants (``опалення``). Every Cyrillic
letter of the group і ї и ы becomes ``и``, of the group є е ё э becomes ``е``; ґ becomes г; soft and hard signs and
apostrophes vanish; й stays, because it tells endings apart.
"""

import re
import unicodedata
from typing import NamedTuple

APOSTROPHES = "'ʼ’‘`´′"
_LETTER = r"[^\W_]|[\u0300-\u036f]"
TOKEN = re.compile(f"(?:{_LETTER})+(?:[{APOSTROPHES}](?:{_LETTER})+)*")

_FOLDED_LETTERS = str.maketrans({
    "ł": "l", "đ": "d", "ø": "o",
    "і": "и", "ы": "и", "є": "е", "э": "е", "ґ": "г",
    "ь": "", "ъ": "",
    **dict.fromkeys(APOSTROPHES, ""),
})  # fmt: skip
_COMBINING_MARKS = re.compile("[\u0300-\u036f]")
_DOUBLED_CONSONANT = re.compile(r"([бвгджзклмнпрстфхцчшщ])\1")

_STOP_WORDS = {
    "uk": """
        а або адже але б без би бо був була були було буде будь в вам вас ваш ваша ваші ви від вже він вона вони воно
        все всі втім да де для до є ж за з зі і із й її їм їх його йому коли котрий кому ледь лише мене мені ми мій
        мною моя моє мої на навіть над нам нами нас наш наша наше наші не неї нею ним них ні ніж но ну о об один ось
        от перед під по поки при про просто прошу скажіть підкажіть та так також там те тебе ти тим тих то тобі того
        тоді той тому тут ту у усе усі хай хоч це цей ця ці цього цьому цю через чи що щоб щодо як яка який які яке
        якщо будь-ласка ласка доброго добрий день дня дуже ще можна треба хочу шановні алло слухаю дякую""",
    "ru": """
        без бы был была были было быть вас ваш вы где для его ее если есть еще же здесь из или им их как какой когда
        кто ли меня мне мой моя мы наш наша наши него нее ни них об он она они оно от очень по пожалуйста почему при
        про с сам свой скажите со так такой там тебе тебя тем то тоже только тот ты тут уже чем что чтобы эта эти это
        этот я надо можно хочу здравствуйте подскажите спасибо какие какая""",
    "pl": """
        a aby albo ale am ani az bardzo bez bo by byc byl byla bylo byly bym chce chcialbym chcialabym ci cie co czy
        dla do dzien dobry gdy gdzie go i ich ile im in inny ja jak jaka jaki jakie jako je jego jej jest jestem
        jeszcze juz kiedy kto ktora ktore ktory lub ma mam mamy mi mnie moj moja moje mozna mu my na nad nam nami nas
        nasz nasza nasze naszej naszym niech nim no o od on ona one oni ono oraz pan pani po pod poniewaz prosze przed
        przez przy sa sie skad soba swoj ta tak taki tam te tego tej ten tez to trzeba tu tutaj ty tylko tym u w we
        wam was wiec wy z za zas ze zeby zawsze halo dziekuje moge""",
    "en": """
        a about am an and any are as at be been but by can could do does for from had has have he her his how i if in
        into is it its me my of on or our please she so some that the their them there they this to was we were what
        when where which who will with would you your hello""",
}  # fmt: skip


class Token(NamedTuple):
    """A word of a text: as written (casefolded), folded, and its place in the text."""

    word: str
    folded: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return ``text`` without case, marks and the differences of spelling named in the module's docstring."""
    decomposed = unicodedata.normalize("NFC", text).casefold().replace("й", "\0").replace("ї", "і")
    stripped = _COMBINING_MARKS.sub("", unicodedata.normalize("NFD", decomposed))
    return _DOUBLED_CONSONANT.sub(r"\1", stripped.replace("\0", "й").translate(_FOLDED_LETTERS))


def tokenize(text: str) -> list[Token]:
    """Return the words of ``text`` in order, stop words included."""
    result = []
    for match in TOKEN.finditer(text):
        folded = fold(match.group())
        if folded:
            word = unicodedata.normalize("NFC", match.group()).casefold()
            result.append(Token(word, folded, match.start(), match.end()))
    return result


def is_cyrillic(word: str) -> bool:
    """Tell whether ``word`` holds a Cyrillic letter."""
    return any("Ѐ" <= letter <= "ӿ" for letter in word)


STOP_WORDS = frozenset(fold(word) for words in _STOP_WORDS.values() for word in words.split())


def content_tokens(text: str) -> list[Token]:
    """Return the words of ``text`` that carry meaning; all of them when it consists of stop words only."""
    tokens = tokenize(text)
    return [token for token in tokens if token.folded not in STOP_WORDS] or tokens
