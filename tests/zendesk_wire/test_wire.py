"""The wire's own tests: what the manuals allow passes, and every schema bites."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from openapi_core import OpenAPI
from tests.zendesk_wire import wire
from tests.zendesk_wire.wire import ENDPOINTS, Endpoint, openapi_violations, violations

BEARER = {"Authorization": "Bearer a-token-of-this-test"}
JSON = BEARER | {"Content-Type": "application/json"}
WEBHOOK = "01FVJ1J73MG04AJRDPD2AKKXH7"
STAMP = "2026-11-22T10:00:00Z"
GONE = object()

Change = tuple[str, tuple[str | int, ...], object]
Request = tuple[str, str, dict[str, str], dict[str, str], bytes | None]

CREATED = {"field": "update_type", "operator": "is", "value": "Create"}
UNMARKED = {"field": "current_tags", "operator": "not_includes", "value": "policy_applied"}
TEMPLATE = (
    '{"ticket_id": "{{ticket.id}}", "stamp": "{{ticket.updated_at_with_timestamp}}",'
    ' "brand": "{{ticket.brand.id}}", "priority": "{{ ticket.priority }}"}'
)
TRIGGER = {
    "title": "Support Policy: new ticket",
    "category_id": "10026",
    "conditions": {"all": [CREATED, UNMARKED], "any": []},
    "actions": [{"field": "notification_webhook", "value": [WEBHOOK, TEMPLATE]}],
}
HOOK = {
    "name": "Support Policy",
    "status": "active",
    "endpoint": "https://policy.example/webhooks/zendesk",
    "http_method": "POST",
    "request_format": "json",
    "subscriptions": ["conditional_ticket_events"],
    "authentication": {
        "type": "bearer_token",
        "data": {"token": "t"},
        "add_position": "header",
    },
    "custom_headers": {"X-Support-Policy": "1"},
}
BASIC_AUTH = {
    "type": "basic_auth",
    "data": {"username": "u", "password": "p"},
    "add_position": "header",
}
API_KEY = {"type": "api_key", "data": {"name": "n", "value": "v"}, "add_position": "header"}
BOTH_KINDS = ["conditional_ticket_events", "zen:event-type:ticket.created"]
MACRO = {
    "title": "Ask for the fee",
    "restriction": None,
    "actions": [
        {"field": "comment_value_html", "value": "{{dc.fee_request}}"},
        {"field": "comment_value", "value": ["channel:all", "Bonjour"]},
        {"field": "comment_mode_is_public", "value": "true"},
        {"field": "status", "value": "pending"},
        {"field": "current_tags", "value": "asf_requested asf_en"},
        {"field": "custom_fields_360", "value": "yes"},
    ],
}
VIEW = {
    "title": "Due soon",
    "all": [{"field": "status", "operator": "less_than", "value": "solved"}, UNMARKED],
    "any": [],
    "output": {"columns": ["nice_id", 360, "360011"], "sort_by": "created", "sort_order": "asc"},
    "restriction": {"type": "Group", "ids": [7]},
}
VARIANTS = [
    {"locale_id": 1, "default": True, "content": "Hello"},
    {"locale_id": 16, "default": False, "content": "Bonjour"},
]
SLA = {
    "title": "Plus",
    "filter": {"all": [{"field": "current_tags", "operator": "includes", "value": "x"}], "any": []},
    "policy_metrics": [
        {"priority": "high", "metric": "first_reply_time", "target": 30, "business_hours": True}
    ],
}
TEXT_FIELD = {"type": "text", "title": "First response due", "visible_in_portal": False}
CHOICE = {
    "type": "tagger",
    "title": "Rule",
    "custom_field_options": [{"name": "Site down", "value": "rule_down"}],
}
TICKET = {
    "priority": "low",
    "tags": ["vip", "policy_applied"],
    "custom_fields": [{"id": 360, "value": STAMP}, {"id": 361, "value": None}],
    "comment": {"body": "Répondu vite.", "public": False},
    "metadata": {"policy_app": {"decision": "d1", "rev": 3}},
    "safe_update": True,
    "updated_stamp": STAMP,
}
TAGS = {"tags": ["vip"], "safe_update": "true", "updated_stamp": STAMP}
TOKEN = {
    "grant_type": "client_credentials",
    "client_id": "support_policy",
    "client_secret": "made-up",
    "scope": "tickets:read tickets:write users:read organizations:read",
    "expires_in": 172800,
}
HOLIDAY = {"name": "Noël", "start_date": "2026-12-25", "end_date": "2026-12-26"}
WEEK = {
    "intervals": [
        {"start_time": 1980, "end_time": 2460},
        {"start_time": 3840, "end_time": 4320},
        {"start_time": 10000, "end_time": 10080},
    ]
}

GOOD: Mapping[str, tuple[dict[str, Any], ...]] = {
    "oauth_token": (TOKEN, TOKEN | {"scope": "read write"}),
    "ticket_update": (
        {"ticket": TICKET},
        {"ticket": {"priority": "urgent"}},
        {"ticket": {"comment": {"html_body": "<p>Oui</p>", "public": True}}},
    ),
    "ticket_tags": (TAGS, {"tags": ["vip"]}),
    "ticket_field_create": (
        {"ticket_field": TEXT_FIELD},
        {"ticket_field": CHOICE},
        {"ticket_field": TEXT_FIELD | {"type": "regexp", "regexp_for_validation": "^a$"}},
        {"ticket_field": TEXT_FIELD | {"type": "checkbox", "tag": "accepted"}},
        {"ticket_field": TEXT_FIELD | {"type": "lookup", "relationship_target_type": "zen:user"}},
    ),
    "ticket_field_update": ({"ticket_field": {"title": "Due", "active": True}},),
    "ticket_form_update": ({"ticket_form": {"ticket_field_ids": [1, 2, 360]}},),
    "trigger_category_create": ({"trigger_category": {"name": "Support Policy", "position": 0}},),
    "trigger_category_update": ({"trigger_category": {"position": 0}},),
    "trigger_create": ({"trigger": TRIGGER},),
    "trigger_update": ({"trigger": TRIGGER}, {"trigger": {"active": False}}),
    "webhook_create": (
        {"webhook": HOOK},
        {"webhook": HOOK | {"subscriptions": ["zen:event-type:ticket.created"]}},
        {"webhook": HOOK | {"endpoint": "http://127.0.0.1:8080/hook"}},
        {"webhook": HOOK | {"endpoint": "http://[::1]:8080/hook"}},
        {"webhook": HOOK | {"authentication": BASIC_AUTH}},
        {"webhook": HOOK | {"authentication": API_KEY}},
    ),
    "webhook_replace": ({"webhook": HOOK},),
    "webhook_patch": ({"webhook": {"status": "inactive"}}, {"webhook": HOOK}),
    "webhook_test": ({"request": {}}, {"request": {"endpoint": HOOK["endpoint"]}}),
    "macro_create": (
        {"macro": MACRO},
        {"macro": MACRO | {"restriction": {"type": "User", "id": 7}}},
    ),
    "macro_update": ({"macro": MACRO},),
    "view_create": ({"view": VIEW},),
    "view_update": ({"view": VIEW}, {"view": {"active": False}}),
    "dynamic_content_item_create": (
        {"item": {"name": "fee_request", "default_locale_id": 1, "variants": VARIANTS}},
    ),
    "dynamic_content_item_update": ({"item": {"name": "fee_request"}},),
    "dynamic_content_variant_create": ({"variant": VARIANTS[1]},),
    "dynamic_content_variant_update": ({"variant": {"content": "Bonsoir"}},),
    "sla_policy_create": ({"sla_policy": SLA},),
    "sla_policy_update": ({"sla_policy": SLA}, {"sla_policy": {"position": 1}}),
    "schedule_create": (
        {"schedule": {"name": "Québec", "time_zone": "Eastern Time (US & Canada)"}},
    ),
    "schedule_update": ({"schedule": {"name": "Québec"}},),
    "workweek_update": ({"workweek": WEEK},),
    "holiday_create": ({"holiday": HOLIDAY},),
    "holiday_update": ({"holiday": HOLIDAY}, {"holiday": {"name": "Noel"}}),
}

# Each spoils the first good body of its schema: the reason, the place, what stands there then.
_TEXT = ("trigger", "actions", 0, "value", 1)
_TRIGGERS: tuple[Change, ...] = (
    ("no condition", ("trigger", "conditions"), {"all": [], "any": []}),
    ("updated by whom", ("trigger", "conditions", "all", 0, "value"), "Updated"),
    ("conditions alone", ("trigger", "actions"), GONE),
    ("a comment", ("trigger", "actions", 0), {"field": "comment_value", "value": "Hello"}),
    ("a webhook without its text", ("trigger", "actions", 0, "value"), [WEBHOOK]),
    ("a webhook by its name", ("trigger", "actions", 0, "value", 0), "Support Policy"),
    ("the subject", _TEXT, '{"id": "{{ticket.id}}", "subject": "{{ticket.title}}"}'),
    ("the description", _TEXT, '{"id": "{{ticket.id}}", "text": "{{ticket.description}}"}'),
    ("a comment's text", _TEXT, '{"id": "{{ticket.id}}", "c": "{{ticket.latest_comment}}"}'),
    ("a custom field", _TEXT, '{"id": "{{ticket.id}}", "f": "{{ticket.ticket_field_360}}"}'),
    ("the requester's name", _TEXT, '{"id": "{{ticket.id}}", "n": "{{ticket.requester.name}}"}'),
    ("tags", _TEXT, '{"id": "{{ticket.id}}", "tags": "{{ticket.tags}}"}'),
    ("a filter", _TEXT, '{"id": "{{ticket.id | plus: 1}}"}'),
    ("a liquid tag", _TEXT, '{"id": "{{ticket.id}}"{% if x %}, "a": 1{% endif %}}'),
    ("a bare word", _TEXT, '{"id": "{{ticket.id}}", "priority": {{ticket.priority}}}'),
    ("a bare id that may lack", _TEXT, '{"id": {{ticket.id}}, "org": {{ticket.organization.id}}}'),
    ("no ticket", _TEXT, '{"stamp": "{{ticket.updated_at_with_timestamp}}"}'),
    ("no JSON", _TEXT, "ticket {{ticket.id}}"),
    ("no object", _TEXT, '"{{ticket.id}}"'),
    ("a name twice", _TEXT, '{"id": "{{ticket.id}}", "id": 2}'),
    ("a number for a category", ("trigger", "category_id"), 10026),
    ("no such priority", ("trigger", "actions", 0), {"field": "priority", "value": "medium"}),
)
_HOOKS: tuple[Change, ...] = (
    ("both kinds", ("webhook", "subscriptions"), BOTH_KINDS),
    ("no kind", ("webhook", "subscriptions"), []),
    ("an unknown kind", ("webhook", "subscriptions"), ["ticket.created"]),
    ("in the clear", ("webhook", "endpoint"), "http://policy.example/hook"),
    ("a private network", ("webhook", "endpoint"), "http://10.0.0.7/hook"),
    ("a password in the address", ("webhook", "endpoint"), "https://a:b@policy.example/hook"),
    ("no address", ("webhook", "endpoint"), "policy.example/hook"),
    ("GET", ("webhook", "http_method"), "GET"),
    ("XML", ("webhook", "request_format"), "xml"),
    ("half of an authentication", ("webhook", "authentication", "data"), {"username": "u"}),
    ("a secret header", ("webhook", "custom_headers"), {"X-Auth-Token": "t"}),
    ("paused", ("webhook", "status"), "paused"),
)
_MACROS: tuple[Change, ...] = (
    ("no actions", ("macro", "actions"), GONE),
    ("nothing to do", ("macro", "actions"), []),
    ("public as a boolean", ("macro", "actions", 2, "value"), True),
    ("public as a word", ("macro", "actions", 2, "value"), "public"),
    ("closed", ("macro", "actions", 3, "value"), "closed"),
    ("new", ("macro", "actions", 3, "value"), "new"),
    ("commas between tags", ("macro", "actions", 4, "value"), ["a", "b"]),
    ("an unknown field", ("macro", "actions", 5, "field"), "metadata"),
    ("a group without ids", ("macro", "restriction"), {"type": "Group"}),
)
_VIEWS: tuple[Change, ...] = (
    ("no such condition", ("view", "all"), [UNMARKED]),
    ("conditions of an answer", ("view", "conditions"), {"all": VIEW["all"], "any": []}),
    ("any without all", ("view", "all"), GONE),
    ("an unknown column", ("view", "output", "columns"), ["subject"]),
    ("eleven columns", ("view", "output", "columns"), list(range(1, 12))),
)
_POLICIES: tuple[Change, ...] = (
    ("a target in words", ("sla_policy", "policy_metrics", 0, "target"), "30"),
    ("half a minute", ("sla_policy", "policy_metrics", 0, "target"), 0.5),
    ("no such metric", ("sla_policy", "policy_metrics", 0, "metric"), "first_response"),
    ("no such priority", ("sla_policy", "policy_metrics", 0, "priority"), "medium"),
    ("a number to compare with", ("sla_policy", "filter", "all", 0, "value"), 7),
    ("no time at all", ("sla_policy", "policy_metrics", 0, "target"), 0),
    ("whose hours", ("sla_policy", "policy_metrics", 0, "business_hours"), GONE),
    ("half a filter", ("sla_policy", "filter", "any"), GONE),
)
_INTERVAL = ("workweek", "intervals", 0)

BAD: Mapping[str, tuple[Change, ...]] = {
    "oauth_token": (
        ("another grant", ("grant_type",), "password"),
        ("the numeric id", ("client_id",), "223443"),
        ("no secret", ("client_secret",), GONE),
        ("commas", ("scope",), "read,write"),
        ("a week", ("expires_in",), 604800),
    ),
    "ticket_update": (
        ("no such priority", ("ticket", "priority"), "medium"),
        ("no priority at all", ("ticket", "priority"), None),
        ("tags in one text", ("ticket", "tags"), "vip policy_applied"),
        ("a tag of two words", ("ticket", "tags", 0), "very important"),
        ("a tag and a line", ("ticket", "tags", 0), "vip\n"),
        ("a field by its name", ("ticket", "custom_fields", 0, "id"), "due"),
        ("a field as text", ("ticket", "custom_fields", 0, "id"), "360"),
        ("a field without value", ("ticket", "custom_fields", 0, "value"), GONE),
        ("an object as value", ("ticket", "custom_fields", 0, "value"), {"a": 1}),
        ("nobody knows who reads it", ("ticket", "comment", "public"), GONE),
        ("public as text", ("ticket", "comment", "public"), "false"),
        ("two bodies", ("ticket", "comment", "html_body"), "<p>x</p>"),
        ("no body", ("ticket", "comment", "body"), GONE),
        ("metadata as text", ("ticket", "metadata"), "d1"),
        ("false means true", ("ticket", "safe_update"), False),
        ("true as text", ("ticket", "safe_update"), "true"),
        ("one for true", ("ticket", "safe_update"), 1),
        ("safe against what", ("ticket", "updated_stamp"), GONE),
        ("a stamp that protects nothing", ("ticket", "safe_update"), GONE),
        ("a stamp without zone", ("ticket", "updated_stamp"), "2026-11-22T10:00:00"),
        ("a day for a stamp", ("ticket", "updated_stamp"), "2026-11-22"),
        ("a month of its own", ("ticket", "updated_stamp"), "2026-13-22T10:00:00Z"),
        ("closing", ("ticket", "status"), "closed"),
        ("a due time", ("ticket", "due_at"), STAMP),
        ("update_many's tags", ("ticket", "additional_tags"), ["x"]),
        ("the read duplicate", ("ticket", "fields"), []),
        ("a write of nothing", ("ticket",), {"safe_update": True, "updated_stamp": STAMP}),
        ("nothing", ("ticket",), {}),
    ),
    "ticket_tags": (
        ("a tag of two words", ("tags", 0), "very important"),
        ("a day for a stamp", ("updated_stamp",), "2026-11-22"),
        ("no tags", ("tags",), GONE),
        ("true and not its text", ("safe_update",), True),
        ("false", ("safe_update",), "false"),
        ("no stamp", ("updated_stamp",), GONE),
        ("a ticket's update", ("ticket",), {"tags": ["vip"]}),
    ),
    "ticket_field_create": (
        ("a system field", ("ticket_field", "type"), "priority"),
        ("a choice of nothing", ("ticket_field", "type"), "tagger"),
        ("a pattern for none", ("ticket_field", "regexp_for_validation"), "^a$"),
        ("no pattern", ("ticket_field", "type"), "regexp"),
        ("a relation to nothing", ("ticket_field", "type"), "lookup"),
        ("a tag that nobody sets", ("ticket_field", "tag"), "accepted"),
        (
            "options for a text",
            ("ticket_field", "custom_field_options"),
            [{"name": "A", "value": "a"}],
        ),
        ("no title", ("ticket_field", "title"), GONE),
    ),
    "ticket_field_update": (
        ("another type", ("ticket_field", "type"), "text"),
        ("no pattern", ("ticket_field", "regexp_for_validation"), "("),
        ("an option without tag", ("ticket_field", "custom_field_options"), [{"name": "A"}]),
        ("nothing", ("ticket_field",), {}),
    ),
    "ticket_form_update": (
        ("ids as text", ("ticket_form", "ticket_field_ids"), ["1"]),
        ("an id twice", ("ticket_form", "ticket_field_ids"), [1, 1]),
        ("no fields", ("ticket_form", "ticket_field_ids"), []),
    ),
    "trigger_category_create": (
        ("no name", ("trigger_category", "name"), GONE),
        ("a place as text", ("trigger_category", "position"), "0"),
    ),
    "trigger_category_update": (("nothing", ("trigger_category",), {}),),
    "trigger_create": (("no title", ("trigger", "title"), GONE), *_TRIGGERS),
    "trigger_update": _TRIGGERS,
    "webhook_create": (
        *_HOOKS,
        ("a kind left open", ("webhook", "subscriptions"), GONE),
        ("a secret of our own", ("webhook", "signing_secret"), {"secret": "x"}),
    ),
    "webhook_replace": (*_HOOKS, ("no address", ("webhook", "endpoint"), GONE)),
    "webhook_patch": (("nothing", ("webhook",), {}), ("GET", ("webhook", "http_method"), "GET")),
    "webhook_test": (
        ("as the SDK has it", ("request",), GONE),
        ("both", ("webhook",), {}),
        ("in the clear", ("request", "endpoint"), "http://policy.example"),
        ("GET", ("request", "http_method"), "GET"),
    ),
    "macro_create": _MACROS,
    "macro_update": _MACROS,
    "view_create": (*_VIEWS, ("no title", ("view", "title"), GONE)),
    "view_update": _VIEWS,
    "dynamic_content_item_create": (
        ("two defaults", ("item", "variants", 1, "default"), True),
        ("no default", ("item", "variants", 0, "default"), False),
        ("a locale's name", ("item", "variants", 1, "locale_id"), "fr-ca"),
        ("no variants", ("item", "variants"), []),
    ),
    "dynamic_content_item_update": (("another default", ("item", "default_locale_id"), 16),),
    "dynamic_content_variant_create": (
        ("no locale", ("variant", "locale_id"), GONE),
        ("no text", ("variant", "content"), ""),
    ),
    "dynamic_content_variant_update": (
        ("nothing", ("variant",), {}),
        ("active as text", ("variant", "active"), "true"),
    ),
    "sla_policy_create": (*_POLICIES, ("no title", ("sla_policy", "title"), GONE)),
    "sla_policy_update": _POLICIES,
    "schedule_create": (
        ("no time zone", ("schedule", "time_zone"), GONE),
        ("hours too early", ("schedule", "intervals"), WEEK["intervals"]),
    ),
    "schedule_update": (("hours", ("schedule", "intervals"), WEEK["intervals"]),),
    "workweek_update": (
        ("more than a day", (*_INTERVAL, "end_time"), 3900),
        ("backwards", (*_INTERVAL, "end_time"), 1900),
        ("empty", (*_INTERVAL, "end_time"), 1980),
        ("a ninth day", (*_INTERVAL, "end_time"), 10081),
        ("before Sunday", (*_INTERVAL, "start_time"), -1),
        ("a clock", (*_INTERVAL, "start_time"), "09:00"),
    ),
    "holiday_create": (
        ("backwards", ("holiday", "end_date"), "2026-12-24"),
        ("a moment", ("holiday", "start_date"), "2026-12-25T00:00:00Z"),
        ("no such day", ("holiday", "start_date"), "2026-02-30"),
        ("no end", ("holiday", "end_date"), GONE),
    ),
    "holiday_update": (
        ("backwards", ("holiday", "end_date"), "2026-12-24"),
        ("nothing", ("holiday",), {}),
    ),
}

# Actions whose values have rules of their own, in triggers and macros alike.
WRONG_ACTIONS = (
    {"field": "priority", "value": "medium"},
    {"field": "type", "value": "bug"},
    {"field": "status", "value": "waiting"},
    {"field": "group_id", "value": "Support"},
    {"field": "assignee_id", "value": -1},
    {"field": "set_tags", "value": "two  spaces"},
    {"field": "current_tags", "value": "a\tb"},
    {"field": "remove_tags", "value": 7},
    {"field": "custom_fields_360", "value": []},
    {"field": "custom_fields_", "value": "x"},
    {"field": "priority"},
    {"value": "low"},
)
WRONG_CONDITIONS = (
    {"field": "status", "operator": "is"},
    {"field": "status", "value": "open"},
    {"operator": "is", "value": "open"},
    {"field": "update_type", "operator": "changed"},
    {"field": "update_type", "operator": "is_not", "value": "Create"},
    {"field": "Status Category", "operator": "is", "value": "open"},
    {"field": "status", "operator": "<", "value": "solved"},
    {"field": "status", "operator": "includes", "value": [None]},
    {"field": "status", "operator": "includes", "value": []},
)

GOOD_BODIES = [
    pytest.param(name, body, id=f"{name}-{number}")
    for name, bodies in GOOD.items()
    for number, body in enumerate(bodies)
]
BAD_BODIES = [
    pytest.param(name, place, value, id=f"{name}-{reason}")
    for name, changes in BAD.items()
    for reason, place, value in changes
]
FREE = {"metadata", "custom_headers"}  # objects whose names are ours


def changed(body: Any, place: tuple[str | int, ...], value: object) -> Any:
    """A copy of the body with one place changed or gone."""
    copy = deepcopy(body)
    target = copy
    for step in place[:-1]:
        target = target[step]
    if value is GONE:
        del target[place[-1]]
    else:
        target[place[-1]] = value
    return copy


def objects(content: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The places of all objects in a body whose names Zendesk knows."""
    if isinstance(content, dict):
        yield place
        for key, value in content.items():
            if key not in FREE:
                yield from objects(value, (*place, key))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from objects(value, (*place, number))


