"""What the double does for permission for paid help: macros, answers, and time that is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from tests.zendesk_double.desk import BODY, Api, Receiver

from support_policy.demo.zendesk_double import ZendeskDouble
from support_policy.demo.zendesk_double.webhooks import signature

HOUR = timedelta(hours=1)


def tagger(api: Api) -> Any:
    options = [{"name": "Gold", "value": "plan_gold"}, {"name": "Base", "value": "plan_base"}]
    return api.made(
        "ticket_fields", "ticket_field", type="tagger", title="Plan", custom_field_options=options
    )


# Macros


def test_an_agent_applies_a_macro_and_fills_in_more(
    double: ZendeskDouble, api: Api, number: int
) -> None:
    field, blocks = (
        tagger(api),
        api.made("ticket_fields", "ticket_field", type="integer", title="n"),
    )
    actions = [
        {"field": "comment_value", "value": "Only for us"},
        {"field": "comment_mode_is_public", "value": "false"},
        {"field": "current_tags", "value": "asked"},
        {"field": f"custom_fields_{blocks['id']}", "value": "1"},
        {"field": "priority", "value": "high"},
    ]
    api.made("macros", "macro", title="Ask", actions=actions)
    chosen = [{"id": field["id"], "value": "plan_gold"}, {"id": blocks["id"], "value": 3}]
    double.apply_macro(number, "Ask", by=double.agent, custom_fields=chosen, status="open")
    ticket = double.ticket(number)
    assert (ticket["priority"], ticket["status"]) == ("high", "open")
    assert set(ticket["tags"]) == {"asked", "plan_gold"}
    values = {each["id"]: each["value"] for each in ticket["custom_fields"]}
    assert values == {field["id"]: "plan_gold", blocks["id"]: 3}
    comment = double.comments(number)[-1]
    assert (comment["public"], comment["body"]) == (False, "Only for us")
    assert double.audits(number)[-1]["author_id"] == double.agent.id


@pytest.mark.parametrize(("locale", "said"), [("fr-CA", "Bonjour"), ("en-CA", "Hello")])
def test_a_macros_dynamic_content_is_in_its_readers_language(
    double: ZendeskDouble, api: Api, number: int, locale: str, said: str
) -> None:
    variants = [{"locale_id": 1, "content": "Hello"}, {"locale_id": 1187, "content": "Bonjour"}]
    api.made("dynamic_content/items", "item", name="hi", default_locale_id=1, variants=variants)
    actions = [{"field": "comment_value", "value": "{{dc.hi}}, {{dc.none}}"}]
    api.made("macros", "macro", title="Hi", actions=actions)
    double.agent.locale = locale
    double.apply_macro(number, "Hi", by=double.agent)
    assert double.comments(number)[-1]["body"] == f"{said}, "


@pytest.mark.parametrize(("tags", "value"), [([], None), (["plan_base"], "plan_base")])
def test_a_taggers_value_follows_the_tags_that_are_written(
    api: Api, number: int, tags: list[str], value: str | None
) -> None:
    field = tagger(api)
    api.put_ticket(number, custom_fields=[{"id": field["id"], "value": "plan_gold"}])
    ticket = api.put_ticket(number, tags=tags).json()["ticket"]
    assert ticket["custom_fields"] == [{"id": field["id"], "value": value}]
    assert ticket["tags"] == tags


def test_a_taggers_emptied_value_is_set_again_by_its_tag(api: Api, number: int) -> None:
    """Whoever empties the field must leave its tag out of the list as well."""
    field = tagger(api)
    api.put_ticket(number, custom_fields=[{"id": field["id"], "value": "plan_gold"}])
    emptied = [{"id": field["id"], "value": None}]
    ticket = api.put_ticket(number, custom_fields=emptied, tags=["plan_gold"]).json()["ticket"]
    assert ticket["custom_fields"] == [{"id": field["id"], "value": "plan_gold"}]


# Answers


def test_a_customers_answer_runs_the_triggers_for_customers_alone(
    double: ZendeskDouble, api: Api, number: int, receiver: Receiver
) -> None:
    conditions = [
        {"field": "update_type", "operator": "is", "value": "Change"},
        {"field": "comment_is_public", "operator": "is", "value": "true"},
        {"field": "role", "operator": "is", "value": "end_user"},
        {"field": "current_tags", "operator": "includes", "value": "waits"},
    ]
    api.trigger(("notification_webhook", [api.webhook(receiver.url), BODY]), all=conditions)
    customer = double.end_user("jo@customer.example")
    double.reply(number, by=customer, text="before the tag")
    double.update_ticket(number, by=double.agent, tags=["waits"], comment="And?")
    double.update_ticket(number, by=customer, comment="private", public=False)
    double.reply(number, by=customer, text="I accept", via="email")
    assert double.settle(5)
    assert len(receiver.got) == 1


def test_a_doubted_answer_carries_its_flags(double: ZendeskDouble, api: Api, number: int) -> None:
    customer = double.end_user("jo@customer.example")
    double.reply(number, by=customer, text="a", via="email", flags=[14])
    double.reply(number, by=customer, text="b")
    _, doubted, fine = api.get(f"tickets/{number}/comments").json()["comments"]
    assert doubted["metadata"]["flags"] == [14]
    assert doubted["metadata"]["flags_options"] == {"14": {"trusted": False}}
    assert doubted["metadata"]["trusted"] is False
    assert doubted["via"]["channel"] == "email"
    assert "flags" not in fine["metadata"]


def test_a_comment_of_the_api_has_its_placeholders_filled_in(
    double: ZendeskDouble, api: Api, number: int
) -> None:
    text = "<p>{{ticket.id}}|{{ no.such }}|{{ a|upper }}|{% if x %}</p>"
    api.put_ticket(number, comment={"html_body": text, "public": True})
    assert double.comments(number)[-1]["html_body"] == f"<p>{number}|||</p>"
    double.update_ticket(number, by=double.agent, comment="{{ticket.id}}")
    assert double.comments(number)[-1]["body"] == "{{ticket.id}}", "what people type is their own"


# Time


def test_time_that_is_moved_is_the_accounts_everywhere(
    double: ZendeskDouble, api: Api, number: int, receiver: Receiver
) -> None:
    change = [{"field": "update_type", "operator": "is", "value": "Change"}]
    webhook = api.webhook(receiver.url)
    api.trigger(("notification_webhook", [webhook, BODY]), all=change)
    double.move_clock(HOUR)
    double.update_ticket(number, by=double.agent, priority="high")
    soon = datetime.now(UTC) + HOUR - timedelta(seconds=30)
    assert datetime.fromisoformat(double.ticket(number)["updated_at"]) > soon
    assert parsedate_to_datetime(api.get("users/me").headers["Date"]) > soon
    assert double.settle(5)
    headers = {name.lower(): value for name, value in receiver.got[0].headers.items()}
    stamp = headers["x-zendesk-webhook-signature-timestamp"]
    assert datetime.fromisoformat(stamp) > soon
    secret = api.get(f"webhooks/{webhook}/signing_secret").json()["signing_secret"]["secret"]
    signed = signature(secret, stamp, receiver.got[0].body)
    assert headers["x-zendesk-webhook-signature"] == signed


def test_time_that_is_moved_has_passed_for_limits_too(
    double: ZendeskDouble, api: Api, number: int
) -> None:
    answers = [api.put_ticket(number, external_id=str(turn)).status_code for turn in range(31)]
    assert answers[-1] == 429
    double.move_clock(timedelta(minutes=11))
    assert api.put_ticket(number, external_id="later").status_code == 200


def test_the_doubles_own_address_moves_its_time(double: ZendeskDouble, api: Api) -> None:
    address = f"{double.url}/double/clock"
    before = api.session.get(address, timeout=5).json()
    after = api.session.post(address, json={"seconds": 4500}, timeout=5).json()
    assert (before["ahead"], after["ahead"]) == (0, 4500)
    apart = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
    assert timedelta(seconds=4500) <= apart < timedelta(seconds=4530)


@pytest.mark.parametrize("seconds", [-1, "60", None, True])
def test_time_does_not_go_back(double: ZendeskDouble, api: Api, seconds: object) -> None:
    address = f"{double.url}/double/clock"
    answer = api.session.post(address, json={"seconds": seconds}, timeout=5)
    assert answer.status_code == 400
    assert double.account.clock.ahead == timedelta(0)
    with pytest.raises(ValueError, match="back"):
        double.move_clock(timedelta(seconds=-1))
