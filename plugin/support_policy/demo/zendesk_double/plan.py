"""What an account may use, by its plan."""

from __future__ import annotations

from enum import Enum


class Plan(Enum):
    """A Zendesk plan."""

    TEAM = "team"
    GROWTH = "growth"
    PROFESSIONAL = "professional"
    ENTERPRISE = "enterprise"

    @property
    def requests_per_minute(self) -> int:
        """The limit of the whole account."""
        return {Plan.TEAM: 200, Plan.ENTERPRISE: 700}.get(self, 400)

    @property
    def schedules(self) -> int:
        """How many business-hours schedules there may be."""
        return {Plan.TEAM: 0, Plan.ENTERPRISE: 1000}.get(self, 1)

    @property
    def has_slas(self) -> bool:
        """SLA policies exist from Suite Growth and Support Professional on."""
        return self is not Plan.TEAM

    @property
    def has_dynamic_content(self) -> bool:
        """Dynamic content comes with the same plans as SLA policies."""
        return self is not Plan.TEAM

    @property
    def has_forms(self) -> bool:
        """The double gives several ticket forms to every plan but Team."""
        return self is not Plan.TEAM
