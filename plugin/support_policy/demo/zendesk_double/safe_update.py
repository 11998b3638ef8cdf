"""Safe updates: refused when the ticket changed since it was read."""

from __future__ import annotations

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.clock import read_iso
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import conflict, invalid
from support_policy.demo.zendesk_double.tickets import Ticket


def check_stamp(account: Account, ticket: Ticket, asked: Json) -> None:
    """Refuse an outdated write; `safe_update: false` asks for the check just as `true` does."""
    if "safe_update" not in asked:
        return
    stamp = read_iso(asked.get("updated_stamp"))
    if stamp is None:
        raise invalid("updated_stamp", "Updated stamp: is required for a safe update", "BlankValue")
    if account.faults.spend("conflict_next"):
        account.tickets.touch(ticket)
        if account.faults.concurrent_change is not None:
            account.faults.concurrent_change(ticket.id)
        raise conflict()
    # To the second, as Zendesk's own dates are: two writes within one are not told apart.
    if stamp != ticket.updated_at:
        raise conflict()