def values(content: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The places of all values in a body, but for what is below names of our own."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(content, dict):
        inner = list(content.items())
    elif isinstance(content, list):
        inner = list(enumerate(content))
    for step, value in inner:
        yield (*place, step)
        if step not in FREE:
            yield from values(value, (*place, step))


def lines_for(schema: str) -> list[Endpoint]:
    return [each for each in ENDPOINTS if each.schema == schema]


def address(endpoint: Endpoint) -> str:
    return endpoint.path.replace("{id}", "35436").replace("{ulid}", WEBHOOK)


def asked(endpoint: Endpoint) -> dict[str, str]:
    """The query that an endpoint cannot do without."""
    return dict.fromkeys(endpoint.exactly_one_of[:1], "1795000000") | (
        {"ids": "1,2"} if "ids" in endpoint.query else {}
    )


def headers_for(endpoint: Endpoint) -> dict[str, str]:
    kind = {"Content-Type": "application/json"} if endpoint.schema else {}
    return kind | ({} if endpoint.path.startswith("/oauth") else BEARER)


def written(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


@pytest.fixture(scope="module")
def spec() -> OpenAPI | None:
    """Zendesk's own file where it is at hand; without it our schemas stand alone."""
    return wire.openapi()


@pytest.mark.parametrize("name", sorted(wire.schemas()))
def test_every_schema_is_itself_in_order(name: str) -> None:
    wire._Validator.check_schema(wire.schemas()[name])
    used = {
        each["format"]
        for each in nested(wire.schemas()[name])
        if isinstance(each.get("format"), str)
    }
    assert used <= wire.FORMATS.checkers.keys(), "a format that nobody checks lets everything pass"


def nested(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        yield content
        content = list(content.values())
    if isinstance(content, list):
        for each in content:
            yield from nested(each)


@pytest.mark.parametrize("name", sorted(wire.schemas()))
def test_no_schema_lets_unknown_properties_pass(name: str) -> None:
    open_objects = [
        sorted(each["properties"])
        for each in nested(wire.schemas()[name])
        if each.get("type") == "object" and "properties" in each
        if each.get("additionalProperties") is not False
    ]
    assert not open_objects


def test_every_schema_has_examples_and_a_line_in_the_table() -> None:
    named = set(wire.schemas()) - {"parts"}
    assert set(GOOD) == set(BAD) == named == {each.schema for each in ENDPOINTS if each.schema}


def test_no_request_is_served_by_two_lines_of_the_table() -> None:
    for each in ENDPOINTS:
        serving = [
            other
            for other in ENDPOINTS
            if other.method == each.method and other.serves(address(each))
        ]
        assert serving == [each]


@pytest.mark.parametrize(("name", "body"), GOOD_BODIES)
def test_what_the_facts_allow_passes(name: str, body: dict[str, Any], spec: OpenAPI | None) -> None:
    for each in lines_for(name):
        request: Request = (each.method, address(each), {}, headers_for(each), written(body))
        assert violations(*request) == []
        assert openapi_violations(*request) == [], spec


@pytest.mark.parametrize(("name", "place", "value"), BAD_BODIES)
def test_what_the_facts_forbid_is_refused(
    name: str, place: tuple[str | int, ...], value: object
) -> None:
    body = written(changed(GOOD[name][0], place, value))
    for each in lines_for(name):
        found = violations(each.method, address(each), {}, headers_for(each), body)
        assert found
        assert all(line.startswith(name) for line in found), found


@pytest.mark.parametrize(("name", "body"), GOOD_BODIES)
def test_an_unknown_property_is_refused_wherever_it_stands(name: str, body: dict[str, Any]) -> None:
    for place in objects(body):
        spoilt = changed(body, (*place, "made_up"), 1)
        assert list(wire.schema_violations(name, spoilt)), place


@pytest.mark.parametrize(("name", "body"), GOOD_BODIES)
def test_a_value_of_another_kind_is_refused_wherever_it_stands(
    name: str, body: dict[str, Any]
) -> None:
    for place in values(body):
        value = body
        for step in place:
            value = value[step]  # type: ignore[index]
        other: object = [[]] if isinstance(value, dict) else {"made_up": 1}
        assert list(wire.schema_violations(name, changed(body, place, other))), place


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("body", [None, [], {}, "", 7], ids=repr)
def test_no_schema_takes_an_empty_body(name: str, body: object) -> None:
    assert list(wire.schema_violations(name, body))


@pytest.mark.parametrize("action", WRONG_ACTIONS, ids=str)
def test_an_action_without_meaning_is_refused(action: dict[str, Any]) -> None:
    for name, first in (("trigger_create", "trigger"), ("macro_create", "macro")):
        body = changed(GOOD[name][0], (first, "actions", 0), action)
        assert list(wire.schema_violations(name, body)), name


@pytest.mark.parametrize("condition", WRONG_CONDITIONS, ids=str)
def test_a_condition_without_meaning_is_refused(condition: dict[str, Any]) -> None:
    places: tuple[tuple[str, tuple[str | int, ...]], ...] = (
        ("trigger_create", ("trigger", "conditions", "any")),
        ("view_create", ("view", "any")),
        ("sla_policy_create", ("sla_policy", "filter", "any")),
    )
    for name, place in places:
        body = changed(GOOD[name][0], place, [condition])
        assert list(wire.schema_violations(name, body)), name


@pytest.mark.parametrize(
    "endpoint",
    [pytest.param(each, id=f"{each.method} {each.path}") for each in ENDPOINTS if not each.schema],
)
def test_a_request_without_body_passes_and_with_one_does_not(
    endpoint: Endpoint, spec: OpenAPI | None
) -> None:
    request = (endpoint.method, address(endpoint), asked(endpoint), BEARER)
    assert violations(*request, None) == []
    assert openapi_violations(*request, None) == [], spec
    assert violations(*request, b"{}") == [f"{endpoint.method} {endpoint.path} has no body"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v2/tickets/35436.json"),
        ("GET", "/api/v2/tickets/35436/"),
        ("GET", "/api/v2/tickets/0"),
        ("GET", "/api/v2/tickets/35436?include=users"),
        ("GET", "/api/v2/ticket_audits"),
        ("GET", "https://example.zendesk.com/api/v2/tickets/35436"),
        ("get", "/api/v2/tickets/35436"),
        ("POST", "/api/v2/tickets"),
        ("DELETE", "/api/v2/tickets/35436"),
        ("PUT", "/api/v2/tickets/update_many"),
        ("PUT", "/api/v2/trigger_categories/10026"),
        ("POST", "/api/v2/oauth/tokens"),
        ("GET", f"/api/v2/webhooks/{WEBHOOK.lower()}"),
        ("GET", "/api/v2/webhooks/35436"),
    ],
)
def test_what_is_not_in_the_table_is_refused(method: str, path: str) -> None:
    assert violations(method, path, {}, BEARER, None) == [f"{method} {path} is not in the table"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/v2/triggers", {"page[size]": "101"}),
        ("/api/v2/triggers", {"page[size]": "0"}),
        ("/api/v2/triggers", {"page": "2"}),
        ("/api/v2/triggers", {"per_page": "100"}),
        ("/api/v2/triggers", {"page[after]": "a", "page[before]": "b"}),
        ("/api/v2/tickets/35436", {"include": "last_audits"}),
        ("/api/v2/tickets/35436", {"made_up": "1"}),
        ("/api/v2/tickets/show_many", {"ids": ",".join(["1"] * 101)}),
        ("/api/v2/incremental/tickets/cursor", {}),
        ("/api/v2/incremental/tickets/cursor", {"start_time": "1", "cursor": "a"}),
        ("/api/v2/incremental/tickets/cursor", {"start_time": "2026-11-22"}),
        ("/api/v2/incremental/tickets/cursor", {"start_time": "1", "per_page": "1001"}),
        ("/api/v2/webhooks", {"filter[name]": "x"}),
    ],
)
def test_an_unlisted_query_is_refused(path: str, query: dict[str, str]) -> None:
    assert len(violations("GET", path, query, BEARER, None)) == 1


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/v2/triggers", {"page[size]": "100", "page[after]": "ey=="}),
        ("/api/v2/tickets/35436", {"include": "users,organizations,slas"}),
        ("/api/v2/incremental/tickets/cursor", {"cursor": "MTU3Ng=="}),
        ("/api/v2/incremental/tickets/cursor", {"start_time": "1795000000", "per_page": "1000"}),
        ("/api/v2/webhooks", {"filter[name_contains]": "policy", "page[size]": "9"}),
    ],
)
def test_a_listed_query_passes(path: str, query: dict[str, str], spec: OpenAPI | None) -> None:
    assert violations("GET", path, query, BEARER, None) == []
    assert openapi_violations("GET", path, query, BEARER, None) == [], spec


