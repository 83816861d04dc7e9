"""Public holidays of a country, as a proposal for the free days of a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import holidays

#: Language of the addons -> language of the ``holidays`` package.
LANGUAGES: Mapping[str, str] = {"uk": "uk", "pl": "pl", "en": "en_US"}


@dataclass(frozen=True)
class PublicHoliday:
    """One holiday.

    :param day: its date
    :param names: name by language (``uk``, ``pl``, ``en``); English where the ``holidays`` package has no translation
    :param working: whether it is worked all the same, as holidays in Ukraine are under martial law. Such a day needs
        no ``Leave`` unless the city decides otherwise.
    """

    day: date
    names: Mapping[str, str]
    working: bool


def public_holidays(country: str, years: Iterable[int]) -> list[PublicHoliday]:
    """List the holidays of the years in the order of their dates, days off moved by law included.

    :param country: ISO 3166 code: ``UA``, ``PL`` or any other that the ``holidays`` package knows
    :raise NotImplementedError: for a country that it doesn't know
    """
    years = list(years)
    supported = holidays.country_holidays(country)
    categories = tuple({"public", "workday"} & set(supported.supported_categories))

    def names_in(language: str, categories: tuple[str, ...]) -> Mapping[date, str]:
        if language not in supported.supported_languages:
            language = LANGUAGES["en"]
        return holidays.country_holidays(country, years=years, language=language, categories=categories)

    free = names_in(LANGUAGES["en"], ("public",))
    names = {language: names_in(theirs, categories) for language, theirs in LANGUAGES.items()}
    return [
        PublicHoliday(day, {language: names[language][day] for language in LANGUAGES}, working=day not in free)
        for day in sorted(names["en"])
    ]
