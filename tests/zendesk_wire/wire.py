"""Every request that our Zendesk client may send, from Zendesk's documents alone.

``violations`` knows the closed table below and the JSON Schemas beside it; ``openapi_violations``
asks Zendesk's own (older) OpenAPI file where that is at hand. Neither has seen the client.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import yaml  # type: ignore[import-untyped]
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from openapi_core import Config, OpenAPI
from openapi_core.templating.paths.exceptions import PathNotFound
from openapi_core.testing import MockRequest
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parent / "schemas"
OPENAPI_FILE = (
    Path(__file__).parents[2].parent / "shared" / "data" / "zendesk-support-oas-2024-patched.yaml"
)

MINUTES_A_DAY = 24 * 60
SHORTEST_SECRET = 8  # anything shorter may stand in an address by chance

# Query parameters: a name and what its whole value must look like.

Query = Mapping[str, str]

_ID = r"[1-9]\d*"
_ULID = r"[0-9A-HJKMNP-TV-Z]{26}"
_FLAG = r"true|false"
_ORDER = {"sort_by": r"alphabetical|created_at|updated_at|position", "sort_order": r"asc|desc"}
_PAGES = {"page[size]": r"[1-9]\d?|100", "page[after]": r".+", "page[before]": r".+"}
_IDS = {"ids": rf"{_ID}(,{_ID}){{0,99}}"}
_SIDELOADS = r"(users|organizations|metric_events|slas)"
_BESIDE_TICKETS = {"include": rf"{_SIDELOADS}(,{_SIDELOADS})*"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that may be asked: {id} is a number, {ulid} a ULID; no schema means no body."""

    method: str
    path: str
    schema: str | None = None
    query: Query = field(default_factory=dict)
    exactly_one_of: tuple[str, ...] = ()

    def serves(self, path: str) -> bool:
        pattern = re.escape(self.path).replace(r"\{id\}", _ID).replace(r"\{ulid\}", _ULID)
        return re.fullmatch(pattern, path) is not None


TICKETS = (
    Endpoint("GET", "/api/v2/tickets", query=_PAGES | _BESIDE_TICKETS | {"external_id": r".+"}),
    Endpoint("GET", "/api/v2/tickets/show_many", query=_IDS | _BESIDE_TICKETS),
    Endpoint("GET", "/api/v2/tickets/{id}", query=_BESIDE_TICKETS),
    Endpoint("PUT", "/api/v2/tickets/{id}", "ticket_update"),
    Endpoint("GET", "/api/v2/tickets/{id}/tags"),
    Endpoint("PUT", "/api/v2/tickets/{id}/tags", "ticket_tags"),
    Endpoint("POST", "/api/v2/tickets/{id}/tags", "ticket_tags"),
    Endpoint("DELETE", "/api/v2/tickets/{id}/tags", "ticket_tags"),
    Endpoint("GET", "/api/v2/tickets/{id}/audits", query=_PAGES),
    Endpoint(
        "GET",
        "/api/v2/tickets/{id}/comments",
        query=_PAGES
        | {"include": "users", "include_inline_images": _FLAG, "sort": r"-?created_at"},
    ),
    Endpoint("GET", "/api/v2/tickets/{id}/macros/{id}/apply"),
    Endpoint(
        "GET",
        "/api/v2/incremental/tickets/cursor",
        query=_BESIDE_TICKETS
        | {"start_time": r"\d+", "cursor": r".+", "per_page": r"[1-9]\d{0,2}|1000"},
        exactly_one_of=("start_time", "cursor"),
    ),
    Endpoint(
        "GET",
        "/api/v2/incremental/ticket_metric_events",
        query={"start_time": r"\d+"},
        exactly_one_of=("start_time",),
    ),
)