def basic(words: str) -> str:
    return "Basic " + base64.b64encode(words.encode()).decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer two words"},
        {"Authorization": "bearer lower-case"},
        {"Authorization": "Token a-token-of-this-test"},
        {"Authorization": "Basic not-base64"},
        {"Authorization": basic("ada@example.com:a-password")},
        {"Authorization": basic("ada@example.com/token:")},
    ],
)
def test_a_request_without_proper_authorization_is_refused(headers: dict[str, str]) -> None:
    assert len(violations("GET", "/api/v2/users/me", {}, headers, None)) == 1


@pytest.mark.parametrize(
    "authorization", ["Bearer a-token-of-this-test", basic("ada@example.com/token:made-up-token")]
)
def test_bearer_and_the_legacy_token_pass_with_both_judges(authorization: str) -> None:
    request: Request = ("GET", "/api/v2/users/me", {}, {"authorization": authorization}, None)
    assert violations(*request) == openapi_violations(*request) == []


def test_the_token_is_asked_for_with_the_secret_in_the_body_alone() -> None:
    kind = {"Content-Type": "application/json"}
    assert violations("POST", "/oauth/tokens", {}, kind, written(TOKEN)) == []
    assert len(violations("POST", "/oauth/tokens", {}, JSON, written(TOKEN))) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"access_token": "x"},
        {"API_KEY": "x"},
        {"external_id": "a-token-of-this-test"},
        {"client_secret": "x"},
    ],
)
def test_a_secret_in_the_query_is_refused(query: dict[str, str]) -> None:
    found = violations("GET", "/api/v2/tickets", query, BEARER, None)
    assert any("secret" in line or "credential" in line for line in found)


