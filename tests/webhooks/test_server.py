"""The server as it runs, with people who mean harm at the other end."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from support_policy.demo.desk import child_environment, end, free_port, wait_until_it_answers

SETTINGS = """\
[service]
listen = "127.0.0.1:{port}"
[desks.helpdesk]
kind = "memory"
webhook_tokens = ["file/webhook-token"]
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    port = free_port(0)
    (tmp_path / "webhook-token").write_text("the-token")
    settings = tmp_path / "support-policy.toml"
    settings.write_text(SETTINGS.format(port=port))
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "support_policy.cli", "serve", "--settings", settings],
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/healthz", process, tmp_path / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


def test_half_sent_requests_do_not_stop_the_service(service: str) -> None:
    where = urlsplit(service)
    with ExitStack() as stack:
        for _ in range(24):  # more than the service has threads
            slow = stack.enter_context(
                socket.create_connection((where.hostname, where.port), timeout=30)
            )
            slow.sendall(b"POST /webhooks/helpdesk/the-token HTTP/1.1\r\nHost: x\r\nContent-Le")
        time.sleep(0.5)  # until they have taken every thread
        begin = time.monotonic()
        answer = requests.get(f"{service}/healthz", timeout=30)
    assert answer.status_code == 200
    assert time.monotonic() - begin < 20


def test_a_real_request_is_kept_and_its_repeat_is_known(service: str) -> None:
    address = f"{service}/webhooks/helpdesk/the-token"
    answers = [requests.post(address, json={"ticket_id": "7"}, timeout=10) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 200]
