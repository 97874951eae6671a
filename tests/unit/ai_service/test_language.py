"""Whether a text is English."""

from __future__ import annotations

import pytest

from ai_service.language import is_foreign


@pytest.mark.parametrize(
    "text",
    [
        "Ein Index macht das Lesen schneller, aber jede Änderung muss ihn auch pflegen.",
        "Un index rend la lecture plus rapide, mais il coûte à chaque écriture.",
        "El índice hace que la lectura sea más rápida, pero cada escritura es más lenta.",
        "الفهرس يجعل القراءة أسرع لكنه يبطئ الكتابة",
        "索引让读取更快，但写入更慢。",
    ],
)
def test_other_languages_are_noticed(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "An index makes reads faster, but each write has to keep it up to date.",
        "SELECT name FROM users",
        "",
        "🎉🎉🎉",
        "The Schadenfreude of a GmbH is not a reason.",
    ],
)
def test_english_and_short_texts_pass(text: str) -> None:
    assert not is_foreign(text)
