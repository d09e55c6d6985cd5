"""Index sets of a compiled case: names, padded sizes and noise streams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from allegiance.cases.names import Names, names_of
from allegiance.cases.schema import CaseFile, Table

BUCKETS: dict[str, tuple[int, ...]] = {
    "power": (2, 4, 8, 16, 32),
    "client": (2, 4, 8, 12, 20, 32, 64, 128, 256),
    "theatre": (1, 2, 4, 8, 16),
    "region": (2, 4, 8, 16, 20, 24, 32, 64, 128, 256),
    "side": (2, 4, 6, 8),
    "site": (1, 4, 8, 16),
}
"""Lengths to which axes are padded, so that many cases share few compiled programs."""

LETTERS = {"p": "power", "q": "power", "c": "client", "k": "theatre", "r": "region", "s": "side"}
LETTERS |= {"b": "site"}

FIRST_PAD_STREAM = 200
"""Noise streams from here on belong to padding."""


class Labels(NamedTuple):
    """Names along each axis, without padding; regions as `theatre/region`."""

    powers: tuple[str, ...]
    clients: tuple[str, ...]
    theatres: tuple[str, ...]
    regions: tuple[str, ...]
    sides: tuple[str, ...]
    sites: tuple[str, ...]


class Axes(NamedTuple):
    """Names and padded sizes, by kind; `place` is the index of each name."""

    names: Names
    size: dict[str, int]
    place: dict[str, dict[str, int]]

    @property
    def labels(self) -> Labels:
        """The names as the results carry them."""
        return Labels(*self.names)

    def shape(self, letters: str) -> tuple[int, ...]:
        """Padded shape of an array whose axes are `letters` (`kps`)."""
        return tuple(self.size[LETTERS[letter]] for letter in letters)

    def at(self, letters: str, names: Iterable[str]) -> tuple[int, ...]:
        """Index of an entry, from the name along each axis."""
        return tuple(self.place[LETTERS[x]][name] for x, name in zip(letters, names, strict=True))

    def fill(self, letters: str, values: Mapping[Any, float], default: float = 0.0) -> np.ndarray:
        """Array of `default` with `values`, keyed by a name or by a tuple of names."""
        array = np.full(self.shape(letters), default, np.float32)
        for key, value in values.items():
            array[self.at(letters, (key,) if isinstance(key, str) else key)] = value
        return array

    def tables(
        self, letters: str, tables: Mapping[str, Table[Any] | None], default: float = 0.0
    ) -> np.ndarray:
        """Array of two axes: a table for each name of the first, its keys along the second."""
        flat = {
            (name, key): value
            for name, table in tables.items()
            if table
            for key, value in table.values.items()
        }
        return self.fill(letters, flat, default)

    def on(self, letter: str) -> np.ndarray:
        """1 where there is an entity, 0 where there is padding."""
        return self.fill(letter, dict.fromkeys(self.names.of(LETTERS[letter]), 1.0))

    def streams(self, kind: str, chosen: Sequence[int | None]) -> np.ndarray:
        """Noise streams [padded], by position where none is chosen; padding has its own."""
        real = [i if stream is None else stream for i, stream in enumerate(chosen)]
        first = max(FIRST_PAD_STREAM, len(real))
        pads = range(first, first + self.size[kind] - len(real))
        return np.array([*real, *pads], np.int32)


def axes_of(case: CaseFile, pad: bool = True) -> Axes:
    """The index sets of a case; without padding an empty axis still has length 1."""
    names = names_of(case)
    size = {}
    for kind, buckets in BUCKETS.items():
        count = max(len(names.of(kind)), 1)
        size[kind] = next(b for b in buckets if b >= count) if pad else count
    place = {kind: {name: i for i, name in enumerate(names.of(kind))} for kind in BUCKETS}
    return Axes(names, size, place)
