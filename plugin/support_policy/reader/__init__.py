"""A customer's words become facts: cleaning, language, the policy's terms, and its model."""

from __future__ import annotations

import tomllib
from importlib.resources.abc import Traversable
from typing import Any

from support_policy.core.facts import READS_AS
from support_policy.core.policy import Policy
from support_policy.errors import PolicyError, Problem
from support_policy.reader.model import FILE, Model, load_model
from support_policy.reader.terms import TermReader, terms_from

__all__ = ["load_reader", "unread"]

_NOT_TERMS = "titles.toml"


def load_reader(folder: Traversable, policy: Policy | None = None) -> TermReader:
    """The reader of a policy folder: every TOML file in its ``terms`` but the facts' titles, and
    its model if it has one.

    Raises PolicyError with every problem of every file; with ``policy``, also when its rules ask
    for what no model of the folder can say, since each of them would be passed over in silence.
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
    reader = TermReader(terms_from(documents), model)
    if policy and (lacking := unread(policy, reader)):
        raise PolicyError(lacking)
    return reader


def unread(policy: Policy, reader: TermReader) -> tuple[Problem, ...]:
    """The judgements that rules ask for and the folder's model cannot give."""
    asked = {
        fact
        for rule in policy.rules
        for fact in (*rule.when.all_of, *rule.when.any_of, *rule.when.none_of)
        if fact.startswith(READS_AS)
    }
    lacking = ", ".join(sorted(asked - reader.vocabulary))
    if not lacking:
        return ()
    hint = "Take the model that came with the policy, or run support-policy learn."
    return (Problem(FILE, "", f"is missing or never learnt what rules ask for: {lacking}.", hint),)


def _model(folder: Traversable, problems: list[Problem]) -> Model | None:
    try:
        return load_model(folder)
    except PolicyError as error:
        problems += error.problems
        return None
