"""The parts of permission for paid help, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from support_policy.core.explain import Texts
from support_policy.core.policy import Policy
from support_policy.core.reply import Reply
from support_policy.core.ticket import TicketRef
from support_policy.helpdesk import Conversation
from support_policy.permissions.answers import Permissions
from support_policy.permissions.asking import Asker
from support_policy.permissions.attend import AskingDesk, Attendance
from support_policy.permissions.hearing import Hearing
from support_policy.permissions.links import Links
from support_policy.permissions.panel import Panel, panel
from support_policy.permissions.permitters import Permitters
from support_policy.permissions.wording import Wording
from support_policy.permissions.work import Work
from support_policy.store.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidHelp:
    """What works the desks' events, the customers' page, and the staff's page, on one record."""

    ledger: Ledger
    attendance: Attendance
    permissions: Permissions
    work: Work

    def panel(self, ref: TicketRef, texts: Texts, now: datetime) -> Panel:
        """Where paid help on a ticket stands, for the agent beside it."""
        zone = self.permissions.policy.schedule.time_zone
        return panel(self.ledger.history(ref), texts, self.work.links, zone=zone, now=now)


def put_together(
    *,
    policy: Policy,
    replies: Iterable[Reply],
    links: Links,
    ledger: Ledger,
    permitters: Permitters,
    desks: Mapping[str, AskingDesk],
    language_of: Callable[[Conversation], str],
    public_keys: Callable[[], Mapping[str, object]],
    now: Callable[[], datetime],
) -> PaidHelp:
    """The parts on one record; ``now`` is the only clock of all of them.

    ``language_of`` tells a customer's language, ``en`` or ``fr``, from what they wrote.
    """
    by_name = {reply.name: reply for reply in replies}
    wording = Wording(policy=policy, replies=by_name, links=links)
    asker = Asker(policy=policy, wording=wording, permitters=permitters, language_of=language_of)
    return PaidHelp(
        ledger=ledger,
        attendance=Attendance(
            asker=asker,
            hearing=Hearing(links=links, permitters=permitters),
            wording=wording,
            links=links,
            ledger=ledger,
            desks=desks,
            now=now,
        ),
        permissions=Permissions(
            policy=policy,
            links=links,
            ledger=ledger,
            permitters=permitters,
            now=now,
            public_keys=public_keys,
        ),
        work=Work(links=links, ledger=ledger, now=now),
    )
