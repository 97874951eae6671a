"""Guesses whether a text is English, the only language the offline evaluator reads."""

from __future__ import annotations

from ai_service.text import STOP_WORDS, words

LEAST_WORDS = 5

# The commonest small words of the languages likeliest to be typed instead; those that are English too left out.
_FOREIGN = frozenset(
    """der die das und ist nicht ein eine einen dem den zu mit auf sich auch wenn ich wir dass wird sind oder
    le la les des une est et pour dans que qui avec sur pas nous je il elle ce cette sont mais donc
    el los las una es y por para con que se del su como pero porque cuando en al lo
    il lo gli una che di per con non sono della nel alla anche perché quando
    o os um uma e não com mais dos das ao pelo isso quando
    de het een van niet dat ik wij maar ook naar voor als zijn wordt""".split()
) - {"die", "a", "as", "me", "is", "on", "in", "e"}


def is_foreign(text: str) -> bool:
    """Whether most of `text` seems to be in another language; False if there is too little to tell."""
    letters = [character for character in text if character.isalpha()]
    latin = sum(character < "\u0250" for character in letters)
    if letters and latin / len(letters) < 0.5:
        return True
    all_words = words(text)
    english = sum(word in STOP_WORDS for word in all_words)
    foreign = sum(word in _FOREIGN and word not in STOP_WORDS for word in all_words)
    return len(all_words) >= LEAST_WORDS and foreign > 1 and foreign > english
