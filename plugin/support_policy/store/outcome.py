"""How one attempt at a delivery ended, and what becomes of the delivery; pure."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Literal
from zlib import crc32

from support_policy.errors import (
    BusyError,
    ConflictError,
    GoneError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)

State = Literal["accepted", "working", "waiting", "done", "gone", "refused", "failed"]
Ending = Literal["done", "passed", "unavailable", "busy", "gone", "refused", "error"]

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(minutes=1)
# A ticket that is not there may be a moment old: some desks call before they commit.
GONE_WAIT = timedelta(minutes=1)
MOST_ERRORS = 8
_LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended.

    ``after`` is the number of seconds that the help desk asked us to wait. ``detail`` is for the
    admin; it holds no secret and no customer's words.
    """

    ending: Ending
    detail: str = ""
    after: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a delivery: its state, when to look again, and how often it broke us."""

    state: State
    next_at: datetime
    errors: int


def verdict(
    outcome: Outcome, *, key: str, attempts: int, errors: int, cause: str | None, now: datetime
) -> Verdict:
    """The state after an attempt; ``cause`` is how the attempt before it ended."""
    wait = back_off(attempts, key)
    match outcome.ending:
        case "done" | "refused" as state:
            return Verdict(state=state, next_at=now, errors=errors)
        case "passed":
            return Verdict(state="done", next_at=now, errors=errors)
        case "gone" if cause == "gone":
            return Verdict(state="gone", next_at=now, errors=errors)
        case "gone":
            return Verdict(state="waiting", next_at=now + GONE_WAIT, errors=errors)
        case "unavailable":
            wait = max(wait, timedelta(seconds=outcome.after))
            return Verdict(state="waiting", next_at=now + wait, errors=errors)
        case "busy":
            # The desk is well: its other tickets go on, and this one waits no longer than it must.
            wait = timedelta(seconds=outcome.after) + back_off(1, f"{key}:{attempts}")
            return Verdict(state="waiting", next_at=now + wait, errors=errors)
        case "error":
            hopeless = errors + 1 >= MOST_ERRORS
            return Verdict(
                state="failed" if hopeless else "waiting", next_at=now + wait, errors=errors + 1
            )


def back_off(times: int, key: str, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """The wait after that many tries: doubling from a second, spread so that none march in step.

    The spread comes from ``key`` and not from chance: the same row always waits alike.
    """
    doublings: int = min(max(times, 1) - 1, 20)
    whole = min(FIRST_WAIT * (1 << doublings), longest)
    spread = crc32(f"{key}:{times}".encode()) / 2**32
    return whole * (0.75 + 0.25 * spread)


def outcome_of(error: Exception) -> Outcome:
    """The outcome of an attempt that raised."""
    match error:
        case RateLimitedError():
            return Outcome(ending="unavailable", detail=_line(error), after=error.after)
        case ConflictError():
            # Three looks in a row: a few such rounds, and a person must see it.
            return Outcome(ending="error", detail=_line(error))
        case BusyError():
            return Outcome(ending="busy", detail=_line(error), after=error.after)
        case UnavailableError():
            return Outcome(ending="unavailable", detail=_line(error))
        case GoneError():
            return Outcome(ending="gone", detail=_line(error))
        case RefusedError():
            return Outcome(ending="refused", detail=_line(error))
    return Outcome(ending="error", detail=place_of(error))


def place_of(error: BaseException) -> str:
    """The kind of an error and where it arose; its message may hold a customer's words."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    last = frames[-1]
    return f"{type(error).__name__} at {PurePath(last.filename).name}:{last.lineno} in {last.name}"


def _line(error: Exception) -> str:
    # These messages are ours and fit for an admin; the form is that of one line of a log.
    line = "".join(letter if letter.isprintable() else " " for letter in str(error))
    return line[:_LONGEST_DETAIL]
