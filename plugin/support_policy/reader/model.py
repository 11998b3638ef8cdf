"""The statistical part of the reader: a linear model over words, letter groups and facts.

It is data: a file of weights, made by ``tools/train_reader.py`` or ``support-policy learn``, and
read with numpy alone.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from support_policy.core.facts import READS_AS
from support_policy.errors import PolicyError, Problem
from support_policy.reader.deciding import deciding
from support_policy.reader.features import message_features
from support_policy.reader.phrases import Hit
from support_policy.reader.tokens import Tokens

FILE = "model.npz"
FORMAT = 1
UNSURE = f"{READS_AS}unsure"
_TYPES = {
    "keys": np.uint32,
    "scale": np.float16,
    "weights": np.float16,
    "bias": np.float32,
    "about": np.uint8,
}
_LARGEST = 32 << 20
_A_GUESS = 0.25

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a message reads as, the words that decided, and whether the model is sure."""

    category: str
    sure: bool
    words: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Weights for each feature and category.

    ``keys`` are the features, the least first; ``scale`` is what each weighs before a message is
    brought to length one; ``weights`` has a row for each feature and a column for each category;
    ``temperature`` turns scores into honest probabilities; below ``sure`` a person should look.
    """

    categories: tuple[str, ...]
    keys: npt.NDArray[np.uint32]
    scale: npt.NDArray[np.float16]
    weights: npt.NDArray[np.float16]
    bias: Floats
    temperature: float
    sure: float
    about: Mapping[str, Any]

    @property
    def vocabulary(self) -> frozenset[str]:
        """The names of the facts that a judgement can become."""
        return frozenset([*(READS_AS + category for category in self.categories), UNSURE])

    def known(self, features: set[int]) -> Rows:
        """The rows of those features that the model learnt about, in order: sums never vary."""
        asked = np.fromiter(features, np.uint32, len(features))
        asked.sort()
        rows = np.searchsorted(self.keys, asked)
        rows[rows == len(self.keys)] = 0
        return np.asarray(rows[self.keys[rows] == asked])

    def scores(self, rows: Rows) -> tuple[Floats, Floats, Floats]:
        """For the rows of one message: each feature's share, its weights, and the scores."""
        share = self.scale[rows].astype(np.float32)
        share /= np.sqrt((share * share).sum())
        weights = self.weights[rows].astype(np.float32)
        # Sums by einsum: for so few numbers a BLAS with threads of its own would mostly wait.
        return share, weights, np.einsum("i,ij->j", share, weights) + self.bias

    def probabilities(self, scores: Floats) -> Floats:
        """One for each category; they add up to one."""
        hot = np.exp((scores - scores.max()) / self.temperature)
        return np.asarray(hot / hot.sum(), dtype=np.float32)

    def judge(
        self,
        words: list[str],
        tokens: Tokens,
        subject_words: int,
        found: Mapping[str, Sequence[Hit]],
    ) -> Judgement | None:
        """What a message reads as; None when nothing in it is known, or it would be a guess."""
        kinds = message_features(words, tokens.sentences, subject_words, found)
        rows = self.known(set().union(*kinds.values()))
        if not len(rows):
            return None
        share, weights, scores = self.scores(rows)
        probable = self.probabilities(scores)
        best = int(probable.argmax())
        if probable[best] < _A_GUESS:
            return None
        against = probable.copy()
        against[best] = 0
        against /= max(float(against.sum()), 1e-9)
        gains = share * (weights[:, best] - np.einsum("ij,j->i", weights, against))
        by_feature = dict(zip(self.keys[rows].tolist(), gains.tolist(), strict=True))
        name = READS_AS + self.categories[best]
        return Judgement(
            category=self.categories[best],
            sure=bool(probable[best] >= self.sure),
            words=tuple(
                Hit(name, first, last)
                for first, last in deciding(words, tokens, subject_words, found, by_feature)
            ),
        )


def load_model(folder: Traversable) -> Model | None:
    """The model of a policy folder; None when it has none.

    Raises PolicyError when the file is not a model of this format.
    """
    file = folder.joinpath(FILE)
    if not file.is_file():
        return None
    try:
        return model_from(file.read_bytes())
    except Exception as error:  # noqa: BLE001 - whatever a foreign file makes zip and numpy raise
        raise PolicyError(
            (
                Problem(
                    FILE,
                    "",
                    f"is not a model that this version can read: {error or type(error).__name__}.",
                    "Take the one that came with the policy, or run support-policy learn again.",
                ),
            )
        ) from None


def model_from(content: bytes) -> Model:
    """The model in the bytes of its file; raises, ValueError or another, when they hold none."""
    arrays = _arrays(content)
    keys, scale, weights, bias = (arrays[name] for name in _TYPES if name != "about")
    about = json.loads(arrays["about"].tobytes())
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ValueError("it has no format that is known")
    if not isinstance(about["categories"], list):
        raise TypeError("its categories are no list")
    categories = tuple(map(str, about["categories"]))
    temperature, sure = float(about["temperature"]), float(about["sure"])
    shapes = (keys.shape, scale.shape, weights.shape, bias.shape)
    count = (len(keys),)
    if shapes != (count, count, (*count, len(categories)), (len(categories),)):
        raise ValueError("its parts do not fit together")
    if len(set(categories)) != len(categories) or len(categories) < 2 or not len(keys):
        raise ValueError("it has too few categories or features, or one twice")
    if not (keys[1:] > keys[:-1]).all() or not (scale > 0).all():
        raise ValueError("its features are not in order")
    if UNSURE in {READS_AS + category for category in categories}:
        raise ValueError(f"{UNSURE!r} is no category")
    counts = (about.get("tickets", 0), about.get("learnt_from", 0))
    if not all(isinstance(each, int) for each in counts):
        raise TypeError("what it says of its tickets is no number")
    numbers = (scale, weights, bias, np.array([temperature, sure]))
    if not all(np.isfinite(each).all() for each in numbers) or not 1e-3 <= temperature <= 1e3:
        raise ValueError("it holds what is not a number")
    return Model(
        categories=categories,
        keys=keys,
        scale=scale,
        weights=weights,
        bias=bias,
        temperature=temperature,
        sure=sure,
        about=about,
    )


def _arrays(content: bytes) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a file, each of its type and no larger than what is there."""
    arrays = {}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(each.file_size for each in archive.infolist()) > _LARGEST:
            raise ValueError("it is too large")
        for name, kind in _TYPES.items():
            member = archive.read(f"{name}.npy")
            stream = BytesIO(member)
            np.lib.format.read_magic(stream)
            shape, by_column, found = np.lib.format.read_array_header_1_0(stream)
            if by_column or found != kind:
                raise ValueError(f"{name} is of another type")
            arrays[name] = np.frombuffer(member, kind, offset=stream.tell()).reshape(shape)
    return arrays


def content_of(model: Model) -> bytes:
    """The bytes of a model's file; the same model gives the same bytes."""
    about = {
        **model.about,
        "format": FORMAT,
        "categories": list(model.categories),
        "temperature": model.temperature,
        "sure": model.sure,
    }
    out = BytesIO()
    np.savez_compressed(
        out,
        keys=model.keys,
        scale=model.scale,
        weights=model.weights,
        bias=model.bias,
        about=np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8),
    )
    return out.getvalue()
