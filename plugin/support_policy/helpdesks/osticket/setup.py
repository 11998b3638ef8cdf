"""What an admin says of an osTicket in the settings."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from support_policy.core.document import Table
from support_policy.credentials import secret, secrets, web_address
from support_policy.helpdesk import Setup
from support_policy.helpdesks.http import new_session
from support_policy.helpdesks.osticket.client import OsTicket
from support_policy.helpdesks.osticket.codec import OsTicketCodec
from support_policy.helpdesks.osticket.signature import LONGEST, SHORTEST, key_of
from support_policy.system_clock import clock


def configure(table: Table, *, name: str, departments: Mapping[str, str]) -> Setup:
    """Read this desk's settings; the desk itself is opened later."""
    url = web_address(table, "url")
    if url.endswith(("/index.php", "/api", "/scp")):
        table.problem("must be the address of the start page, without what follows", key="url")
    table.asked.add("api_key")
    api_key = secret(table, "api_key") if "api_key" in table.values else None
    codec = OsTicketCodec(desk=name, keys=_keys(table), departments=departments)
    parts = urlsplit(url)
    return Setup(
        open=lambda _notebook: OsTicket(
            name=name, url=url, api_key=api_key, codec=codec, session=new_session(), clock=clock
        ),
        account=f"{parts.netloc}{parts.path}".lower(),
        lasting=False,  # the secret is what proves that it is the same
        moves=True,
    )


def _keys(table: Table) -> tuple[bytes, ...]:
    found = [(text, key_of(text)) for text in secrets(table, "secrets")]
    if any(text and key is None for text, key in found):
        table.problem(
            f"holds one that is not whsec_ and {SHORTEST} to {LONGEST} bytes in base64.",
            "`support-policy init --desk osticket` makes one.",
            key="secrets",
        )
    return tuple(key for _, key in found if key is not None)