PEOPLE = (
    Endpoint("GET", "/api/v2/apps/{id}/public_key.pem"),
    Endpoint("GET", "/api/v2/users/me"),
    Endpoint("GET", "/api/v2/users/show_many", query=_IDS),
    Endpoint("GET", "/api/v2/users/{id}", query={"include": r"organizations"}),
    Endpoint("GET", "/api/v2/organizations", query=_PAGES),
    Endpoint("GET", "/api/v2/organizations/show_many", query=_IDS),
    Endpoint("GET", "/api/v2/organizations/{id}"),
    Endpoint("GET", "/api/v2/groups", query=_PAGES),
    Endpoint("GET", "/api/v2/brands", query=_PAGES),
    Endpoint("GET", "/api/v2/locales"),
    Endpoint("GET", "/api/v2/account/settings"),
)

FORMS = (
    Endpoint("GET", "/api/v2/ticket_fields", query=_PAGES | {"locale": r"[A-Za-z-]+"}),
    Endpoint("POST", "/api/v2/ticket_fields", "ticket_field_create"),
    Endpoint("GET", "/api/v2/ticket_fields/{id}"),
    Endpoint("PUT", "/api/v2/ticket_fields/{id}", "ticket_field_update"),
    Endpoint("DELETE", "/api/v2/ticket_fields/{id}"),
    Endpoint("GET", "/api/v2/ticket_forms", query=_PAGES | {"active": _FLAG}),
    Endpoint("GET", "/api/v2/ticket_forms/{id}"),
    Endpoint("PUT", "/api/v2/ticket_forms/{id}", "ticket_form_update"),
)

RULES = (
    Endpoint(
        "GET", "/api/v2/trigger_categories", query=_PAGES | {"sort": r"-?(position|name|\w+_at)"}
    ),
    Endpoint("POST", "/api/v2/trigger_categories", "trigger_category_create"),
    Endpoint("GET", "/api/v2/trigger_categories/{id}"),
    Endpoint("PATCH", "/api/v2/trigger_categories/{id}", "trigger_category_update"),
    Endpoint("DELETE", "/api/v2/trigger_categories/{id}"),
    Endpoint(
        "GET",
        "/api/v2/triggers",
        query=_PAGES | _ORDER | {"active": _FLAG, "category_id": _ID, "sort": r"-?\w+"},
    ),
    Endpoint("GET", "/api/v2/triggers/definitions"),
    Endpoint("POST", "/api/v2/triggers", "trigger_create"),
    Endpoint("GET", "/api/v2/triggers/{id}"),
    Endpoint("PUT", "/api/v2/triggers/{id}", "trigger_update"),
    Endpoint("DELETE", "/api/v2/triggers/{id}"),
    Endpoint(
        "GET",
        "/api/v2/macros",
        query=_PAGES
        | _ORDER
        | {
            "access": r"personal|agents|shared|account",
            "active": _FLAG,
            "category": r".+",
            "group_id": _ID,
            "only_viewable": _FLAG,
        },
    ),
    Endpoint("POST", "/api/v2/macros", "macro_create"),
    Endpoint("GET", "/api/v2/macros/definitions"),
    Endpoint("GET", "/api/v2/macros/{id}"),
    Endpoint("GET", "/api/v2/macros/{id}/apply"),
    Endpoint("PUT", "/api/v2/macros/{id}", "macro_update"),
    Endpoint("DELETE", "/api/v2/macros/{id}"),
    Endpoint(
        "GET",
        "/api/v2/views",
        query=_PAGES
        | _ORDER
        | {"access": r"personal|shared|account", "active": _FLAG, "group_id": _ID},
    ),
    Endpoint("POST", "/api/v2/views", "view_create"),
    Endpoint("GET", "/api/v2/views/{id}"),
    Endpoint("PUT", "/api/v2/views/{id}", "view_update"),
    Endpoint("DELETE", "/api/v2/views/{id}"),
)

