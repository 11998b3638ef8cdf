"""Tokens, and the public key of the installed app."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from support_policy.demo.zendesk_double.account import Account
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import not_found


def oauth_api(account: Account) -> Blueprint:
    """Routes outside and inside `/api/v2` that are about keys."""
    api = Blueprint("oauth", __name__)

    @api.post("/oauth/tokens")
    def grant() -> ResponseReturnValue:
        asked: Json = request.form.to_dict()
        if not asked:
            found = request.get_json(force=True, silent=True)
            asked = found if isinstance(found, dict) else {}
        return account.oauth.grant(asked, account.faults.token_life)

    @api.get("/api/v2/apps/<int:app_id>/public_key.pem")
    def public_key(app_id: int) -> ResponseReturnValue:
        if app_id != account.installation.app_id:
            raise not_found()
        return Response(account.installation.public_key, mimetype="application/x-pem-file")

    return api
