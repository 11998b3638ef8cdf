"""Logs: one line an event to standard error, no customer's words, no secrets."""

from __future__ import annotations

import logging


def log_to_stderr(level: int = logging.INFO) -> None:
    """Log as services do: the supervisor keeps standard error."""
    logging.basicConfig(
        level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    for noisy in ("alembic", "dbos", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
