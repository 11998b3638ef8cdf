"""Sends webhooks: signs each attempt, repeats where Zendesk does, loses what faults say.

Simplified: a webhook is "circuit broken" for five seconds when at least ten attempts of five
minutes were made and 70 % of them, or a thousand, failed; what falls due meanwhile waits.
"""

from __future__ import annotations

import heapq
import itertools
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final

from support_policy.demo.zendesk_double.attempt import Answer, Target, attempt
from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.faults import Faults
from support_policy.demo.zendesk_double.records import Ids

TRIES_AFTER_CONFLICT: Final = 3
TRIES_AFTER_TIMEOUT: Final = 5
TRIES_AFTER_THROTTLE: Final = 5
LONGEST_RETRY_AFTER: Final = 60
RETRY_SECONDS: Final = 5.0
PAUSE_SECONDS: Final = 5.0
BREAKER_SECONDS: Final = 300.0
BREAKER_LEAST: Final = 10
BREAKER_SHARE: Final = 0.7
BREAKER_MOST: Final = 1000
_WORKERS: Final = 8


@dataclass(slots=True, kw_only=True)
class Sent:
    """One attempt at a delivery, or one that a fault swallowed."""

    invocation_id: str
    webhook_id: str
    ticket_id: int | None
    event: str
    attempt: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    error: str | None = None
    dropped: bool = False
    duplicate: bool = False
    at: str = ""
    answer: Answer | None = None


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One invocation on its way."""

    invocation_id: str
    webhook_id: str
    ticket_id: int | None
    event: str
    body: bytes
    at: str
    duplicate: bool = False
    attempts: int = 0
    conflicts: int = 0
    timeouts: int = 0
    throttles: int = 0
    status: str = "pending"


@dataclass(slots=True)
class _Breaker:
    outcomes: deque[tuple[float, bool]] = field(default_factory=deque)
    closed_until: float = 0.0


class Sender:
    """A queue in time and the threads that empty it."""

    def __init__(
        self, ids: Ids, clock: Clock, faults: Faults, *, seed: int, timeout: float, account_id: int
    ) -> None:
        self._ids = ids
        self._clock = clock
        self._faults = faults
        self.timeout = timeout
        self._account_id = account_id
        self._random = random.Random(seed)  # noqa: S311 - repeatable faults, no secret
        self._changed = threading.Condition()
        self._queue: list[tuple[float, int, Delivery]] = []
        self._numbers = itertools.count()
        self._breakers: dict[str, _Breaker] = {}
        self._busy = 0
        self._running = False
        self._threads: list[threading.Thread] = []
        self._pool: ThreadPoolExecutor | None = None
        self.sent: list[Sent] = []
        self.invocations: list[Delivery] = []
        self.target: Callable[[str], Target | None] = lambda _: None
        """Finds where a webhook goes, and what signs it, at the moment of each attempt."""

    def start(self) -> None:
        """Begin to send."""
        self._running = True
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="zendesk-webhook")
        self._threads = [threading.Thread(target=self._dispatch, name="zendesk-sender")]
        self._threads[0].start()

    def stop(self) -> None:
        """Drop what waits, and wait for what is under way."""
        with self._changed:
            self._running = False
            self._queue.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        if self._pool is not None:
            self._pool.shutdown(wait=True)

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is pending; whether that came to be."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queue and not self._busy, timeout)

    def submit(self, webhook_id: str, body: bytes, *, ticket_id: int | None, event: str) -> None:
        """Send this soon, unless a fault has it otherwise."""
        delivery = Delivery(
            invocation_id=self._ids.ulid(),
            webhook_id=webhook_id,
            ticket_id=ticket_id,
            event=event,
            body=body,
            at=self._clock.nanoseconds(),
        )
        chances = [self._random.random() for _ in range(3)]
        if chances[0] < self._faults.drop:
            # Even Zendesk's own list of invocations does not know what it omitted.
            self.sent.append(self._attempted(delivery, dropped=True))
            return
        self.invocations.append(delivery)
        wait = self._random.uniform(*self._faults.delay)
        if chances[1] < float(self._faults.reorder):
            wait += self._random.uniform(0.05, 0.3)
        self._push(delivery, wait)
        if chances[2] < self._faults.duplicate:
            self._push(replace(delivery, duplicate=True), wait + self._random.uniform(0.0, 0.05))

    def _push(self, delivery: Delivery, wait: float) -> None:
        with self._changed:
            if not self._running:
                return
            place = (time.monotonic() + wait, next(self._numbers), delivery)
            heapq.heappush(self._queue, place)
            self._changed.notify_all()

    def _dispatch(self) -> None:
        with self._changed:
            while self._running:
                now = time.monotonic()
                if not self._queue:
                    self._changed.wait()
                elif self._queue[0][0] > now:
                    self._changed.wait(self._queue[0][0] - now)
                else:
                    _, _, delivery = heapq.heappop(self._queue)
                    self._busy += 1
                    assert self._pool is not None  # noqa: S101 - it starts before this thread
                    self._pool.submit(self._work, delivery)

    def _work(self, delivery: Delivery) -> None:
        try:
            self._try(delivery)
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def _try(self, delivery: Delivery) -> None:
        breaker = self._breakers.setdefault(delivery.webhook_id, _Breaker())
        paused = breaker.closed_until - time.monotonic()
        if paused > 0:
            delivery.status = "circuit broken"
            self._push(delivery, paused)
            return
        target = self.target(delivery.webhook_id)
        if target is None:
            delivery.status = "terminated"
            return
        delivery.attempts += 1
        answer = attempt(
            target,
            delivery.body,
            clock=self._clock,
            account_id=self._account_id,
            invocation_id=delivery.invocation_id,
            timeout=self.timeout,
        )
        self.sent.append(self._attempted(delivery, answer=answer))
        self._count(breaker, failed=not answer.fine)
        self._follow(delivery, answer)

    def _follow(self, delivery: Delivery, answer: Answer) -> None:
        wait: float | None = None
        if answer.timed_out and delivery.timeouts < TRIES_AFTER_TIMEOUT:
            delivery.timeouts += 1
            wait = RETRY_SECONDS
        elif answer.status == 409 and delivery.conflicts < TRIES_AFTER_CONFLICT:
            delivery.conflicts += 1
            wait = RETRY_SECONDS
        elif answer.status in {429, 503} and delivery.throttles < TRIES_AFTER_THROTTLE:
            delivery.throttles += 1
            wait = answer.retry_after if answer.retry_after < LONGEST_RETRY_AFTER else None
        if wait is None:
            delivery.status = "success" if answer.fine else _outcome(answer)
        else:
            delivery.status = "throttled" if answer.status in {429, 503} else "retrying"
            self._push(delivery, self._clock.real(wait))

    def _count(self, breaker: _Breaker, *, failed: bool) -> None:
        now = time.monotonic()
        with self._changed:
            outcomes = breaker.outcomes
            outcomes.append((now, failed))
            while outcomes[0][0] < now - self._clock.real(BREAKER_SECONDS):
                outcomes.popleft()
            failures = sum(each for _, each in outcomes)
            many = len(outcomes) >= BREAKER_LEAST and failures >= BREAKER_SHARE * len(outcomes)
            if failed and (many or failures > BREAKER_MOST):
                breaker.closed_until = now + self._clock.real(PAUSE_SECONDS)

    def _attempted(
        self, delivery: Delivery, *, answer: Answer | None = None, dropped: bool = False
    ) -> Sent:
        return Sent(
            invocation_id=delivery.invocation_id,
            webhook_id=delivery.webhook_id,
            ticket_id=delivery.ticket_id,
            event=delivery.event,
            attempt=delivery.attempts,
            body=delivery.body,
            headers=answer.sent_headers if answer else {},
            status=answer.status if answer else None,
            error=answer.error if answer else None,
            dropped=dropped,
            duplicate=delivery.duplicate,
            at=self._clock.nanoseconds(),
            answer=answer,
        )


def _outcome(answer: Answer) -> str:
    return "terminated" if answer.status == 403 else "failed"
