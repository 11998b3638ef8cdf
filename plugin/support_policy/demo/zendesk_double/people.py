"""Who and what tickets belong to: users, organizations, groups, brands, locales."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.records import Ids, Json, Shelf
from support_policy.demo.zendesk_double.refusals import not_found

LOCALES: Final = (
    (1, "en-US", "English"),
    (16, "fr", "Français"),
    (1181, "en-CA", "English (Canada)"),
    (1187, "fr-CA", "Français (Canada)"),
)


@dataclass(slots=True, kw_only=True)
class Organization:
    """A customer's company."""

    id: int
    name: str
    tags: tuple[str, ...] = ()
    fields: Json = field(default_factory=dict)
    domain_names: tuple[str, ...] = ()
    created_at: str = ""

    def shown(self, url: str) -> Json:
        """As REST shows it."""
        return {
            "url": f"{url}/api/v2/organizations/{self.id}.json",
            "id": self.id,
            "name": self.name,
            "shared_tickets": False,
            "shared_comments": False,
            "external_id": None,
            "created_at": self.created_at,
            "updated_at": self.created_at,
            "domain_names": list(self.domain_names),
            "details": "",
            "notes": "",
            "group_id": None,
            "tags": list(self.tags),
            "organization_fields": dict(self.fields),
        }


@dataclass(slots=True, kw_only=True)
class User:
    """Somebody: an end user, an agent or an admin."""

    id: int
    email: str
    name: str
    role: str
    locale: str = "en-CA"
    organizations: list[int] = field(default_factory=list)
    fields: Json = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    created_at: str = ""

    @property
    def staff(self) -> bool:
        """Agents and admins."""
        return self.role != "end-user"

    @property
    def organization_id(self) -> int | None:
        """The default organization."""
        return self.organizations[0] if self.organizations else None

    def shown(self, url: str) -> Json:
        """As REST shows it."""
        locale_ids = {name.lower(): number for number, name, _ in LOCALES}
        return {
            "id": self.id,
            "url": f"{url}/api/v2/users/{self.id}.json",
            "name": self.name,
            "email": self.email,
            "created_at": self.created_at,
            "updated_at": self.created_at,
            "time_zone": "America/Toronto",
            "iana_time_zone": "America/Toronto",
            "phone": None,
            "photo": None,
            "locale_id": locale_ids.get(self.locale.lower(), 1),
            "locale": self.locale,
            "organization_id": self.organization_id,
            "role": self.role,
            "verified": True,
            "external_id": None,
            "tags": list(self.tags),
            "alias": "",
            "active": True,
            "shared": False,
            "suspended": False,
            "default_group_id": None,
            "user_fields": dict(self.fields),
        }


class People:
    """Everybody of one account."""

    def __init__(self, ids: Ids, clock: Clock) -> None:
        self._ids = ids
        self._clock = clock
        self._users: dict[int, User] = {}
        self._organizations: dict[int, Organization] = {}
        self.groups = Shelf(clock, ids.number)
        self.brands = Shelf(clock, ids.number)

    def add(self, email: str, name: str, role: str, **more: Any) -> User:
        """A new user."""
        stamp = self._clock.stamp()
        user = User(
            id=self._ids.number(), email=email, name=name, role=role, created_at=stamp, **more
        )
        self._users[user.id] = user
        return user

    def user(self, identifier: object) -> User:
        """The user of that id; refused when there is none."""
        user = self.find(identifier)
        if user is None:
            raise not_found()
        return user

    def find(self, identifier: object) -> User | None:
        """The user of that id, if there is one."""
        number = whole(identifier)
        return None if number is None else self._users.get(number)

    def by_email(self, email: str) -> User | None:
        """The user with that address."""
        matches = (user for user in self._users.values() if user.email.lower() == email.lower())
        return next(matches, None)

    def search(self, words: str) -> list[User]:
        """Users whose name or address holds the words; `email:` and `role:` narrow it."""
        wanted = words.strip().strip('"').lower()
        if wanted.startswith("email:"):
            wanted = wanted.removeprefix("email:").strip('"')
            return [user for user in self._users.values() if user.email.lower() == wanted]
        if wanted.startswith("role:"):
            role = wanted.removeprefix("role:").strip('"')
            return [user for user in self._users.values() if user.role == role]
        return [
            user
            for user in self._users.values()
            if wanted in user.name.lower() or wanted in user.email.lower()
        ]

    def all(self) -> list[User]:
        """Every user, oldest first."""
        return list(self._users.values())

    def add_organization(self, name: str, **more: Any) -> Organization:
        """A new organization."""
        stamp = self._clock.stamp()
        made = Organization(id=self._ids.number(), name=name, created_at=stamp, **more)
        self._organizations[made.id] = made
        return made

    def organization(self, identifier: object) -> Organization:
        """The organization of that id; refused when there is none."""
        number = whole(identifier)
        if number is None or number not in self._organizations:
            raise not_found()
        return self._organizations[number]

    def organizations(self) -> list[Organization]:
        """Every organization, oldest first."""
        return list(self._organizations.values())


def whole(value: object) -> int | None:
    """A whole number from a number or its digits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() else None
