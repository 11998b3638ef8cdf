"""Signals that stop the demo: everything it started must end with it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal stop everything as Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def finish_stopping() -> None:
    """Let nothing interrupt the end."""
    # A second Ctrl-C while the two are being ended would leave one of them behind.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
