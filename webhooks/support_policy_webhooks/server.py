"""gunicorn around the edge: one web process with the engine inside, or web processes alone."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from importlib.resources.abc import Traversable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from support_policy.answering import Answering
from support_policy.engine import WORKERS, Engine
from support_policy.permissions.timers import Timers
from support_policy.service import Service, open_service
from support_policy.settings import Settings
from support_policy.store.store import Store
from support_policy.sweep import Sweeper
from support_policy.system_clock import clock
from support_policy_webhooks.app import NotReadyError, create_app
from support_policy_webhooks.sidebar import Sidebar

THREADS = 16

PATIENCE = 5
"""Seconds between two parts of a request; help desks send theirs in one piece."""


class Server(BaseApplication):  # type: ignore[misc]
    """Runs the service until it is told to stop.

    The store and the engine are opened inside the worker, after the fork: threads and database
    connections do not survive one.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        engine: bool = True,
        web_processes: int = 1,
        now: Callable[[], datetime] = clock,
    ) -> None:
        self._settings = settings
        self._now = now
        self._with_engine = engine
        self._web_processes = web_processes
        self._running = ExitStack()
        super().__init__()

    def load_config(self) -> None:
        """gunicorn's own settings."""
        for name, value in {
            "bind": self._settings.listen,
            "workers": self._web_processes,
            "threads": THREADS,
            "worker_class": "gthread",
            "graceful_timeout": 30,
            "timeout": 60,
            "keepalive": 5,
            "accesslog": None,  # addresses hold tokens
            "loglevel": "warning",
            "proc_name": "support-policy",
            "post_worker_init": _lose_patience,
            "worker_exit": lambda _arbiter, _worker: self._running.close(),
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Called by gunicorn in each worker."""
        service = open_service(self._settings, now=self._now)
        self._running.callback(service.store.close)
        engine = self._start_engine(service) if self._with_engine else None
        paid_help = service.paid_help
        return create_app(
            codecs={name: desk.codec for name, desk in service.helpdesks.items()},
            accept=service.store.accept,
            ready=partial(_readiness, service.store, engine),
            now=self._now,
            max_body=self._settings.max_body,
            answer=Answering(pipeline=service.pipeline).answer,
            sidebars=dict(sidebars(service)),
            tally=service.store.tally,
            permissions=paid_help.permissions if paid_help else None,
            work=paid_help.work if paid_help else None,
            policy_texts=policy_texts(service.settings.policy),
        )

    def _start_engine(self, service: Service) -> Engine:
        engine = Engine(service.store, service.work, each=service.attempts_each(WORKERS))
        engine.start()
        self._running.callback(engine.stop)
        sweeper = Sweeper(service.helpdesks, service.store, now=self._now)
        sweeper.start()
        self._running.callback(sweeper.stop)
        if service.paid_help:
            timers = Timers(
                service.paid_help.ledger, service.store, service.helpdesks, now=self._now
            )
            timers.start()
            self._running.callback(timers.stop)
        return engine


def policy_texts(folder: Traversable) -> dict[str, str]:
    """The written policy of a folder, in the languages in which it is there."""
    files = {"en": folder.joinpath("policy.md"), "fr": folder.joinpath("policy.fr.md")}
    return {
        language: file.read_text(encoding="utf-8")
        for language, file in files.items()
        if file.is_file()
    }


def sidebars(service: Service) -> Iterator[tuple[str, Sidebar]]:
    """The sidebar of each desk that has one, by the desk's name."""
    for desk in service.settings.desks:
        if app := desk.setup.app:
            yield (
                desk.name,
                Sidebar(
                    desk=desk.name,
                    subdomain=app.account,
                    public_key=partial(app.public_key, service.store.notebook(desk.name)),
                    client_secret=app.client_secret,
                    policy=service.pipeline.policy,
                    store=service.store,
                    installation=app.installation,
                    paid_help=service.paid_help.panel if service.paid_help else None,
                ),
            )


def _readiness(store: Store, engine: Engine | None) -> Mapping[str, object]:
    backlog = store.backlog()
    newest = backlog.newest.isoformat() if backlog.newest else None
    if engine and engine.problem:
        raise NotReadyError(engine.problem)
    return {"owed": backlog.owed, "newest_delivery": newest}


def _lose_patience(worker: Any) -> None:
    """Let no half-sent request hold a thread: a few of them would stop the whole service.

    gunicorn's threads read without a time limit and set their sockets back to blocking, so the
    limit is the system's own, which connections inherit from the socket they came in by.
    """
    limit = struct.pack("ll", PATIENCE, 0)
    for listener in worker.sockets:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
