"""The texts that staff and the service send about a ticket, and how a policy folder holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from support_policy.core.document import Table, parse
from support_policy.core.notation import tags
from support_policy.errors import PolicyError, Problem

# What each of them is filled with: docs/policy-language.md.
PLACES = frozenset(
    {
        "accepted_at",
        "accepted_by",
        "amount",
        "answer_address",
        "blocks",
        "charged_blocks",
        "code",
        "deadline",
        "maximum",
        "minutes",
        "policy_address",
        "policy_version",
        "price",
        "reason",
        "subject",
        "ticket",
        "total_maximum",
        "used_time",
        "work",
    }
)
# The address alone asks for nothing: on its page the whole request is read before any answer.
_OF_A_REQUEST = frozenset({"blocks", "code", "maximum", "total_maximum"})
_OF_A_RECEIPT = frozenset({"accepted_at", "amount", "charged_blocks", "used_time"})
_PLACE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A text about a ticket, in every language: to the customer, or a note for staff.

    ``tags`` are put on the ticket when it is used. One that ``needs_answer`` may be offered only
    where the service can take, and prove, what the customer answers; the others can be sent by
    anybody as they stand.
    """

    name: str
    clauses: tuple[str, ...]
    titles: tuple[tuple[str, str], ...]
    bodies: tuple[tuple[str, str], ...]
    tags: tuple[str, ...] = ()
    private: bool = False
    needs_answer: bool = False

    def title(self, language: str) -> str:
        """What an agent picks it by; LookupError in a language that it lacks."""
        return dict(self.titles)[language]

    def body(self, language: str) -> str:
        """The text, its places still to be filled; LookupError in a language that it lacks."""
        return dict(self.bodies)[language]

    @property
    def file(self) -> str:
        """Where its author finds it."""
        return f"replies/{self.name}.toml"

    @property
    def places(self) -> frozenset[str]:
        """The names between braces, in any of its languages."""
        return frozenset(name for _, body in self.bodies for name in places_of(body))

    @property
    def asks(self) -> bool:
        """Whether it asks a customer to agree to a price; a receipt tells what was done."""
        return self.may_name_fee and not _OF_A_RECEIPT & self.places

    @property
    def may_name_fee(self) -> bool:
        """Whether it is a request or a receipt; other news from the service names no price."""
        kinds = _OF_A_REQUEST | _OF_A_RECEIPT
        return self.needs_answer and not self.private and bool(kinds & self.places)


def places_of(text: str) -> frozenset[str]:
    """The names between braces in a text."""
    return frozenset(_PLACE.findall(text))


def has_loose_brace(text: str) -> bool:
    """Whether a brace stands in the text that is not part of a place."""
    return bool(re.search(r"[{}]", _PLACE.sub("", text)))


def load_replies(folder: Traversable) -> tuple[Reply, ...]:
    """The replies of a policy folder by name; a folder without any is fine.

    Raises PolicyError with every problem, each with its file and address.
    """
    problems: list[Problem] = []
    replies = tuple(_reply(file, problems) for file in _files(folder, problems))
    if problems:
        raise PolicyError(tuple(problems))
    return replies


def _files(folder: Traversable, problems: list[Problem]) -> Iterator[Traversable]:
    inside = folder.joinpath("replies")
    found = inside.iterdir() if inside.is_dir() else ()
    for file in sorted(found, key=lambda file: file.name):
        stem, _, suffix = file.name.rpartition(".")
        if file.name.startswith("."):
            continue  # what an editor or a file system keeps for itself
        if suffix != "toml" or not _NAME.match(stem):
            what = "is not read: a reply is a file such as decline_politely.toml"
            hint = "Use small letters, digits and underscores."
            problems.append(Problem(f"replies/{file.name}", "", what, hint))
        else:
            yield file


def _reply(file: Traversable, problems: list[Problem]) -> Reply:
    table = parse(_read(file, problems), file=f"replies/{file.name}", problems=problems)
    reply = Reply(
        name=file.name.removesuffix(".toml"),
        clauses=table.texts("clauses"),
        titles=_trimmed(table, "title"),
        bodies=_trimmed(table, "body"),
        tags=tags(table),
        private=bool(table.flag("private")),
        needs_answer=bool(table.flag("needs_answer")),
    )
    if not reply.clauses:
        table.problem("is missing; it must list the clauses that ask for this", key="clauses")
    table.close()
    return reply


def _trimmed(table: Table, key: str) -> tuple[tuple[str, str], ...]:
    return tuple((language, text.strip()) for language, text in table.bilingual(key))


def _read(file: Traversable, problems: list[Problem]) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(f"replies/{file.name}", "", f"cannot be read: {error}"))
        return ""
