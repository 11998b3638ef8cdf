"""What every help desk must offer; one folder under ``helpdesks`` implements it for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol

from support_policy.core.ticket import Requester, Ticket, TicketRef
from support_policy.core.update import Update

if TYPE_CHECKING:
    from support_policy.core.policy import Policy
    from support_policy.core.reply import Reply
    from support_policy.installation import Installation

Origin = Literal["webhook", "sweep", "backfill"]
Topic = Literal["ticket", "permission"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event a help desk told us of: a hint to read the ticket, never the truth itself.

    ``key`` is the same for the same event however often it is delivered. ``hint`` is a small JSON
    text of what only the event shows (the values at creation); it holds no customer's words.
    ``opened_at`` is when the ticket was opened, where the event tells it; ``ticket`` the ticket
    itself, where the desk sends it and waits for the decision, of which it writes nothing when it
    is ``observed``. None of these is kept. ``topic`` says which of the two lines works it: the one
    that decides on a ticket, or the one that asks permission for paid help on it.
    """

    desk: str
    key: str
    ticket_id: str
    received_at: datetime
    origin: Origin = "webhook"
    topic: Topic = "ticket"
    hint: str = "{}"
    opened_at: datetime | None = None
    observed: bool = False
    ticket: Ticket | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of an event whose desk is told so in the answer.

    ``at`` orders the answers about one ticket. ``update`` is what the desk is to write; None when
    nothing may be written, or when the ticket was passed over for the reason ``passed_over``.
    """

    delivery: Delivery
    at: datetime
    writes: bool
    update: Update | None = None
    passed_over: str = ""


class Replier(Protocol):
    """Spells the answer to an event, for a desk that waits for the decision."""

    def __call__(
        self, answered: Answered | None, *, headers: Mapping[str, str], now: datetime
    ) -> tuple[bytes, Mapping[str, str]]:
        """Body and headers of the answer to the request with these headers.

        None for an event that asked for nothing.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of ``doctor``: what was looked at, whether it is well, and what to do if not."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The HTTP statuses that tell a help desk what became of its event.

    ``new`` and ``known`` are given once the event is on disk; ``again`` makes the desk repeat what
    could not be kept. A desk with a ``reply`` is told the decision itself, under ``known``.
    """

    new: int = 202
    known: int = 200
    again: int = 503
    reply: Replier | None = None


PLAIN_ANSWERS = Answers()
"""What most help desks are told."""


class Codec(Protocol):
    """Reads what a help desk sends; pure."""

    @property
    def answers(self) -> Answers:
        """How this desk is answered."""

    def open(
        self, *, headers: Mapping[str, str], body: bytes, token: str | None, now: datetime
    ) -> Delivery | None:
        """The delivery in a request, after its proof of origin was checked.

        None for an event that asks for nothing, such as a test call. The names of ``headers`` are
        in lower case; ``token`` is the last part of the address. Raises SignatureError, StaleError
        or MalformedError; nothing of such a request is kept.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most so many requests in any stretch of so many seconds.

    ``burst`` of them may be taken at once; a fifth, unless said otherwise.
    """

    name: str
    most: int
    seconds: float
    burst: int | None = None

    def take(self, full_at: datetime | None, now: datetime) -> tuple[float, datetime]:
        """Seconds to wait before one more request, and when the budget is whole again after it.

        ``full_at`` is when it was to be whole; None when nothing was taken. The burst may be taken
        at once and the rest comes back over the stretch, so that no stretch ever sees more than
        all.
        """
        at_once = self.burst or max(1.0, self.most / 5)
        each = timedelta(seconds=self.seconds / max(1.0, self.most - at_once))
        longest = timedelta(seconds=self.seconds) * 2 + LONGEST_REST
        if full_at is None or not now < full_at <= now + longest:
            full_at = now  # whole, or the instant of a clock that was wrong
        after = full_at + each
        wait = (after - now - each * at_once).total_seconds()
        return max(0.0, wait), after


LONGEST_REST = timedelta(minutes=15)
"""No help desk is left alone for longer at a time, whatever it or a wrong clock asked for."""


def turn(
    budgets: Sequence[Budget],
    full_at: Mapping[str, datetime],
    *,
    rest_until: datetime | None,
    now: datetime,
) -> tuple[float, dict[str, datetime]]:
    """The law of spending: the seconds until a request's turn, and the budgets after it."""
    rest = (rest_until or now) - now
    if not timedelta(0) < rest <= LONGEST_REST:
        rest = timedelta(0)
    taken = {each.name: each.take(full_at.get(each.name), now + rest) for each in budgets}
    wait = rest.total_seconds() + max((wait for wait, _ in taken.values()), default=0.0)
    return wait, {name: at for name, (_, at) in taken.items()}


