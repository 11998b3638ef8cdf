"""OAuth: clients, scopes, lives of tokens; the app's key."""

from __future__ import annotations

import time

import requests
from jose import jwt
from tests.zendesk_double.desk import Api

from support_policy.demo.zendesk_double import ZendeskDouble


def test_a_token_lives_half_an_hour_unless_asked_otherwise(api: Api) -> None:
    assert api.grant().json()["expires_in"] == 1800
    assert api.grant(expires_in=172800).json()["expires_in"] == 172800
    assert api.grant(expires_in=172801).status_code == 400


def test_a_wrong_secret_is_an_invalid_client(api: Api) -> None:
    answer = api.grant(client_secret="no")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_scope_above_the_clients_ceiling_is_invalid(double: ZendeskDouble) -> None:
    api = Api(double, client=double.clients.run)
    answer = api.grant(scope="tickets:read write")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_a_form_fetches_a_token_as_well(double: ZendeskDouble) -> None:
    client = double.clients.run
    form = {
        "grant_type": "client_credentials",
        "client_id": client.identifier,
        "client_secret": client.secret,
        "scope": "tickets:read",
    }
    answer = requests.post(f"{double.url}/oauth/tokens", data=form, timeout=5)
    assert (answer.status_code, answer.json()["scope"]) == (200, "tickets:read")


def test_no_other_grant_is_given(api: Api) -> None:
    assert api.grant(grant_type="password").status_code == 400


def test_resource_scopes_reach_their_resource_only(double: ZendeskDouble) -> None:
    api = Api(double, client=double.clients.run)
    own = ["tickets", "users/me", "incremental/tickets/cursor?start_time=0"]
    global_only = ["ticket_fields", "macros", "views", "slas/policies", "dynamic_content/items"]
    global_only += ["business_hours/schedules", "webhooks", "triggers"]
    assert {path: api.get(path).status_code for path in own} == dict.fromkeys(own, 200)
    refused = {path: api.get(path).status_code for path in global_only}
    assert refused == dict.fromkeys(global_only, 403)


def test_a_reading_scope_writes_nothing(double: ZendeskDouble, number: int) -> None:
    api = Api(double, client=double.clients.run, scope="tickets:read")
    assert api.get(f"tickets/{number}").status_code == 200
    assert api.put_ticket(number, priority="high").status_code == 403
    assert double.writes(number) == 0


def test_a_token_dies_at_its_age(double: ZendeskDouble) -> None:
    double.faults.token_life = 1
    api = Api(double)
    assert api.get("users/me").status_code == 200
    deadline = time.monotonic() + 5
    while (status := api.get("users/me").status_code) != 401:
        assert status in {200, 429}
        assert time.monotonic() < deadline


def test_revoked_tokens_are_dead_and_new_ones_work(double: ZendeskDouble, api: Api) -> None:
    double.faults.revoke_tokens()
    answer = api.get("users/me")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    api.token = api.fetch()
    assert api.get("users/me").status_code == 200


def test_a_disabled_client_has_no_tokens(double: ZendeskDouble, api: Api) -> None:
    double.faults.disable_client(api.client.identifier)
    assert api.get("users/me").status_code == 401
    assert api.grant().status_code == 401


def test_a_legacy_token_acts_as_its_user(double: ZendeskDouble) -> None:
    email, token = double.api_token
    me = f"{double.url}/api/v2/users/me"
    answer = requests.get(me, auth=(f"{email}/token", token), timeout=5)
    assert answer.json()["user"]["email"] == double.admin.email
    assert requests.get(me, auth=(f"{email}/token", "no"), timeout=5).status_code == 401
    assert requests.get(me, timeout=5).status_code == 401


def test_an_agent_may_not_export(double: ZendeskDouble) -> None:
    client = double.add_client("agents", "s3cret", ("read", "write"), user=double.agent)
    api = Api(double, client=client)
    assert api.get("incremental/tickets/cursor?start_time=0").status_code == 403


def test_the_apps_key_verifies_a_sidebar_token(double: ZendeskDouble, api: Api) -> None:
    double.install_app(app_id=11, installation_id=22)
    token = double.sidebar_token(ticket_id=5, agent=double.agent)
    key = api.get("apps/11/public_key.pem").text
    assert key == double.app_public_key
    audience = "https://mexxus.zendesk.com/api/v2/apps/installations/22.json"
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=audience)
    assert claims["iss"] == "mexxus.zendesk.com"
    assert claims["context"] == {
        "product": "support",
        "location": "ticket_sidebar",
        "ticket_id": 5,
    }
    assert claims["exp"] == claims["iat"] + 60
    assert api.get("apps/12/public_key.pem").status_code == 404


def test_a_claim_can_be_changed_or_left_out(double: ZendeskDouble) -> None:
    double.install_app()
    token = double.sidebar_token(ticket_id=5, agent=double.agent, aud=None, iss="evil.example")
    claims = jwt.get_unverified_claims(token)
    assert "aud" not in claims
    assert claims["iss"] == "evil.example"
