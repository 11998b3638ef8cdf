"""What `plan`, `apply` and `remove` ask of a help desk that can be set up from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Plan(Protocol):
    """What would be made, changed or deleted in a help desk."""

    def __bool__(self) -> bool:
        """Whether there is anything to do."""

    def lines(self) -> tuple[str, ...]:
        """The plan as a person reads it."""

    def check(self) -> None:
        """Raise RefusedError when nothing may be done before a person puts something right."""


class Installation(Protocol):
    """What the policy needs in one help desk."""

    def plan(self, *, adopt: bool = False) -> Plan:
        """Look, and change nothing; ``adopt`` takes over what is named like ours.

        Raises HelpDeskError.
        """

    def removal(self, *, keep_fields: bool) -> Plan:
        """What undoes all of it; ``keep_fields`` leaves the fields and their values on tickets."""

    def apply(self, plan: Plan, tell: Callable[[str], None]) -> None:
        """Carry out a plan of this installation, step by step; ``tell`` hears of each.

        What is done is written down at once, so that a run that was cut short goes on where it
        stopped. Raises HelpDeskError, RefusedError when all was tried and some of it was refused.
        """

    def advice(self) -> tuple[str, ...]:
        """What is next once all is made."""
