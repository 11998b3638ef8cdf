"""A ticket as a help desk holds it, in the words all help desks share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Priority(StrEnum):
    """A help desk's priority; urgent and lowest are only ever set by people."""

    LOWEST = "lowest"
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Channel(StrEnum):
    """How the ticket came in."""

    WEB = "web"
    EMAIL = "email"
    PHONE = "phone"
    CHAT = "chat"
    API = "api"
    OTHER = "other"


class Author(StrEnum):
    """Who opened the ticket."""

    REQUESTER = "requester"
    STAFF = "staff"
    APP = "app"


class Field(StrEnum):
    """A field of a ticket that both people and this add-on may set."""

    PRIORITY = "priority"
    DUE_AT = "due_at"


class Standing(StrEnum):
    """What the company's list of accounts says of the requester."""

    REGISTERED = "registered"
    RESELLER = "reseller"
    RESELLER_CUSTOMER = "reseller_customer"
    UNREGISTERED = "unregistered"
    UNKNOWN = "unknown"  # no list is configured, or the requester has no address
    UNAVAILABLE = "unavailable"  # there is a list, but it could not be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRef:
    """Names one ticket: the desk's name in the settings, and the desk's own id."""

    desk: str
    id: str

    def __str__(self) -> str:
        return f"{self.desk}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """The person the ticket is for.

    ``language`` is the person's own setting in the help desk (``en``, ``fr``), not a guess.
    """

    address: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket as it is now.

    ``received_at`` is when the requester's first message was accepted, aware.
    ``department`` is in the policy's words (``level_2``, ``sales``), not the desk's.
    ``set_by_staff`` names the fields whose present value a staff member chose; what requesters,
    defaults, triggers and apps set is not among them.
    ``notes`` are the stamps of this add-on's private notes already on the ticket.
    ``fields`` are this add-on's own fields on the ticket.
    ``tells_who`` says that the desk tells who set each value: then ``set_by_staff`` is the whole
    truth, and a value that changed is not taken for a person's besides.
    ``clamped`` says that the desk shows the nearest it has to the ``priority``, which it lacks.
    ``logged_in`` says whether the requester was, when they opened the ticket: an address that is
    only typed may be anybody's. None where the desk cannot tell.
    ``movable`` says that the desk can be told a department, and no person chose the present one.
    ``revision`` is the desk's own mark of the state that was read, where it has one: a write made
    on another state is refused by the desk.
    """

    ref: TicketRef
    subject: str
    body: str
    received_at: datetime
    channel: Channel = Channel.OTHER
    requester: Requester = field(default_factory=Requester)
    opened_by: Author = Author.REQUESTER
    department: str | None = None
    closed: bool = False
    priority: Priority | None = None
    due_at: datetime | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    set_by_staff: frozenset[Field] = frozenset()
    notes: frozenset[str] = frozenset()
    tells_who: bool = False
    clamped: bool = False
    logged_in: bool | None = None
    movable: bool = False
    revision: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        for name in ("received_at", "due_at"):
            value = getattr(self, name)
            if value is not None and value.tzinfo is None:
                raise ValueError(f"{name} must carry a time zone")
