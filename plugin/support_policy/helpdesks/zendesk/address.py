"""The one address that is ever called: a Zendesk account's own, or a stand-in on this machine."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

# One label of a domain name: nothing in it can lead to another host.
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def is_subdomain(text: str) -> bool:
    """Whether a text is the first part of an account's address, and nothing more."""
    return _LABEL.fullmatch(text) is not None


def origin(subdomain: str) -> str:
    """Where an account answers; ValueError for what is not one label."""
    if not is_subdomain(subdomain):
        raise ValueError("a Zendesk subdomain is one label of letters, digits and dashes")
    return f"https://{subdomain}.zendesk.com"


def is_loopback(url: str) -> bool:
    """Whether a base URL for tests stays on this machine: plain HTTP to a loopback number."""
    try:
        parts = urlsplit(url)
        local = ip_address(parts.hostname or "").is_loopback and parts.port != 0
    except ValueError:
        return False
    plain = not (parts.path or parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme == "http" and local and plain
