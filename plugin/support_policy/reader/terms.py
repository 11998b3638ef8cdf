"""Facts by terms, the policy's own phrases held as data; and what the whole reads as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError
from typing import Any

from support_policy.core.facts import READS_AS, Fact, Facts, TextField
from support_policy.errors import PolicyError, Problem
from support_policy.reader.clean import clean
from support_policy.reader.compose import (
    Composed,
    Count,
    Found,
    Scope,
    apply_scopes,
    compose,
    count_domains,
    group,
    in_order,
)
from support_policy.reader.features import spoken
from support_policy.reader.language import own_language, tell_language
from support_policy.reader.model import UNSURE, Model
from support_policy.reader.phrases import PhraseError, Phrases, parse_phrase, written_out
from support_policy.reader.tokens import Tokens, tokenise

_SECTIONS = frozenset(["words", "shorthand", "facts", "composed", "counts", "scopes"])
_COMPOSED_KEYS = frozenset(["all", "any", "none", "within", "field"])
_SCOPE_KEYS = frozenset(["by", "reach", "words", "drops", "unless", "becomes"])
_INSTRUCTION = "injection.instruction"
_REACHES = ("after", "inside", "sentence", "earlier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All phrases, scopes, counts and composed facts of a policy, ready to be used.

    A fact whose name begins with an underscore is a part of others and is never reported.
    """

    phrases: Phrases
    scopes: tuple[Scope, ...]
    counts: tuple[Count, ...]
    composed: tuple[Composed, ...]
    vocabulary: frozenset[str]


def terms_from(documents: Mapping[str, Mapping[str, Any]]) -> Terms:
    """Put parsed term files together, in any order; keys are file names.

    Raises PolicyError with every problem of every file.
    """
    draft = _Draft()
    for file, document in documents.items():
        for section in document.keys() - _SECTIONS:
            draft.note(file, section, "is not a section of a terms file.")
        draft.sets[file] = {k: str(v) for k, v in document.get("words", {}).items()}
    for file, document in documents.items():
        draft.read_facts(file, document)
        draft.names |= document.get("composed", {}).keys() | document.get("counts", {}).keys()
        draft.names |= {str(s["becomes"]) for s in document.get("scopes", ()) if s.get("becomes")}
    for file, document in documents.items():
        draft.read_rest(file, document)
    return draft.finish()


