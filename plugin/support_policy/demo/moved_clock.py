"""The service as `support-policy serve` runs it, but for its clock, which the demo may move on.

How far is a number of seconds in a file, so that the demo need not wait for 75 minutes of work.
Nothing outside the demo can move the clock.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from support_policy.logs import log_to_stderr
from support_policy.service import prepare
from support_policy.settings import load_settings
from support_policy.system_clock import clock

FILE: Final = "clock-moved-by"


def moved(file: Path) -> Callable[[], datetime]:
    """The system's clock, moved on by the seconds in the file; no file is no move."""

    def now() -> datetime:
        try:
            seconds = float(file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            seconds = 0.0
        return clock() + timedelta(seconds=seconds)

    return now


def move(folder: Path, by: timedelta) -> None:
    """Let the service in this folder live that much later; by renaming, so that none reads half."""
    new = folder / f"{FILE}.new"
    new.write_text(f"{by.total_seconds()}", encoding="ascii")
    new.replace(folder / FILE)


def main() -> None:
    """Serve the settings that the first argument names."""
    from support_policy_webhooks.server import Server

    log_to_stderr()
    file = Path(sys.argv[1])
    settings = load_settings(file)
    prepare(settings)
    Server(settings, now=moved(file.parent / FILE)).run()


if __name__ == "__main__":
    main()
