"""Makes a model from labelled tickets: offline, with scipy (the extra ``learn``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp

from support_policy.reader.features import message_features
from support_policy.reader.model import Model
from support_policy.reader.space import Array, Space, space_from
from support_policy.reader.terms import Message, TermReader

Progress = Callable[[str], None]

FITTED = 0.8
"""How much the tickets count against the wish for small weights."""
MOST = 110_000
"""Features kept, so that the file stays small."""
FOLDS = 5
RIGHT = 0.97
"""How often the model must be right where it says nothing of being unsure."""
_HELD = 100.0  # a few tickets of one category say nothing of how frequent it is
_ROUNDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A ticket with the category that a person gave it.

    Examples of one ``voice`` are never on both sides when the model is tried on tickets that it
    has not seen.
    """

    subject: str
    body: str
    category: str
    voice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """Weights; ``held`` says how dear it is to move the bias away from here."""

    weights: Array
    bias: Array
    held: float = 1.0

    def scores(self, matrix: csr_matrix) -> Array:
        return np.asarray(matrix @ self.weights + self.bias)


def train(
    examples: Sequence[Example],
    reader: TermReader,
    *,
    start: Model | None = None,
    about: Mapping[str, Any] | None = None,
    progress: Progress = lambda _: None,
) -> Model:
    """A model that fits the examples; with ``start``, one that stays near it where they are silent.

    Raises ValueError when there are no tickets, fewer than two categories, or nothing to go by.
    """
    if not examples:
        raise ValueError("there are no tickets")
    documents = documents_of(examples, reader)
    categories = _categories(examples, start)
    wanted = np.array([categories.index(each.category) for each in examples])
    space = space_from(documents, wanted, len(categories), start)
    if not len(space.keys):
        raise ValueError("no two tickets have a word in common: there is nothing to learn from")
    progress(f"{len(examples)} tickets, {len(space.keys)} features")
    fit = _fit(space.matrix(documents), wanted, _prior(space, categories, start))
    if len(space.keys) > MOST:
        space = space.smaller(MOST, np.linalg.norm(fit.weights, axis=1))
        fit = _fit(space.matrix(documents), wanted, _prior(space, categories, start))
    temperature, sure = (start.temperature, start.sure) if start else (1.0, 1.0)
    if start is None:
        progress("fitted; trying it on voices it has not seen")
        unseen = cross_scores(examples, documents, categories)
        temperature = _temperature(unseen, wanted)
        sure = _sure(unseen / temperature, wanted)
    return Model(
        categories=categories,
        keys=space.keys,
        scale=space.scale.astype(np.float16),
        weights=fit.weights.astype(np.float16),
        bias=fit.bias.astype(np.float32),
        temperature=round(temperature, 4),
        sure=round(sure, 4),
        about=dict(about or {}),
    )


def documents_of(examples: Iterable[Example], reader: TermReader) -> list[dict[str, set[int]]]:
    """The features of each example."""
    documents = []
    for each in examples:
        message = reader.understand(each.subject, each.body)
        documents.append(_features(message))
    return documents


def _features(message: Message) -> dict[str, set[int]]:
    return message_features(
        message.heard, message.tokens.sentences, message.subject_words, message.found
    )


def cross_scores(
    examples: Sequence[Example],
    documents: Sequence[Mapping[str, set[int]]],
    categories: tuple[str, ...],
) -> Array:
    """Scores of each example by a model that saw nothing of its voice."""
    voices = {voice: at for at, voice in enumerate(sorted({each.voice for each in examples}))}
    if len(voices) >= FOLDS:
        folds = [voices[each.voice] % FOLDS for each in examples]
    else:
        folds = [number % FOLDS for number in range(len(examples))]
    wanted = np.array([categories.index(each.category) for each in examples])
    scores = np.zeros((len(examples), len(categories)))
    for number in range(FOLDS):
        inside = [at for at, fold in enumerate(folds) if fold != number]
        outside = [at for at, fold in enumerate(folds) if fold == number]
        if not inside or not outside:
            continue
        seen = [documents[at] for at in inside]
        space = space_from(seen, wanted[inside], len(categories), None)
        fit = _fit(space.matrix(seen), wanted[inside], _prior(space, categories, None))
        scores[outside] = fit.scores(space.matrix([documents[at] for at in outside]))
    return scores


