"""A stand-in for a Zendesk account, over real HTTP on 127.0.0.1: for tests and for the demo."""

from __future__ import annotations

from support_policy.demo.zendesk_double.double import ZendeskDouble
from support_policy.demo.zendesk_double.faults import Faults
from support_policy.demo.zendesk_double.plan import Plan
from support_policy.demo.zendesk_double.recorded import Recorded
from support_policy.demo.zendesk_double.sender import Sent

__all__ = ["Faults", "Plan", "Recorded", "Sent", "ZendeskDouble"]
