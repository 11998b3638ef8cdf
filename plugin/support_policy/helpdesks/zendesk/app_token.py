"""The token with which Zendesk opens our app: it proves the installation, never the agent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from support_policy.claims import opened
from support_policy.errors import SignatureError
from support_policy.helpdesks.zendesk.address import origin

PRODUCT = "support"
LOCATION = "ticket_sidebar"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppTokens:
    """Reads the tokens that one Zendesk account signs for our app (RS256).

    ``public_key`` gives the app's key as PEM, and may raise HelpDeskError. Without an
    ``installation`` every installation of the account is accepted: only ours has our key.
    """

    subdomain: str
    public_key: Callable[[], str]
    installation: str | None = None

    def installation_of(self, token: str, *, now: datetime) -> str:
        """The id of the installation that a token proves.

        Raises SignatureError, StaleError, and what ``public_key`` raises.
        """
        claims = opened(
            token,
            key=self.public_key,
            algorithm="RS256",
            for_us=lambda audience: self._named_in(audience) is not None,
            now=now,
        )
        account = origin(self.subdomain)
        if claims.get("iss") not in (account, account.removeprefix("https://")):
            raise SignatureError("the token is another account's")
        _check_place(claims.get("context"))
        return self._named_in(str(claims["aud"])) or ""

    def _named_in(self, audience: str) -> str | None:
        """The installation in an audience, if it is ours."""
        prefix = re.escape(f"{origin(self.subdomain)}/api/v2/apps/installations/")
        found = re.fullmatch(prefix + r"([0-9]{1,20})\.json", audience)
        number = found[1] if found else None
        return number if self.installation in (None, number) else None


def _check_place(context: object) -> None:
    """Zendesk says for which of an app's places a token is; what it does not say is not asked."""
    if context is None:
        return
    if not isinstance(context, Mapping):
        raise SignatureError("the token's context cannot be read")
    if context.get("product", PRODUCT) != PRODUCT or context.get("location", LOCATION) != LOCATION:
        raise SignatureError("the token is for another place of Zendesk")
