"""``support-policy work``"""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path

import click

from support_policy.commands.options import settings_option
from support_policy.engine import Engine
from support_policy.logs import log_to_stderr
from support_policy.permissions.timers import Timers
from support_policy.service import open_service, prepare
from support_policy.settings import load_settings
from support_policy.sweep import Sweeper
from support_policy.system_clock import clock


@click.command("work")
@settings_option
@click.option(
    "--slot", default="main", show_default=True, help="This process's name; each its own."
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="Tickets at the same time.",
)
@click.option("--no-sweep", is_flag=True, help="Leave sweeping to another process.")
def command(settings_file: Path, slot: str, workers: int, *, no_sweep: bool) -> None:
    """Do the work that `serve --web-only` accepts; needs PostgreSQL when there is more than one."""
    log_to_stderr()
    settings = load_settings(settings_file)
    prepare(settings)
    service = open_service(settings)
    each = service.attempts_each(workers)
    engine = Engine(service.store, service.work, workers=workers, each=each, slot=slot)
    sweeper = Sweeper(service.helpdesks, service.store, now=clock)
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    timers = None
    if service.paid_help:
        timers = Timers(service.paid_help.ledger, service.store, service.helpdesks, now=clock)
        timers.start()
    engine.start()
    if not no_sweep:
        sweeper.start()
    logging.getLogger(__name__).info("working in slot %s", slot)
    stopping.wait()
    if not no_sweep:
        sweeper.stop()
    if timers:
        timers.stop()
    engine.stop()
    service.store.close()