WEBHOOKS = (
    Endpoint(
        "GET",
        "/api/v2/webhooks",
        query=_PAGES
        | {
            "filter[name_contains]": r".+",
            "filter[status]": r"active|inactive",
            "sort": r"-?(name|status)",
        },
    ),
    Endpoint("POST", "/api/v2/webhooks", "webhook_create"),
    Endpoint("POST", "/api/v2/webhooks/test", "webhook_test", query={"webhook_id": _ULID}),
    Endpoint("GET", "/api/v2/webhooks/{ulid}"),
    Endpoint("PUT", "/api/v2/webhooks/{ulid}", "webhook_replace"),
    Endpoint("PATCH", "/api/v2/webhooks/{ulid}", "webhook_patch"),
    Endpoint("DELETE", "/api/v2/webhooks/{ulid}"),
    Endpoint("GET", "/api/v2/webhooks/{ulid}/signing_secret"),
    Endpoint("POST", "/api/v2/webhooks/{ulid}/signing_secret"),
    Endpoint("GET", "/api/v2/webhooks/{ulid}/invocations", query=_PAGES),
    Endpoint("GET", "/api/v2/webhooks/{ulid}/invocations/{ulid}/attempts"),
)

_ITEM = "/api/v2/dynamic_content/items"

TEXTS = (
    Endpoint("GET", _ITEM, query=_PAGES),
    Endpoint("POST", _ITEM, "dynamic_content_item_create"),
    Endpoint("GET", f"{_ITEM}/{{id}}"),
    Endpoint("PUT", f"{_ITEM}/{{id}}", "dynamic_content_item_update"),
    Endpoint("DELETE", f"{_ITEM}/{{id}}"),
    Endpoint("GET", f"{_ITEM}/{{id}}/variants", query=_PAGES),
    Endpoint("POST", f"{_ITEM}/{{id}}/variants", "dynamic_content_variant_create"),
    Endpoint("GET", f"{_ITEM}/{{id}}/variants/{{id}}"),
    Endpoint("PUT", f"{_ITEM}/{{id}}/variants/{{id}}", "dynamic_content_variant_update"),
    Endpoint("DELETE", f"{_ITEM}/{{id}}/variants/{{id}}"),
)

_SCHEDULE = "/api/v2/business_hours/schedules"

HOURS = (
    Endpoint("GET", "/api/v2/slas/policies", query=_PAGES),
    Endpoint("GET", "/api/v2/slas/policies/definitions"),
    Endpoint("POST", "/api/v2/slas/policies", "sla_policy_create"),
    Endpoint("GET", "/api/v2/slas/policies/{id}"),
    Endpoint("PUT", "/api/v2/slas/policies/{id}", "sla_policy_update"),
    Endpoint("DELETE", "/api/v2/slas/policies/{id}"),
    Endpoint("GET", _SCHEDULE),
    Endpoint("POST", _SCHEDULE, "schedule_create"),
    Endpoint("GET", f"{_SCHEDULE}/{{id}}"),
    Endpoint("PUT", f"{_SCHEDULE}/{{id}}", "schedule_update"),
    Endpoint("DELETE", f"{_SCHEDULE}/{{id}}"),
    Endpoint("PUT", f"{_SCHEDULE}/{{id}}/workweek", "workweek_update"),
    Endpoint("GET", f"{_SCHEDULE}/{{id}}/holidays"),
    Endpoint("POST", f"{_SCHEDULE}/{{id}}/holidays", "holiday_create"),
    Endpoint("GET", f"{_SCHEDULE}/{{id}}/holidays/{{id}}"),
    Endpoint("PUT", f"{_SCHEDULE}/{{id}}/holidays/{{id}}", "holiday_update"),
    Endpoint("DELETE", f"{_SCHEDULE}/{{id}}/holidays/{{id}}"),
)

ENDPOINTS = (
    Endpoint("POST", "/oauth/tokens", "oauth_token"),
    *TICKETS,
    *PEOPLE,
    *FORMS,
    *RULES,
    *WEBHOOKS,
    *TEXTS,
    *HOURS,
)

# What JSON Schema has no word for.

FORMATS = FormatChecker(formats=())

