"""Which features a model looks at, and how much each counts before anything is learnt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from support_policy.reader.model import Model

Array = npt.NDArray[np.float64]

WEIGHTS = {
    "word": 1.0,
    "subject": 0.8,
    "pair": 0.8,
    "letters": 0.75,
    "fact": 1.0,
    "subject fact": 0.7,
}
"""What a feature of each kind counts; found by trial on tickets that were not trained on."""
TELLING = 0.35
"""How much more a feature counts that is found in few categories (a power of what it tells).

Without it the words in which people wrap what they say, the same for everything, drown what they
say: on real tickets this was worth more than any other choice here.
"""
SEEN = 2
"""Tickets that a feature must be in."""
_LEAST_TOLD = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Which features count, and how much."""

    keys: npt.NDArray[np.uint32]
    scale: Array
    rows: Mapping[int, int]

    def matrix(self, documents: Sequence[Mapping[str, set[int]]]) -> csr_matrix:
        """A row of length one for each document."""
        columns: list[int] = []
        ends = [0]
        for kinds in documents:
            known = {self.rows[key] for keys in kinds.values() for key in keys if key in self.rows}
            columns += sorted(known)
            ends.append(len(columns))
        values = self.scale[columns]
        for begin, end in pairwise(ends):
            values[begin:end] /= np.sqrt(values[begin:end] @ values[begin:end]) or 1.0
        return csr_matrix((values, columns, ends), shape=(len(documents), len(self.keys)))

    def smaller(self, most: int, says: Array) -> Space:
        """The features that say most; ``says`` is how much each one's weights do."""
        kept = np.sort(np.argsort(-(says * self.scale), kind="stable")[:most])
        return _space_of(self.keys[kept], self.scale[kept])


def space_from(
    documents: Sequence[Mapping[str, set[int]]],
    wanted: npt.NDArray[np.int_],
    classes: int,
    start: Model | None,
) -> Space:
    """The features in enough documents; those count more that are rare, or tell categories apart.

    Those of ``start`` count what they counted.
    """
    kinds: dict[int, str] = {}
    seen: Counter[int] = Counter()
    for document in documents:
        for kind, features in document.items():
            seen.update(features)
            for feature in features:
                kinds.setdefault(feature, kind)
    keys = np.array(sorted(key for key, count in seen.items() if count >= SEEN), dtype=np.uint32)
    space = _space_of(keys, np.ones(len(keys)))
    count = np.array([seen[key] for key in keys.tolist()])
    scale = np.log((1 + len(documents)) / (1 + count)) + 1
    scale *= np.array([WEIGHTS[kinds[key]] for key in keys.tolist()])
    scale *= _telling(space.matrix(documents), wanted, classes)
    if start is None:
        return _space_of(keys, scale)
    known = dict(zip(keys.tolist(), scale.tolist(), strict=True))
    known |= dict(zip(start.keys.tolist(), start.scale.astype(float).tolist(), strict=True))
    both = sorted(known)
    return _space_of(np.array(both, dtype=np.uint32), np.array([known[key] for key in both]))


def _telling(matrix: csr_matrix, wanted: npt.NDArray[np.int_], classes: int) -> Array:
    """How far each feature's share of the categories is from everybody's, one on average."""
    if not matrix.shape[1]:
        return np.ones(0)
    one_hot = np.eye(classes)[wanted]
    usual = np.maximum(one_hot.mean(axis=0), 1e-9)
    share = np.asarray(matrix.sign().T @ one_hot) + usual
    share /= share.sum(axis=1, keepdims=True)
    told = (np.sum(share * np.log(share / usual), axis=1).clip(min=0) + _LEAST_TOLD) ** TELLING
    return np.asarray(told / told.mean())


def _space_of(keys: npt.NDArray[np.uint32], scale: Array) -> Space:
    return Space(
        keys=keys, scale=scale, rows=dict(zip(keys.tolist(), range(len(keys)), strict=True))
    )