def test_the_secret_of_basic_in_the_query_is_refused() -> None:
    headers = {"Authorization": basic("ada@example.com/token:made-up-token")}
    found = violations("GET", "/api/v2/tickets", {"external_id": "made-up-token"}, headers, None)
    assert found == ["?external_id repeats the credential"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        b"",
        b"{",
        b"\xef\xbb\xbf" + written({"ticket": TICKET}),
        '{"ticket": {"comment": {"body": "été", "public": true}}}'.encode("latin-1"),
        b'{"ticket": {"priority": "low", "priority": "high"}}',
        b'{"ticket": {"custom_fields": [{"id": 1, "value": NaN}]}}',
        b"ticket[priority]=low",
    ],
)
def test_a_body_that_is_no_clean_json_is_refused(body: bytes | None) -> None:
    (found,) = violations("PUT", "/api/v2/tickets/35436", {}, JSON, body)
    assert found.startswith("the body is not JSON")


@pytest.mark.parametrize(
    ("kind", "passes"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("application/json; charset=latin-1", False),
        ("application/x-www-form-urlencoded", False),
        ("text/plain", False),
        ("", False),
    ],
)
def test_only_json_is_a_content_type(kind: str, *, passes: bool) -> None:
    body = written({"ticket": {"priority": "low"}})
    headers = BEARER | {"content-type": kind}
    found = violations("PUT", "/api/v2/tickets/35436", {}, headers, body)
    assert (found == []) is passes


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/v2/tickets/35436", {"ticket": {"priority": "critical"}}),
        ("PUT", "/api/v2/tickets/35436", {"ticket": {"tags": "vip"}}),
        ("PUT", "/api/v2/tickets/35436", {"ticket": {"made_up": 1}}),
        ("PUT", "/api/v2/tickets/35436", {"ticket": {"custom_fields": [{"id": "x", "value": 1}]}}),
        ("PUT", "/api/v2/tickets/35436/tags", {"tags": "vip"}),
        ("POST", "/api/v2/triggers", {"trigger": {"title": "no conditions"}}),
        ("POST", "/api/v2/macros", {"macro": {"title": "no actions"}}),
        ("PUT", "/api/v2/trigger_categories/10026", {"trigger_category": {"name": "PATCH it"}}),
    ],
)
def test_both_judges_refuse_what_zendesk_would(
    method: str, path: str, body: dict[str, Any], spec: OpenAPI | None
) -> None:
    request: Request = (method, path, {}, JSON, written(body))
    assert violations(*request)
    assert bool(openapi_violations(*request)) is (spec is not None)