# Placeholders that hold no words of anybody, and what each may turn into. All but the ticket's own
# id and dates may be empty: a ticket without organization, group or priority.
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_.]+)\s*\}\}")
_OWNERS = r"(brand|organization|requester|submitter|assignee|group|ticket_form)"
_NUMBERS = re.compile(rf"(ticket(\.{_OWNERS})?|current_user)\.id|ticket\.(brand|ticket_form)_id")
_ENUMS = re.compile(r"ticket\.(status|priority|ticket_type|via)")
_STAMPS = re.compile(r"ticket\.(created|updated)_at_with_timestamp")


class TemplateError(ValueError):
    """The text of a trigger's webhook is not what Zendesk can fill in safely."""


def filled_in(template: str, *, empty: bool) -> str:
    """The template as Zendesk would send it: with everything it may lack, or without."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if _STAMPS.fullmatch(name):
            return "2026-11-22T10:00:00Z"
        if _NUMBERS.fullmatch(name):
            return "" if empty and name != "ticket.id" else "35436"
        if _ENUMS.fullmatch(name):
            return "" if empty else "a word"
        raise TemplateError(f"{match[0]} is neither an id nor one of a few fixed words")

    filled = _PLACEHOLDER.sub(value, template)
    if "{{" in filled or "{%" in filled:
        raise TemplateError("more than plain placeholders")
    return filled


@FORMATS.checks("ids-template", raises=ValueError)
def is_ids_template(value: object) -> bool:
    """JSON in which Zendesk puts ids and fixed words, whatever the ticket is like."""
    if not isinstance(value, str):
        return True
    if "ticket.id" not in _PLACEHOLDER.findall(value):
        raise TemplateError("no {{ticket.id}}, so nobody knows which ticket to read")
    for empty in (False, True):
        if not isinstance(read_json(filled_in(value, empty=empty)), dict):
            raise TemplateError("not a JSON object")
    return True


@FORMATS.checks("safe-endpoint", raises=ValueError)
def is_safe_endpoint(value: object) -> bool:
    """https anywhere, or this machine."""
    if not isinstance(value, str):
        return True
    url = urlsplit(value)
    if not url.hostname or url.username or url.password or url.fragment or re.search(r"\s", value):
        return False
    return url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname))


def is_loopback(host: str) -> bool:
    """localhost, 127.0.0.0/8 or ::1."""
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value: object) -> bool:
    """ISO 8601 with its zone."""
    if not isinstance(value, str):
        return True
    whole = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value)
    return whole is not None and datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("day", raises=ValueError)
def is_day(value: object) -> bool:
    """YYYY-MM-DD and nothing else."""
    if not isinstance(value, str):
        return True
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None and bool(date.fromisoformat(value))


@FORMATS.checks("regular-expression", raises=re.error)
def is_regular_expression(value: object) -> bool:
    """Something that compiles."""
    return not isinstance(value, str) or bool(re.compile(value))


def in_order(
    _validator: Any, rule: Mapping[str, Any], instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    """x-order: one property comes before another."""
    if not isinstance(instance, dict) or not {rule["first"], rule["last"]} <= instance.keys():
        return
    first, last = instance[rule["first"]], instance[rule["last"]]
    if type(first) is type(last) and (first > last or (first == last and not rule["mayBeEqual"])):
        yield ValidationError(f"{rule['first']} {first!r} is not before {rule['last']} {last!r}")


def within_a_day(
    _validator: Any, rule: Mapping[str, Any], instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    """x-oneDay: both minutes of the week are of one day; midnight ends the day before it."""
    if not isinstance(instance, dict):
        return
    first, last = instance.get(rule["first"]), instance.get(rule["last"])
    if not isinstance(first, int) or not isinstance(last, int) or last <= first:
        return
    if first // MINUTES_A_DAY != (last - 1) // MINUTES_A_DAY:
        yield ValidationError(f"{first} to {last} spans more than a day")


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"x-order": in_order, "x-oneDay": within_a_day}
)


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by the name of its file."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(SCHEMAS.glob("*.json"))
    }


@cache
def validator(name: str) -> Any:
    """The validator of one request body."""
    parts = schemas()["parts"]
    registry: Registry[Any] = Registry().with_resource(parts["$id"], Resource.from_contents(parts))
    return _Validator(schemas()[name], registry=registry, format_checker=FORMATS)


def schema_violations(name: str, content: object) -> Iterator[str]:
    """What one schema says of a body."""
    for error in validator(name).iter_errors(content):
        cause = f" ({error.cause})" if error.cause else ""
        yield f"{name} {error.json_path}: {error.message}{cause}"


def read_json(text: str) -> Any:
    """JSON as RFC 8259 has it: no NaN, no name twice in an object."""
    return json.loads(text, parse_constant=_refuse, object_pairs_hook=_without_doubles)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return content


# The request as a whole.


def violations(
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes | None,
) -> list[str]:
    """Everything that Zendesk's documents do not allow of a request; empty when it is in order."""
    given = {name.lower(): value for name, value in headers.items()}
    endpoint = endpoint_for(method, path)
    found = [*authorization_violations(path, given), *secret_violations(path, query, given)]
    if endpoint is None:
        return [f"{method} {path} is not in the table", *found]
    return [*found, *query_violations(endpoint, query), *body_violations(endpoint, given, body)]


