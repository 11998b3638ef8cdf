"""A hundred tickets with what the policy makes of each, written by hand in the demo's story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.live.osticket.customer import Request

from support_policy.demo import story
from support_policy.demo.story import StoryTicket

Way = Literal["web", "api", "agent"]
WAYS: tuple[Way, ...] = ("web", "api", "agent")

# The story counts priorities as django-helpdesk does; osTicket has no fifth.
PRIORITIES = {1: "Emergency", 2: "High", 3: "Normal", 4: "Low"}
PLANS = {
    "high": "Support policy: High, 1 hour expected",
    "medium": "Support policy: Medium, 4 hours expected",
    "low": "Support policy: Low, 24 hours expected",
    "sales": "Support policy: Sales, 1 business day expected",
    "accounts_billing": "Support policy: Accounts and billing, 5 business days expected",
    "management": "Support policy: Management, 5 business days expected",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One ticket, the way it comes in, and what must stand on it in the end."""

    written: StoryTicket
    way: Way

    @property
    def request(self) -> Request:
        """What its sender writes."""
        return Request(
            subject=self.written.subject,
            body=self.written.body.strip(),
            sender=self.written.requester,
            name=self.written.requester.partition("@")[0].title(),
            language=self.written.language,
        )

    @property
    def chosen(self) -> str:
        """The priority that an agent chooses in the form; nothing when they leave it."""
        return PRIORITIES[1] if self.way == "agent" and self.written.priority == 1 else ""

    @property
    def held(self) -> bool:
        """Whether nothing is promised before an agent looked."""
        return self.written.expect.held

    @property
    def category(self) -> str:
        """The class."""
        return "held" if self.held else self.written.expect.category

    @property
    def priority(self) -> str:
        """Customers cannot choose one here: a held ticket keeps osTicket's default."""
        if self.chosen:
            return self.chosen
        return "Normal" if self.held else PRIORITIES[self.written.expect.desk_priority]

    @property
    def plan(self) -> str:
        """The SLA plan that stands on the page."""
        target = self.written.expect.category.partition(".")[0]
        return "Default SLA" if self.held else PLANS[target]


def hundred() -> list[Wanted]:
    """Every ticket of the story by two ways, and two by the third as well."""
    tickets = story.load("first_response").tickets
    found = []
    for turn in (0, 1):
        for index, written in enumerate(tickets):
            found.append(Wanted(written=written, way=_way(written, index + turn)))
    found += [
        Wanted(written=tickets[index], way=_way(tickets[index], index + 2)) for index in (0, 8)
    ]
    assert len(found) == 100
    return found


def _way(written: StoryTicket, turn: int) -> Way:
    """The ways take turns, but for what only one of them can bring."""
    if written.key == "agent-chose-critical":
        return "agent"
    if "<" in written.body:  # the forms take hidden markup out before anybody can judge it
        return "api"
    if written.priority == 1 or written.expect.held:  # an agent's choice, and an agent's word
        return WAYS[turn % 2]
    return WAYS[turn % 3]
