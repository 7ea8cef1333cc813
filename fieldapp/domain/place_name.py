"""Finds the village or team that somebody meant: by its code, by its name, by its name without diacritics or kind."""

import re
from collections.abc import Iterable, Mapping

from fieldapp.domain.search_key import fold, nfc

_KIND = re.compile(r"^(?:to dan pho|tdp|khu pho|khoi pho|thon|lang|ban|buon|plei|to)\s+(?=\S)")


class Places:
    """Names and codes of places; what two places share names neither of them, unless one is spelled exactly so."""

    def __init__(self, names: Mapping[int, Iterable[str]]) -> None:
        self._exact: dict[str, set[int]] = {}
        self._folded: dict[str, set[int]] = {}
        self._bare: dict[str, set[int]] = {}
        for place, spellings in names.items():
            for spelling in spellings:
                self._exact.setdefault(nfc(spelling), set()).add(place)
                self._folded.setdefault(fold(spelling), set()).add(place)
                self._bare.setdefault(bare(spelling), set()).add(place)

    def find(self, text: str) -> int | None:
        """The place, or None where there is none or more than one; `is_shared` tells which."""
        return next((next(iter(found)) for found in self._ways(text) if len(found) == 1), None)

    def is_shared(self, text: str) -> bool:
        return any(len(found) > 1 for found in self._ways(text))

    def _ways(self, text: str) -> list[set[int]]:
        """Found by ever less of the spelling; what is found by more of it is not asked by less."""
        for index, key in ((self._exact, nfc(text)), (self._folded, fold(text)), (self._bare, bare(text))):
            if found := index.get(key):
                return [found]
        return []


def bare(text: str) -> str:
    """A name folded and without the word that says what kind of place it is."""
    return _KIND.sub("", fold(text))


def inside(name: str) -> str:
    """A place's name as it stands in the middle of a sentence: the word for its kind begins small."""
    return name[:1].lower() + name[1:] if _KIND.match(fold(name)) else name