def endpoint_for(method: str, path: str) -> Endpoint | None:
    """The line of the table for a request."""
    return next((each for each in ENDPOINTS if each.method == method and each.serves(path)), None)


def authorization_violations(path: str, headers: Mapping[str, str]) -> Iterator[str]:
    """Bearer, or the legacy Basic of an API token; nothing where the token is asked for."""
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if path == "/oauth/tokens":
        if scheme:
            yield "the client's secret is in the body, so no Authorization is due"
    elif scheme == "Bearer":
        if not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", credential):
            yield "Bearer is followed by one token"
    elif scheme == "Basic":
        if not re.fullmatch(r"[^:/]+@[^:/]+/token:.+", decoded(credential)):
            yield "Basic is the base64 of email/token:TOKEN"
    else:
        yield "Authorization is neither Bearer nor Basic"


def decoded(credential: str) -> str:
    """What a Basic credential says; nothing when it is none."""
    try:
        return base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def secret_violations(
    path: str, query: Mapping[str, str], headers: Mapping[str, str]
) -> Iterator[str]:
    """Addresses end up in logs, so no secret is ever part of one."""
    credential = headers.get("authorization", "").partition(" ")[2]
    each_secret = (credential, decoded(credential).partition(":")[2])
    secrets = {secret for secret in each_secret if len(secret) >= SHORTEST_SECRET}
    for name, value in query.items():
        if re.search(r"(?i)token|secret|passw|api_?key|credential|authori[sz]", name):
            yield f"?{name} is a secret in the address"
        if any(secret in value for secret in secrets):
            yield f"?{name} repeats the credential"
    if any(secret in path for secret in secrets):
        yield "the path repeats the credential"


def query_violations(endpoint: Endpoint, query: Mapping[str, str]) -> Iterator[str]:
    """Only what the table lists, as it is listed."""
    for name, value in query.items():
        if name not in endpoint.query:
            yield f"{endpoint.path} knows no ?{name}"
        elif not re.fullmatch(endpoint.query[name], value):
            yield f"?{name}={value} is not {endpoint.query[name]}"
    if {"page[after]", "page[before]"} <= query.keys():
        yield "page[after] and page[before] exclude each other"
    if endpoint.exactly_one_of and len(query.keys() & set(endpoint.exactly_one_of)) != 1:
        yield f"exactly one of {', '.join(endpoint.exactly_one_of)} is due"


