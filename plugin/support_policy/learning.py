"""Learning from a company's own tickets: which are held back, and when a new model is better."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from support_policy.core.facts import READS_AS
from support_policy.core.policy import Policy
from support_policy.core.scores import ClassScore, Evaluation
from support_policy.errors import SupportPolicyError
from support_policy.labelled import LabelledTicket, urgent_classes

LEAST = 30
"""Tickets with a category without which there is nothing to learn."""
LEAST_HELD_BACK = 10
_ONE_IN = 5
_UNNAMED = re.compile(r"line \d+")  # how a ticket without an id is called


class TooLittleError(SupportPolicyError):
    """There are too few tickets to learn from; the message says how many are needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Tickets to learn from, and those on which a model is tried that never saw them."""

    learnt: tuple[LabelledTicket, ...]
    held_back: tuple[LabelledTicket, ...]


def usable(tickets: Iterable[LabelledTicket]) -> tuple[LabelledTicket, ...]:
    """The tickets that name a category; a priority alone says not what a ticket is about."""
    return tuple(ticket for ticket in tickets if ticket.label.category is not None)


def voice_of(tickets: Sequence[LabelledTicket]) -> dict[str, str]:
    """For each text the name under which it is put on a side, the same for every repeat of it.

    That is the id of the first ticket with this text, or the text itself where there is none.
    """
    names: dict[str, str] = {}
    for ticket in tickets:
        words = words_of(ticket)
        unnamed = isinstance(ticket.id, str) and _UNNAMED.fullmatch(ticket.id)
        names.setdefault(words, words if unnamed else f"id {ticket.id}")
    return names


def words_of(ticket: LabelledTicket) -> str:
    """A ticket's text without what makes no difference: case, blanks, ends of lines."""
    return " ".join(f"{ticket.subject} {ticket.body}".casefold().split())


def sides(tickets: Sequence[LabelledTicket]) -> Sides:
    """About every fifth ticket is held back, and at least ten; TooLittleError if that cannot be.

    A hash of the id decides, so that a ticket stays on its side whatever else is in the file. Of
    few tickets the first by that hash make up the ten: with more tickets they may be learnt from,
    but what was learnt from is never held back.
    """
    categories = {ticket.label.category for ticket in tickets}
    if len(tickets) < LEAST or len(categories) < 2:
        raise TooLittleError(
            f"there are {len(tickets)} tickets with {len(categories)} different categories: "
            f"learning needs at least {LEAST} tickets with at least 2"
        )
    names = voice_of(tickets)
    places = {name: _place(name) for name in names.values()}
    placed = [(places[names[words_of(ticket)]], ticket) for ticket in tickets]
    border = max(1 / _ONE_IN, sorted(place for place, _ in placed)[LEAST_HELD_BACK - 1])
    found = Sides(
        learnt=tuple(ticket for place, ticket in placed if place > border),
        held_back=tuple(ticket for place, ticket in placed if place <= border),
    )
    if len({ticket.label.category for ticket in found.learnt}) < 2:
        raise TooLittleError(
            f"{len(found.held_back)} of {len(tickets)} tickets are held back, and the others have "
            "fewer than 2 different categories: too many are repeats of one text or of one id, "
            "or of one kind"
        )
    return found


def _place(name: str) -> float:
    """Where a name stands between 0 and 1; the same on every machine."""
    digest = sha256(name.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)


def urgent(evaluation: Evaluation, policy: Policy) -> ClassScore:
    """The score of the classes that must not be missed, taken as one."""
    names = urgent_classes(policy)
    classes = [each for each in evaluation.whole.priority.classes if each.name in names]
    return ClassScore(
        name="/".join(names),
        tickets=sum(each.tickets for each in classes),
        decided=sum(each.decided for each in classes),
        right=sum(each.right for each in classes),
    )


def is_better(after: Evaluation, before: Evaluation, policy: Policy) -> bool:
    """Whether a model is worth having: more is right, and no more urgent tickets are missed.

    Priorities go before categories, and what can be defended before what is exactly right.
    """
    missed_more = urgent(after, policy).right < urgent(before, policy).right
    return not missed_more and _figures(after) > _figures(before)


def _figures(evaluation: Evaluation) -> tuple[float, ...]:
    priority, category = evaluation.whole.priority, evaluation.whole.category
    found = (priority.lenient, priority.strict, category.lenient, category.strict)
    return tuple(round(each or 0.0, 9) for each in found)  # sums in another order are no gain


def unasked(policy: Policy, tickets: Iterable[LabelledTicket]) -> tuple[str, ...]:
    """The categories of the tickets that no rule takes over from the model."""
    asked = {
        fact
        for rule in policy.classification
        if rule.category
        for fact in (*rule.when.all_of, *rule.when.any_of)
        if fact == READS_AS + rule.category
    }
    found = {ticket.label.category for ticket in tickets if ticket.label.category}
    return tuple(sorted(each for each in found if READS_AS + each not in asked))
