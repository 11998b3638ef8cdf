"""The replies that the service sends by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from support_policy.core.policy import Fee
from support_policy.core.reply import Reply
from support_policy.errors import Problem


class Sent(StrEnum):
    """What a customer is told about paid help; each is the name of a reply."""

    REQUEST = "fee_request"
    MORE = "more_blocks_needed"
    REMINDER = "fee_reminder"
    RECEIPT = "fee_receipt"
    MORE_RECEIPT = "more_blocks_receipt"
    DECLINED = "fee_declined"
    EXPIRED = "fee_expired"
    VOIDED = "fee_voided"
    WITHDRAWN = "fee_withdrawn"
    SUMMARY = "fee_summary"
    NO_CHARGE = "fee_no_charge"
    WAIVED = "fee_waived"


def absent(replies: Iterable[Reply], *, fee: Fee | None) -> Iterator[Problem]:
    """The replies that a policy with a fee lacks: without one, a ticket is never told."""
    there = {reply.name for reply in replies}
    for name in Sent if fee else ():
        if name not in there:
            yield Problem(
                f"replies/{name}.toml",
                "",
                "is missing: the service sends it by this name, and [fee] is there.",
                "Copy it from the packaged policy mexxus, or leave [fee] out.",
            )
