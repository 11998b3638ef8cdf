"""What ``doctor`` looks at of our plugin and the osTicket around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from support_policy import __version__
from support_policy.errors import ForbiddenError, HelpDeskError, LoginError
from support_policy.helpdesk import Finding

Ask = Callable[..., dict[str, Any]]

_SKEW = timedelta(minutes=2)  # both sides pass for five
_CRON_LATE = timedelta(minutes=15)
_OUTBOX_LATE = timedelta(minutes=15)
_CRON = "Call api/cron.php every five minutes (osTicket's manual: POP3/IMAP settings)."
_NEEDED = ("low", "normal", "high")
_WRITES = frozenset({"priority", "due_at", "plan", "department", "tags", "fields", "note"})
_MOST = 10**9  # of anything that is counted here


def only_answers() -> Iterator[Finding]:
    """What can be said of a desk that nobody may call."""
    what = "no api_key: nothing is asked of the plugin, which sends its tickets and waits"
    yield Finding(name="plugin", ok=True, detail=what)


def examine_plugin(ask: Ask, *, now: datetime) -> Iterator[Finding]:
    """Both directions, then what in osTicket bears on the policy; a desk down is a finding."""
    try:
        status = ask("GET", "/status.json")
    except HelpDeskError as error:
        yield Finding(name="to the plugin", ok=False, detail=str(error), remedy=_remedy(error))
        return
    yield Finding(name="to the plugin", ok=True, detail="reached, with key and signature")
    yield _back(ask)
    yield from _looked_at(_Facts(status), now)


def _remedy(error: HelpDeskError) -> str:
    if isinstance(error, LoginError | ForbiddenError):
        return (
            "Check that api_key is osTicket's key for this machine's address, that one of secrets"
            " is the plugin's, and both clocks."
        )
    return "Check url, and that the plugin and its instance are enabled (docs/osticket.md)."


def _back(ask: Ask) -> Finding:
    """A test call from the plugin to the service, as the plugin makes it for each ticket."""
    name = "from the plugin"
    try:
        pong = ask("POST", "/ping.json", message={})
    except HelpDeskError as error:
        return Finding(name=name, ok=False, detail=str(error), remedy="Look at osTicket's log.")
    if pong.get("ok") is True:
        took = _Facts(pong).number("ms")
        return Finding(name=name, ok=True, detail=f"a signed call came back in {took} ms")
    return Finding(
        name=name,
        ok=False,
        detail=f"the service is not reached: {_Facts(pong).text('error')}",
        remedy="Is `support-policy serve` running? Then compare the plugin's service address and"
        " secret with the settings.",
    )


def _looked_at(facts: _Facts, now: datetime) -> Iterator[Finding]:
    yield _version(facts)
    yield _mode(facts)
    yield _clock(facts, now)
    yield _cron(facts, now)
    yield _outbox(facts, now)
    yield _schedule(facts)
    yield _zones(facts)
    yield from _made(facts)
    yield from _paid_help(facts)


def _version(facts: _Facts) -> Finding:
    theirs = facts.text("plugin")
    return Finding(
        name="version",
        ok=theirs == __version__,
        detail=f"plugin {theirs} in osTicket {facts.text('helpdesk')}, PHP {facts.text('php')}",
        remedy="" if theirs == __version__ else f"Install the plugin of version {__version__}.",
    )


def _mode(facts: _Facts) -> Finding:
    which = "only the tickets that a filter sends" if facts.text("tickets") == "filtered" else "all"
    acts = "writes" if facts.text("mode") == "enforce" else "observes, writes nothing"
    unticked = ", ".join(sorted(_WRITES - facts.texts("writes")))
    leaves = f"; never writes: {unticked}" if unticked else ""
    return Finding(name="plugin's mode", ok=True, detail=f"{acts}; tickets: {which}{leaves}")


def _clock(facts: _Facts, now: datetime) -> Finding:
    theirs = facts.instant("now")
    apart = abs(theirs - now) if theirs else None
    well = apart is not None and apart <= _SKEW
    return Finding(
        name="clocks",
        ok=well,
        detail=f"{apart.total_seconds():.0f} s apart" if apart is not None else "it tells no time",
        remedy="" if well else "Let both machines take their time from the network (NTP).",
    )


def _cron(facts: _Facts, now: datetime) -> Finding:
    cron = facts.inner("cron")
    last = cron.instant("last_at")
    well = last is not None and now - last <= _CRON_LATE
    by = ", by an agent's browser" if cron.values.get("last_auto") is True else ""
    return Finding(
        name="cron",
        ok=well,
        detail=f"last ran {last:%Y-%m-%d %H:%M %Z}{by}" if last else "never ran since the plugin",
        remedy="" if well else f"Without it what was not sent at once stays unsent. {_CRON}",
    )


def _outbox(facts: _Facts, now: datetime) -> Finding:
    outbox = facts.inner("outbox")
    oldest = outbox.instant("oldest")
    late = oldest is not None and now - oldest > _OUTBOX_LATE
    error = outbox.text("last_error")
    detail = f"{outbox.number('waiting')} tickets wait to be sent"
    return Finding(
        name="outbox",
        ok=not late,
        detail=detail + (f", the oldest since {oldest:%Y-%m-%d %H:%M %Z}" if oldest else ""),
        remedy=f"The last attempt said: {error or 'nothing'}. {_CRON}" if late else "",
    )


def _schedule(facts: _Facts) -> Finding:
    """The default schedule of a fresh osTicket has the holidays of the United States."""
    schedule = facts.inner("schedule")
    american = schedule.values.get("us_holidays") is True
    return Finding(
        name="default schedule",
        ok=not american,
        detail=schedule.text("name") or "none",
        remedy="It keeps the holidays of the United States and rules SLA plans of your own that"
        " name no schedule. Choose another in Admin Panel, Settings, System."
        if american
        else "",
    )


def _zones(facts: _Facts) -> Finding:
    zones = facts.inner("time_zones")
    told = {name: zones.text(name) for name in ("database", "default", "php")}
    known = all(told.values())
    return Finding(
        name="time zones",
        ok=known,
        detail=", ".join(f"{name} {zone or 'unknown'}" for name, zone in told.items()),
        remedy="" if known else "Due dates need them: look at Admin Panel, Settings, System.",
    )


def _made(facts: _Facts) -> Iterator[Finding]:
    again = "Open the plugin's instance and save it: it makes what is missing."
    for name, what in (("fields", "field"), ("columns", "column"), ("plans", "SLA plan")):
        made = facts.inner(name)
        lost = [made.line(key) for key, there in made.values.items() if there is not True]
        lost = lost if made.values else ["all"]
        yield Finding(
            name=name,
            ok=not lost,
            detail=f"missing: {', '.join(sorted(lost))}" if lost else f"each {what} is there",
            remedy=again if lost else "",
        )
    lost = [name for name in _NEEDED if name not in facts.texts("priorities")]
    yield Finding(
        name="priorities",
        ok=not lost,
        detail=f"missing: {', '.join(lost)}" if lost else "low, normal and high are there",
        remedy="osTicket's own priorities were renamed or removed; put them back." if lost else "",
    )
    queue = facts.values.get("queue") is True
    yield Finding(
        name="queue",
        ok=queue,
        detail="is there" if queue else "was removed",
        remedy="" if queue else again,
    )


def _paid_help(facts: _Facts) -> Iterator[Finding]:
    """Nothing proves what a customer agrees to in a text that somebody else wrote of the fee."""
    mentions = facts.values.get("canned_about_fee")
    found = mentions if isinstance(mentions, list) else []
    titles = [_Facts(each).text("title") for each in found if isinstance(each, dict)]
    for title in titles:
        yield Finding(
            name="canned response",
            ok=False,
            detail=f"{title!r} is not ours and mentions the fee",
            remedy="Agents ask by the More menu of a ticket; take the fee out of this text.",
        )
    if mentions == []:
        yield Finding(name="canned responses", ok=True, detail="none but ours mentions the fee")
    if facts.values.get("paid_help") is True and facts.values.get("link_by_mail") is False:
        yield Finding(
            name="guests",
            ok=False,
            detail="who knows a ticket's number and address reads it, and the link in a request",
            remedy="Tick Client Quick Access in Admin Panel, Settings, Users: Require email"
            " verification on Check Ticket Status page.",
        )


class _Facts:
    """The plugin's answer; what is missing or of another kind reads as nothing."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def text(self, name: str) -> str:
        return self.line(self.values.get(name))

    def texts(self, name: str) -> frozenset[str]:
        values = self.values.get(name)
        return frozenset(map(self.line, values) if isinstance(values, list) else ())

    def number(self, name: str) -> int:
        value = self.values.get(name)
        return value if isinstance(value, int) and abs(value) < _MOST else 0

    @staticmethod
    def line(value: object) -> str:
        """A text as part of a line on a terminal."""
        text = value if isinstance(value, str) else ""
        return "".join(letter if letter.isprintable() else " " for letter in text)[:200]

    def inner(self, name: str) -> _Facts:
        value = self.values.get(name)
        return _Facts(value if isinstance(value, dict) else {})

    def instant(self, name: str) -> datetime | None:
        try:
            at = datetime.fromisoformat(self.text(name))
        except ValueError:
            return None
        return at if at.tzinfo else None