@dataclass(slots=True)
class _Draft:
    """Terms while they are read."""

    problems: list[Problem] = field(default_factory=list)
    sets: dict[str, dict[str, str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    phrases: list[tuple[str, Any]] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    composed: dict[str, Composed] = field(default_factory=dict)

    def note(self, file: str, where: str, what: str) -> None:
        self.problems.append(Problem(file, where, what))

    def read_facts(self, file: str, document: Mapping[str, Any]) -> None:
        for name, phrases in document.get("facts", {}).items():
            self.names.add(name)
            if not isinstance(phrases, list):
                self.note(file, f"facts.{name}", "must be a list of phrases.")
                continue
            for phrase in phrases:
                try:
                    for spelt in written_out(str(phrase), document.get("shorthand", {})):
                        self.phrases.append((name, parse_phrase(spelt, self.sets[file])))
                except PhraseError as error:
                    self.note(file, f"facts.{name}", f"{phrase!r}: {error}.")

    def read_rest(self, file: str, document: Mapping[str, Any]) -> None:
        for name, table in document.get("counts", {}).items():
            self.counts.append(Count(name=name, at_least=int(table["domains"])))
        for name, table in document.get("composed", {}).items():
            self._composed(file, name, table)
        for number, table in enumerate(document.get("scopes", ()), 1):
            self._scope(file, f"scopes[{number}]", table)

    def _composed(self, file: str, name: str, table: Mapping[str, Any]) -> None:
        where = f"composed.{name}"
        for key in table.keys() - _COMPOSED_KEYS:
            self.note(file, where, f"{key!r} is not one of {', '.join(sorted(_COMPOSED_KEYS))}.")
        every = [self._names(file, where, item.split("|")) for item in table.get("all", ())]
        if "any" in table:
            every.append(self._names(file, where, table["any"]))
        if not every:
            self.note(file, where, "needs all or any.")
        within = table.get("within", "sentence")
        if within not in ("sentence", "message") and not isinstance(within, int):
            self.note(file, where, 'within is "sentence", "message" or a number of words.')
        if table.get("field", "subject") != "subject":
            self.note(file, where, 'field can only be "subject".')
        self.composed[name] = Composed(
            name=name,
            every=tuple(every),
            none=self._names(file, where, table.get("none", ())),
            within=within,
            subject_only="field" in table,
        )

    def _scope(self, file: str, where: str, table: Mapping[str, Any]) -> None:
        for key in table.keys() - _SCOPE_KEYS:
            self.note(file, where, f"{key!r} is not one of {', '.join(sorted(_SCOPE_KEYS))}.")
        if table.get("reach") not in _REACHES:
            self.note(file, where, f"reach is one of {', '.join(_REACHES)}.")
        self.scopes.append(
            Scope(
                by=(self._names(file, where, [str(table.get("by", ""))]) or ("",))[0],
                reach=str(table.get("reach")),
                words=int(table.get("words", 0)),
                drops=frozenset(self._names(file, where, table.get("drops", ()))),
                unless=self._names(file, where, table.get("unless", ())),
                becomes=str(table.get("becomes", "")),
            )
        )

    def _names(self, file: str, where: str, wanted: list[str] | tuple[str, ...]) -> tuple[str, ...]:
        """Names of facts, ``website.*`` standing for all that begin so."""
        found: list[str] = []
        for name in wanted:
            if name.endswith("*"):
                matching = sorted(each for each in self.names if each.startswith(name[:-1]))
            else:
                matching = [name] if name in self.names else []
            if not matching:
                self.note(file, where, f"there is no fact {name!r}.")
            found.extend(matching)
        return tuple(found)

    def finish(self) -> Terms:
        try:
            ordered = in_order(self.composed)
        except CycleError as error:
            ring = " > ".join(map(str, error.args[1]))
            self.note("terms", "composed", f"these facts need each other: {ring}.")
            ordered = ()
        if self.problems:
            raise PolicyError(tuple(self.problems))
        return Terms(
            phrases=Phrases(self.phrases),
            scopes=tuple(self.scopes),
            counts=tuple(self.counts),
            composed=ordered,
            vocabulary=frozenset(name for name in self.names if not name.startswith("_")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message on its way to facts; ``found`` holds parts of facts as well."""

    subject: str
    body: str
    tokens: Tokens
    subject_words: int
    found: Found

    @property
    def heard(self) -> list[str]:
        """The words that count: what a machine is told to do is not the customer's trouble."""
        return spoken(self.tokens, self.found.get(_INSTRUCTION, ()))


class TermReader:
    """A reader that knows its terms and, where there is a model, what people write besides."""

    def __init__(self, terms: Terms, model: Model | None = None) -> None:
        self._terms = terms
        self._model = model

    @property
    def vocabulary(self) -> frozenset[str]:
        """The names of every fact this reader can find."""
        learnt = self._model.vocabulary if self._model else frozenset()
        return self._terms.vocabulary | learnt

    def read(self, *, subject: str, body: str, language: str | None = None) -> Facts:
        """The facts in one message; ``language`` is the requester's own setting, which wins."""
        message = self.understand(subject, body)
        self._judge(message)
        facts = [
            _fact(name, hit.first, hit.last, message)
            for name, hits in message.found.items()
            if not name.startswith("_")
            for hit in hits
        ]
        facts.sort(key=lambda fact: (fact.field != "subject", fact.start, fact.name))
        return Facts(
            language=own_language(language) or tell_language(message.tokens),
            subject=message.subject,
            body=message.body,
            found=tuple(facts),
        )

    def understand(self, subject: str, body: str) -> Message:
        """The message cleaned, split, and with every fact of the terms, parts included."""
        cleaned_subject, cleaned_body = clean(subject, body)
        title, text = tokenise(cleaned_subject), tokenise(cleaned_body)
        tokens = _joined(title, text)
        found = group(self._terms.phrases.find(tokens))
        apply_scopes(found, self._terms.scopes, tokens)
        count_domains(found, self._terms.counts, tokens)
        compose(found, self._terms.composed, tokens, len(title.words))
        return Message(
            subject=cleaned_subject,
            body=cleaned_body,
            tokens=tokens,
            subject_words=len(title.words),
            found=found,
        )

    def _judge(self, message: Message) -> None:
        """Add what the model says as facts like any other: rules ask for them by name."""
        if self._model is None:
            return
        judged = self._model.judge(
            message.heard, message.tokens, message.subject_words, message.found
        )
        if judged is None or not judged.words:
            return
        message.found[READS_AS + judged.category] = list(judged.words)
        if not judged.sure:
            message.found[UNSURE] = list(judged.words)


def _joined(title: Tokens, text: Tokens) -> Tokens:
    """Subject and body as one run of words; the subject is a sentence of its own."""
    sentence, clause = title.sentence + 1, title.clause + 1
    return Tokens(
        words=title.words + text.words,
        kinds=title.kinds + text.kinds,
        starts=title.starts + text.starts,
        ends=title.ends + text.ends,
        sentences=title.sentences + [each + sentence for each in text.sentences],
        clauses=title.clauses + [each + clause for each in text.clauses],
    )


def _fact(name: str, first: int, last: int, message: Message) -> Fact:
    in_subject = first < message.subject_words
    field_: TextField = "subject" if in_subject else "body"
    text = message.subject if in_subject else message.body
    start, end = message.tokens.starts[first], message.tokens.ends[last]
    return Fact(name=name, field=field_, quote=text[start:end], start=start, end=end)