def body_violations(
    endpoint: Endpoint, headers: Mapping[str, str], body: bytes | None
) -> Iterator[str]:
    """JSON in UTF-8 that matches the schema, or nothing at all."""
    if endpoint.schema is None:
        if body:
            yield f"{endpoint.method} {endpoint.path} has no body"
        return
    kind = headers.get("content-type", "")
    if not re.fullmatch(r"(?i)application/json(; ?charset=utf-8)?", kind):
        yield f"Content-Type is {kind!r}, not application/json"
    try:
        content = read_json((body or b"").decode("utf-8"))
    except ValueError as error:
        yield f"the body is not JSON in UTF-8: {error}"
    else:
        yield from schema_violations(endpoint.schema, content)


# Zendesk's own description, where it is at hand.


class _Loader(yaml.CSafeLoader):  # type: ignore[misc]
    """PyYAML dies of a bare ``=`` otherwise."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _loader, node: node.value)


# The file itself is not in question, and checking it takes seconds.
UNCHECKED = Config(spec_validator_cls=None)  # type: ignore[arg-type]


@cache
def openapi() -> OpenAPI | None:
    """The file, read once a process; None where it is not at hand."""
    if not OPENAPI_FILE.is_file():
        return None
    with OPENAPI_FILE.open(encoding="utf-8") as file:
        spec = yaml.load(file, _Loader)  # noqa: S506 - a safe loader, with one constructor more
    return OpenAPI.from_dict(mended(spec), config=UNCHECKED)


def mended(spec: dict[str, Any]) -> dict[str, Any]:
    """Where Zendesk's manuals know better than the file."""
    spec.pop("security", None)
    parts = spec["components"]
    for path, shared in spec["paths"].items():
        for operation in (shared, *(each for each in shared.values() if isinstance(each, dict))):
            operation.pop("security", None)
            operation["parameters"] = [
                each
                for each in operation.get("parameters", ())
                if stands_in(
                    path, parts["parameters"].get(each.get("$ref", "").split("/")[-1], each)
                )
            ]
    parts["schemas"]["TicketUpdateInput"]["properties"]["metadata"] = {"type": "object"}
    parts["schemas"]["MacroInput"]["properties"]["restriction"]["nullable"] = True
    parts["schemas"]["ActionObject"]["properties"]["value"] = {
        "oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "array", "items": {}}]
    }
    parts["parameters"]["IncrementalUnixTime"]["required"] = False
    part_of_a_trigger = {key: value for key, value in trigger(parts).items() if key != "required"}
    update = spec["paths"]["/api/v2/triggers/{trigger_id}"]["put"]["requestBody"]["content"]
    update["application/json"]["schema"] = {
        "type": "object",
        "properties": {"trigger": part_of_a_trigger},
    }
    return spec


def stands_in(path: str, parameter: Mapping[str, Any]) -> bool:
    """The file asks for parameters of addresses that have no place for them."""
    return parameter["in"] != "path" or f"{{{parameter['name']}}}" in path


def trigger(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The file's idea of a whole trigger."""
    whole: dict[str, Any] = parts["schemas"]["TriggerObject"]
    return whole


def openapi_violations(
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes | None,
) -> list[str]:
    """What Zendesk's OpenAPI file says against a request; nothing where it knows no such path."""
    api = openapi()
    if api is None:
        return []
    given = {name.lower(): value for name, value in headers.items()}
    request = MockRequest(
        "https://example.zendesk.com",
        method.lower(),
        path,
        args=dict(query),
        headers=dict(headers),
        data=body,
        content_type=given.get("content-type", "").lower(),
    )
    errors = list(api.iter_request_errors(request))
    if any(isinstance(error, PathNotFound) for error in errors):
        return []
    return [f"{method} {path}: {told(error)}" for error in errors]


def told(error: BaseException) -> str:
    """An error with what lies behind it: the words of the schema where a schema speaks."""
    words = []
    each: BaseException | None = error
    while each is not None:
        inner = [one.message for one in getattr(each, "schema_errors", ())]
        words.append("; ".join(inner) or str(each).partition(": Value {")[0])
        each = each.__cause__
    return ": ".join(words)