def _categories(examples: Sequence[Example], start: Model | None) -> tuple[str, ...]:
    found = {each.category for each in examples} | set(start.categories if start else ())
    if len(found) < 2:
        raise ValueError("there must be tickets of at least two categories")
    known = list(start.categories) if start else []
    return (*known, *sorted(found - set(known)))


def _prior(space: Space, categories: tuple[str, ...], start: Model | None) -> _Fit:
    """The weights to stay near: those of ``start``, or none."""
    weights = np.zeros((len(space.keys), len(categories)))
    bias = np.zeros(len(categories))
    if start:
        known = len(start.categories)
        kept = [at for at, key in enumerate(start.keys.tolist()) if key in space.rows]
        at = [space.rows[key] for key in start.keys[kept].tolist()]
        weights[at, :known] = start.weights[kept].astype(float)
        bias[:known] = start.bias
        bias[known:] = start.bias.min()
    return _Fit(weights=weights, bias=bias, held=_HELD if start else 1.0)


def _fit(matrix: csr_matrix, wanted: npt.NDArray[np.int_], prior: _Fit) -> _Fit:
    """A linear support vector machine for each category against the others, drawn to the prior.

    Its squared hinge leaves alone what is told well enough already: on tickets nobody had trained
    on it was right more often than logistic regression.
    """
    # A feature that is in none of the tickets stays where it was: it need not be solved for.
    moving = np.flatnonzero(np.diff(matrix.tocsc().indptr))
    inside = matrix[:, moving]
    transposed = inside.T.tocsr()
    sides = np.where(np.arange(len(prior.bias)) == wanted[:, None], 1.0, -1.0)
    before = matrix @ prior.weights + prior.bias
    shape = (len(moving) + 1, len(prior.bias))
    dear = np.ones((shape[0], 1))
    dear[-1] = prior.held

    def cost(flat: Array) -> tuple[float, Array]:
        moved = flat.reshape(shape)
        short = np.maximum(0.0, 1.0 - sides * (before + inside @ moved[:-1] + moved[-1]))
        slope = -2.0 * FITTED * sides * short
        gradient = np.vstack([transposed @ slope, slope.sum(axis=0)]) + dear * moved
        loss = FITTED * float((short**2).sum()) + 0.5 * float((dear * moved**2).sum())
        return loss, gradient.ravel()

    found = minimize(
        cost,
        np.zeros(shape).ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _ROUNDS, "maxcor": 8, "ftol": 1e-7},
    )
    moved = found.x.reshape(shape)
    weights = prior.weights.copy()
    weights[moving] += moved[:-1]
    return _Fit(weights=weights, bias=prior.bias + moved[-1])


def _temperature(scores: Array, wanted: npt.NDArray[np.int_]) -> float:
    """What scores must be divided by for their probabilities to be honest."""
    tried = np.geomspace(0.05, 5.0, 160)
    losses = [
        float((logsumexp(scores / t, axis=1) - (scores / t)[np.arange(len(wanted)), wanted]).mean())
        for t in tried
    ]
    return float(tried[int(np.argmin(losses))])


def _sure(scores: Array, wanted: npt.NDArray[np.int_]) -> float:
    """The least probability above which the model is right often enough."""
    likely = np.exp(scores.max(axis=1) - logsumexp(scores, axis=1))
    right = scores.argmax(axis=1) == wanted
    for least in np.linspace(0.2, 0.95, 76):
        kept = right[likely >= least]
        if len(kept) and kept.mean() >= RIGHT:
            return float(least)
    return 0.95