class Notebook(Protocol):
    """What an adapter keeps between runs, shared by all processes that serve its desk."""

    def recall(self, name: str) -> str | None:
        """What was last remembered under this name."""

    def remember(self, name: str, text: str | None) -> None:
        """Keep a short text that is no secret; None forgets it."""

    def spend(self, budgets: Sequence[Budget], *, now: datetime, patience: float = 0.0) -> float:
        """Take one request out of every budget; the seconds to wait before it may be made.

        Nothing is taken when that is longer than ``patience``: too much is taken already, or the
        desk rests. Who waits has its turn, and nobody comes before it.
        """

    def rest(self, seconds: float, *, now: datetime) -> None:
        """Let nobody ask the desk for anything for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of a desk's open tickets, as the deliveries their webhooks would have made.

    ``cursor`` is where the next sweep of a desk that streams may go on, once these are kept.
    """

    deliveries: tuple[Delivery, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What an agent filled in to have permission asked for, as it stands on the ticket.

    ``mark`` is the same for the same pressing of the macro or menu, and another one for the next.
    ``reason`` is ``outside`` (outside standard support) or ``correction`` (something to correct on
    the customer's side); empty or None is what the agent left out. ``permitter`` is the address of
    the person whom the agent names as the one who may permit, where it is not the requester.
    ``by`` is the agent as the desk names them.
    """

    mark: str
    by: str
    reason: str | None = None
    work: str = ""
    blocks: int | None = None
    permitter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A public message that somebody other than staff and programs wrote on a ticket.

    ``address`` is the writer's as the desk knows it. ``content_type`` is ``text/plain`` or
    ``text/html``. ``headers`` are those of the mail it came in, as far as the desk hands them on,
    by their usual names. ``dmarc`` says whether the desk hands on that the mail passed DMARC (or
    that it was written in the desk's own pages by somebody who had logged in); None where it
    does not say. ``automatic`` is the desk's own word that nobody wrote it by hand.
    """

    id: str
    at: datetime
    address: str | None
    text: str = field(repr=False)
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    dmarc: bool | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A ticket as far as permission for paid help goes.

    ``number`` is what customers call the ticket. ``verified`` is the desk's own word that the
    requester's address is theirs; None where it has none. ``messages`` are the customers' messages,
    the oldest first. ``posted`` are the stamps of our own messages and notes on the ticket, public
    and private: ``request-id/what``. ``revision`` is as a ticket's.
    """

    ref: TicketRef
    number: str
    subject: str
    requester: Requester
    requester_name: str = ""
    verified: bool | None = None
    closed: bool = False
    ask: Ask | None = None
    messages: tuple[Message, ...] = ()
    posted: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()
    revision: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message of ours: ``stamp`` stands at its end in brackets, so that it is known again."""

    stamp: str
    text: str = field(repr=False)
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What is to change on a ticket about permission for paid help; falsy when nothing is.

    ``posts`` go out in their order, those that are there already left out. ``add_tags`` and
    ``remove_tags`` are ours alone. ``wait`` sets the ticket to wait for the customer where it is
    open, ``resume`` opens one that waits; neither touches a ticket that is solved or closed.
    ``clear_ask`` takes away what made the ask, so that it is not asked twice.
    """

    posts: tuple[Post, ...] = ()
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    wait: bool = False
    resume: bool = False
    clear_ask: bool = False

    def __bool__(self) -> bool:
        return any(
            (self.posts, self.add_tags, self.remove_tags, self.wait, self.resume, self.clear_ask)
        )


class TicketDesk(Protocol):
    """One help desk, as the pipeline uses it."""

    @property
    def name(self) -> str:
        """The desk's name in the settings."""

    @property
    def codec(self) -> Codec:
        """How this desk's webhooks are read."""

    @property
    def streams(self) -> bool:
        """Whether ``opened`` goes on from a cursor; otherwise the newest come first."""

    def read(self, ref: TicketRef, *, hint: str = "{}") -> Ticket:
        """The ticket as it is now.

        Raises GoneError, UnavailableError (RateLimitedError) or RefusedError.
        """

    def write(self, ticket: Ticket, update: Update) -> tuple[str, ...]:
        """Apply an update to the ticket as it was read; harmless when repeated after a re-read.

        Returns the names of what the desk took and did not keep as asked. Raises like ``read``,
        ConflictError when the ticket was changed since, BusyError when it must wait.
        """

    def opened(self, *, since: datetime, cursor: str | None, now: datetime) -> Iterator[Page]:
        """The tickets opened since then, asked of the desk in pages, as far as they are taken.

        ``cursor`` is that of the last page kept; None to begin. A ticket that no delivery can be
        made of is left out, and so is one that is closed. Raises like ``read``.
        """

    def examine(self, *, now: datetime) -> Iterator[Finding]:
        """What ``doctor`` shows of this desk."""


class HelpDesk(TicketDesk, Protocol):
    """One help desk, with what asking permission for paid help needs of it."""

    def conversation(self, ref: TicketRef) -> Conversation:
        """The ticket's conversation as it is now. Raises like ``read``."""

    def post(self, conversation: Conversation, posting: Posting) -> None:
        """Bring a posting onto the ticket as it was read; harmless when repeated after a re-read.

        A message whose stamp is on the ticket is never posted again. Raises like ``write``.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Our page inside a desk's own pages, and what proves that the desk opened it.

    ``fetch_key`` asks the desk for the key of its tokens and notes it; ``public_key`` gives the key
    that was noted, as PEM: whoever calls our page must not make us ask. Both raise HelpDeskError;
    ``client_secret`` is what our own sessions are derived from; ``installation`` is the only one
    that is accepted, where one is named.
    """

    account: str
    fetch_key: Callable[[Notebook], None]
    public_key: Callable[[Notebook], str]
    client_secret: str = field(repr=False)
    installation: str | None = None


class Installer(Protocol):
    """Reads what a desk has, for ``plan`` and ``apply``."""

    def __call__(
        self, notebook: Notebook, policy: Policy, replies: Sequence[Reply], *, asks: bool = False
    ) -> Installation:
        """``asks`` says that customers are asked for permission for paid help."""


class Inspector(Protocol):
    """Looks at what is made in a desk, for ``doctor``."""

    def __call__(
        self, notebook: Notebook, policy: Policy, replies: Sequence[Reply], *, asks: bool = False
    ) -> Iterator[Finding]:
        """``asks`` is as an installer's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the settings of a desk come to; nothing is asked of the desk before it is opened.

    ``account`` names whom the desk is, where two desks in the settings could be one; ``lasting``
    says that it never changes, which an address may. ``moves`` says that the desk's tickets can be
    moved to another department. ``installer``
    makes what the policy needs in the desk, where that can be done from here, and ``inspect`` is
    what ``doctor`` shows of it. ``app`` is our page there, if there is one.
    """

    open: Callable[[Notebook], HelpDesk]
    account: str = ""
    lasting: bool = True
    moves: bool = False
    installer: Installer | None = None
    inspect: Inspector | None = None
    app: App | None = None
