"""A customer's words become facts: cleaning, language, the policy's terms, and its model."""

from __future__ import annotations

import tomllib
from importlib.resources.abc import Traversable
from typing import Any

from support_policy.errors import PolicyError, Problem
from support_policy.reader.model import Model, load_model
from support_policy.reader.terms import TermReader, terms_from

__all__ = ["load_reader"]

_NOT_TERMS = "titles.toml"


def load_reader(folder: Traversable) -> TermReader:
    """The reader of a policy folder: every TOML file in its ``terms`` but the facts' titles, and
    its model if it has one.

    Raises PolicyError with every problem of every file.
    """
    documents: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    terms = folder.joinpath("terms")
    files = sorted(terms.iterdir(), key=lambda file: file.name) if terms.is_dir() else []
    for file in files:
        name = f"terms/{file.name}"
        if not file.name.endswith(".toml") or file.name == _NOT_TERMS:
            continue
        try:
            documents[name] = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problems.append(Problem(name, "", f"cannot be read: {error}."))
    if not documents and not problems:
        problems.append(Problem("terms", "", "has no TOML file with terms."))
    model = _model(folder, problems)
    if problems:
        raise PolicyError(tuple(problems))
    return TermReader(terms_from(documents), model)


def _model(folder: Traversable, problems: list[Problem]) -> Model | None:
    try:
        return load_model(folder)
    except PolicyError as error:
        problems += error.problems
        return None
