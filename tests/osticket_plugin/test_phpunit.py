"""The plugin's own tests, in its own language."""

from __future__ import annotations

import subprocess
from pathlib import Path

TESTS = Path(__file__).parent / "php"


def test_the_plugin_passes_its_tests_in_php() -> None:
    command = ["phpunit", "--no-configuration", "--do-not-cache-result"]
    command += ["--bootstrap", str(TESTS / "bootstrap.php")]
    command += ["--fail-on-warning", "--fail-on-risky", "--fail-on-skipped", str(TESTS)]
    ran = subprocess.run(
        command, cwd=TESTS, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "OK (" in ran.stdout
