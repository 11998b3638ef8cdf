"""The demo, as anybody runs it: the whole product against a real help desk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("demo")


def demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "support_policy.cli", "demo", "--once", *options],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_every_ticket_of_the_demo_is_as_the_policy_says_and_nothing_is_left(tmp_path: Path) -> None:
    done = demo(tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert list(tmp_path.iterdir()) == []


def test_zendesk_loses_no_ticket_and_writes_each_once(tmp_path: Path) -> None:
    """Planned, applied, 200 tickets through lost and doubled webhooks and a storm, removed."""
    done = demo(tmp_path, "--desk", "zendesk")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "each written exactly once" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("desk", ["django-helpdesk", "zendesk"])
def test_a_permission_is_asked_given_worked_billed_and_proved(tmp_path: Path, desk: str) -> None:
    """What it left verifies with nothing but the file, and not once a byte of it is changed."""
    out = tmp_path / "left" / "packet.zip"
    out.parent.mkdir()
    done = demo(tmp_path, "--desk", desk, "--story", "permission", "--export", str(out))
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert list(tmp_path.iterdir()) == [out.parent]
    verify = [sys.executable, "-m", "support_policy.cli", "verify", "packet.zip"]
    proved = subprocess.run(verify, cwd=out.parent, capture_output=True, text=True)
    assert (proved.returncode, proved.stdout.count("1 charge,")) == (0, 1), proved.stdout
    out.write_bytes(out.read_bytes().replace(b"PK", b"PX", 1))
    assert subprocess.run(verify, cwd=out.parent, capture_output=True).returncode == 1
