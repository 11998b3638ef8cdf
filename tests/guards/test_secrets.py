"""Nothing of a developer's machine, no key, no address of a registry in what is committed."""

from __future__ import annotations

import re

import pytest
from tests.guards.tree import ROOT, files, name, texts

PATTERNS = {
    "a path of somebody's machine": re.compile(
        r"(?<![\w.:/-])/(?:home/[a-z]|Users/[A-Za-z]|root/|work/|tmp/\w)|[A-Z]:\\Users"
    ),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a token of a known kind": re.compile(
        r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abp]-[\w-]{20,}|pypi-AgE\w{20,})"
    ),
    "a package registry's address": re.compile(
        r"\b(?:pypi|pythonhosted|npmjs|packagist|yarnpkg|crates)\.(?:org|com|io)\b"
        r"|\bproxy\.golang\b|artifactory|--(?:extra-)?index-url|\bindex-url ?="
    ),
}
# Customers quote paths of the host's servers in their tickets.
TICKETS = ROOT / "training" / "tickets"
OF_CUSTOMERS = {"a path of somebody's machine"}
REQUIREMENT = re.compile(r"^(?P<name>[a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==(?P<version>\S+)")


@pytest.mark.parametrize("what", PATTERNS)
def test_no_committed_file_holds(what: str) -> None:
    found = [
        f"{name(path)}:{number}"
        for path, text in texts()
        if path.name != "test_secrets.py" and not (what in OF_CUSTOMERS and path.parent == TICKETS)
        for number, line in enumerate(text.splitlines(), start=1)
        if PATTERNS[what].search(line)
    ]
    assert not found, f"{what}: {found}"


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path of somebody's machine", 'cd "/home/ada/support-policy"'),
        ("a private key", "-----BEGIN OPENSSH PRIVATE KEY-----"),
        ("a token of a known kind", "ghp_" + "a" * 36),
        ("a package registry's address", "see https://pypi.org/simple"),
    ],
)
def test_the_guard_finds_what_it_looks_for(what: str, line: str) -> None:
    assert PATTERNS[what].search(line)


def test_the_guard_reads_the_whole_repository() -> None:
    seen = {name(path) for path, _ in texts()}
    assert {"pyproject.toml", "requirements.lock", "README.md", "Makefile"} <= seen


def requirements() -> list[str]:
    """Every lock file, one text a requirement."""
    locks = [path for path in files() if path.suffix == ".lock"]
    assert len(locks) == 3
    text = "".join(path.read_text(encoding="utf-8") for path in locks)
    return re.findall(r"^[^\s#].*(?:\n[ \t]+.*)*", text, re.MULTILINE)


def test_every_locked_requirement_has_hashes() -> None:
    without = [each.splitlines()[0] for each in requirements() if "--hash=sha256:" not in each]
    assert len(requirements()) > 50
    assert not without


def test_every_locked_requirement_is_one_version_and_no_address() -> None:
    odd = [
        each.splitlines()[0]
        for each in requirements()
        if not REQUIREMENT.match(each) or "://" in each or " @ " in each
    ]
    assert not odd


def test_no_settings_file_of_the_project_holds_a_written_out_secret() -> None:
    """Secrets are named by env/NAME or file/PATH wherever settings are shown."""
    spelled = re.compile(r"""^\s*(?:password|webhook_tokens)\s*=\s*\[?\s*["'](?!env/|file/)[^"']""")
    found = [
        f"{name(path)}:{number}"
        for path, text in texts()
        if path.suffix in {".md", ".toml"}
        for number, line in enumerate(text.splitlines(), start=1)
        if spelled.search(line)
    ]
    assert not found
