"""The texts of checks: neutral, of no party, in three languages by turns.

They speak of weather, rivers and arithmetic, so that nothing can be read into them, and
each comes with the one sentence that is expected back. They are exercise text in every mode:
they prove a line and inform of nothing.

Source: domain study of keepclear, 2 (the line of 1963 was tested with neutral texts that
avoid innuendo) and 5d; the sentences are common knowledge, written for keepclear.
"""

from __future__ import annotations

from typing import NamedTuple

MARK = "CHECK TEXT"
"""Stands before every one of them: who reads it alone must not take it for news."""


class CheckText(NamedTuple):
    """What is sent, and what is expected back.

    Attributes:
        language: "en", "ru" or "fr".
        text: the sentence.
        expected: the answer to it.
    """

    language: str
    text: str
    expected: str


_ENGLISH = (
    ("Seven and five make twelve.", "Twelve less five leaves seven."),
    ("The Danube rises in the Black Forest.", "It flows into the Black Sea."),
    ("Water freezes at zero degrees Celsius.", "Ice melts at the same temperature."),
    ("A week has seven days.", "Two weeks have fourteen."),
    ("The Nile flows from south to north.", "It ends in a delta."),
    ("Clouds form when moist air cools.", "They dissolve when it warms."),
)
_RUSSIAN = (
    ("Семь и пять будет двенадцать.", "Двенадцать без пяти будет семь."),
    ("Волга впадает в Каспийское море.", "Она берёт начало на Валдае."),
    ("Вода замерзает при нуле градусов.", "Лёд тает при той же температуре."),
    ("В неделе семь дней.", "В двух неделях четырнадцать."),
    ("Лена течёт с юга на север.", "Она впадает в море Лаптевых."),
    ("Облака образуются, когда влажный воздух остывает.", "Они тают, когда он нагревается."),
)
_FRENCH = (
    ("Sept et cinq font douze.", "Douze moins cinq font sept."),
    ("La Loire se jette dans l'Atlantique.", "Elle prend sa source au mont Gerbier de Jonc."),
    ("L'eau gèle à zéro degré.", "La glace fond à la même température."),
    ("Une semaine compte sept jours.", "Deux semaines en comptent quatorze."),
    ("Le Rhône traverse le lac Léman.", "Il se jette dans la Méditerranée."),
    ("Les nuages se forment quand l'air humide refroidit.", "Ils se dissipent quand il chauffe."),
)

TEXTS: tuple[CheckText, ...] = tuple(
    CheckText(language, f"{MARK}: {text}", f"{MARK}: {expected}")
    for row in zip(_ENGLISH, _RUSSIAN, _FRENCH, strict=True)
    for language, (text, expected) in zip(("en", "ru", "fr"), row, strict=True)
)
"""All of them, the language changing with each."""


def text_for(number: int) -> CheckText:
    """The text whose turn it is.

    Args:
        number: any whole number; each that follows changes the language.
    """
    return TEXTS[number % len(TEXTS)]