def test_the_table_names_nothing_that_zendesk_does_not(spec: OpenAPI | None) -> None:
    """The OpenAPI file has all of it but what it is known to lack."""
    absent = ("/api/v2/webhooks", "/api/v2/business_hours", "/api/v2/apps", "/oauth/")
    ours = {(each.method, each.path) for each in ENDPOINTS if not each.path.startswith(absent)}
    assert len(ours) > 50
    assert spec is None or ours <= operations(spec)


def operations(spec: OpenAPI) -> set[tuple[str, str]]:
    paths = spec.spec / "paths"
    return {
        (method.upper(), re.sub(r"\{\w+\}", "{id}", path))
        for path in map(str, paths.keys())
        for method in map(str, (paths / path).keys())
    }


def test_without_zendesks_file_the_own_schemas_judge_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "OPENAPI_FILE", tmp_path / "nowhere.yaml")
    monkeypatch.setattr(wire, "openapi", wire.openapi.__wrapped__)
    request: Request = (
        "PUT",
        "/api/v2/tickets/35436",
        {},
        JSON,
        written({"ticket": {"priority": "p1"}}),
    )
    assert openapi_violations(*request) == []
    assert violations(*request)


def test_zendesks_file_is_read_once_a_process() -> None:
    assert wire.openapi() is wire.openapi()


@pytest.mark.parametrize("path", ["/api/v2/webhooks", "/oauth/tokens", "/api/v2/made_up"])
def test_zendesks_file_says_nothing_of_addresses_it_lacks(path: str) -> None:
    assert openapi_violations("POST", path, {}, JSON, b"{}") == []
