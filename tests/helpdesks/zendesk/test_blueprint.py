"""What should be in an account for a policy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from tests.helpdesks.zendesk.installed import ASK, REPLIES, URL

from support_policy.core.policy import Policy, PolicyTarget
from support_policy.core.reply import load_replies
from support_policy.core.schedule import Schedule
from support_policy.core.target import Target
from support_policy.core.ticket import Priority
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.blueprint import Blueprint, draw
from support_policy.helpdesks.zendesk.kinds import KINDS
from support_policy.helpdesks.zendesk.ledger import ASK_FIELDS, FIELDS
from support_policy.helpdesks.zendesk.macros import macros
from support_policy.helpdesks.zendesk.resource import Ref, Resource
from support_policy.helpdesks.zendesk.triggers import ANSWERED, ASKED, CHANGED, OPENED
from support_policy.texts import load_texts

TODAY = date(2026, 11, 24)
EVERYTHING: Mapping[str, tuple[dict[str, Any], ...]] = dict.fromkeys(KINDS, ())
WHOLE = Account(rows=EVERYTHING, forms=(), locales=(("en-us", 1), ("fr", 16)))


def without(*kinds: str) -> Account:
    rows = {kind: () for kind in EVERYTHING if kind not in kinds}
    return replace(WHOLE, rows=rows)


def drawn(
    policy: Policy,
    account: Account = WHOLE,
    url: str = URL,
    language: str = "en",
    *,
    asks: bool = False,
) -> Blueprint:
    return draw(
        policy=policy,
        replies=(*REPLIES, ASK),
        public_url=url,
        desk="desk",
        account=account,
        today=TODAY,
        language=language,
        asks=asks,
    )


def of_kind(blueprint: Blueprint, kind: str) -> dict[str, Resource]:
    return {each.name: each for each in blueprint.resources if each.kind == kind}


# --------------------------------------------------------------- fields, webhook, triggers


def test_there_is_a_field_for_each_name_that_the_client_writes(policy: Policy) -> None:
    fields = of_kind(drawn(policy), "ticket_field")
    assert tuple(fields) == FIELDS
    types = {name: each.once["type"] for name, each in fields.items()}
    assert types == {
        "expected_at": "text",
        "expected_on": "date",
        "class": "text",
        "reason": "textarea",
    }


def test_no_customer_sees_or_changes_a_field_of_ours(policy: Policy) -> None:
    for each in of_kind(drawn(policy), "ticket_field").values():
        assert each.body["visible_in_portal"] is False
        assert each.body["editable_in_portal"] is False
        assert each.body["required"] is False


def test_both_expected_fields_say_that_a_time_is_expected_and_not_guaranteed(
    policy: Policy,
) -> None:
    fields = of_kind(drawn(policy), "ticket_field")
    for name in ("expected_at", "expected_on"):
        text = fields[name].body["agent_description"]
        assert text.startswith(f"policy_{name}: ")
        assert "expected, not guaranteed" in text


@pytest.mark.parametrize("url", ["https://policy.example.com", "https://policy.example.com/"])
def test_the_webhook_calls_the_desk_s_own_address(policy: Policy, url: str) -> None:
    (webhook,) = of_kind(drawn(policy, url=url), "webhook").values()
    assert webhook.body["endpoint"] == "https://policy.example.com/webhooks/desk"
    assert webhook.body["subscriptions"] == ["conditional_ticket_events"]
    assert webhook.title == "Support Policy (desk)"
    assert "authentication" not in webhook.body


def test_the_triggers_send_nothing_but_ids_and_the_name_of_the_event(policy: Policy) -> None:
    triggers = of_kind(drawn(policy), "trigger")
    sent = {}
    for name, trigger in triggers.items():
        (action,) = trigger.body["actions"]
        assert action["field"] == "notification_webhook"
        assert action["value"][0] == Ref("webhook", "tickets")
        sent[name] = json.loads(action["value"][1])
    assert sent == {"opened": OPENED, "changed": CHANGED}
    for payload in (OPENED, CHANGED):
        holders = set(payload.values()) - {"ticket.opened", "ticket.changed"}
        assert all(each.startswith("{{ticket.") for each in holders)
        assert not any("title" in each or "comment" in each for each in holders)


def test_a_new_ticket_and_a_change_of_hands_fire_and_no_other_update(policy: Policy) -> None:
    triggers = of_kind(drawn(policy), "trigger")
    new, changed = (triggers[name].body["conditions"] for name in ("opened", "changed"))
    assert new == {
        "all": [{"field": "update_type", "operator": "is", "value": "Create"}],
        "any": [],
    }
    assert [each["field"] for each in changed["any"]] == [
        "requester_id",
        "organization_id",
        "brand_id",
        "group_id",
    ]
    assert {each["operator"] for each in changed["any"]} == {"changed"}
    assert {"field": "status", "operator": "less_than", "value": "closed"} in changed["all"]


def test_triggers_are_in_a_category_of_ours_that_comes_first(policy: Policy) -> None:
    blueprint = drawn(policy)
    (category,) = of_kind(blueprint, "trigger_category").values()
    assert category.once == {"position": 0}
    for trigger in of_kind(blueprint, "trigger").values():
        assert trigger.body["category_id"] == Ref("trigger_category", "category")


def test_an_account_without_trigger_categories_still_gets_its_triggers(policy: Policy) -> None:
    blueprint = drawn(policy, without("trigger_category"))
    assert "trigger category: the account has none" in blueprint.left_out
    triggers = of_kind(blueprint, "trigger").values()
    assert len(triggers) == 2
    assert not any("category_id" in each.body for each in triggers)


# ---------------------------------------------------------------------- replies


def test_a_reply_is_one_macro_in_the_customer_s_language(policy: Policy) -> None:
    blueprint = drawn(policy)
    content = of_kind(blueprint, "dynamic_content")["reseller-customer"]
    macro = of_kind(blueprint, "macro")["reseller-customer"]
    assert content.body["name"] == "support_policy_reseller_customer"
    assert content.once == {"default_locale_id": 1}
    assert [(each["locale_id"], each["content"][:5]) for each in content.body["variants"]] == [
        (1, "Hello"),
        (16, "Bonjo"),
    ]
    assert macro.title == "Support Policy::Ask your reseller"
    assert macro.body["actions"] == [
        {"field": "comment_value", "value": "{{dc.support_policy_reseller_customer}}"},
        {"field": "comment_mode_is_public", "value": "true"},
        {"field": "current_tags", "value": "reseller_sent_back"},
    ]


def test_every_locale_of_a_language_gets_its_text(policy: Policy) -> None:
    locales = (("fr-ca", 30), ("de", 8), ("en-gb", 2), ("fr", 16), ("en-us", 1))
    content = of_kind(drawn(policy, replace(WHOLE, locales=locales)), "dynamic_content")["several"]
    assert [each["locale_id"] for each in content.body["variants"]] == [1, 2, 16, 30]
    assert content.once["default_locale_id"] == 1


def test_without_dynamic_content_there_are_two_macros(policy: Policy) -> None:
    blueprint = drawn(policy, without("dynamic_content"))
    assert not of_kind(blueprint, "dynamic_content")
    assert [each.title for each in of_kind(blueprint, "macro").values()] == [
        "Support Policy::Ask your reseller (EN)",
        "Support Policy::Adressez-vous au revendeur (FR)",
        "Support Policy::Several requests (EN)",
        "Support Policy::Plusieurs demandes (FR)",
    ]
    french = of_kind(blueprint, "macro")["several.fr"]
    assert french.body["actions"][0]["value"] == "Un billet chacune."


@pytest.mark.parametrize("other", [("fr", 16), ("en-us", 1)])
def test_an_account_that_speaks_one_of_the_languages_gets_two_macros_as_well(
    policy: Policy, other: tuple[str, int]
) -> None:
    blueprint = drawn(policy, replace(WHOLE, locales=(other, ("de", 8))))
    assert not of_kind(blueprint, "dynamic_content")
    assert len(of_kind(blueprint, "macro")) == 4


def test_a_private_reply_is_a_private_comment(policy: Policy) -> None:
    macro = of_kind(drawn(policy), "macro")["several"]
    assert {"field": "comment_mode_is_public", "value": "false"} in macro.body["actions"]
    assert not any(each["field"] == "current_tags" for each in macro.body["actions"])


@pytest.mark.parametrize("account", [WHOLE, without("dynamic_content")])
def test_a_question_that_nobody_could_answer_is_left_out(policy: Policy, account: Account) -> None:
    blueprint = drawn(policy, account)
    assert not any("permission" in name for name in of_kind(blueprint, "macro"))
    assert "macro 'Permission': asking for permission is not set up" in blueprint.left_out


def test_a_reply_with_places_that_nobody_fills_is_left_out(policy: Policy) -> None:
    bodies = (("en", "Ticket {ticket}."), ("fr", "Billet {ticket}."))
    found = list(macros([replace(REPLIES[1], bodies=bodies)], WHOLE, load_texts("en")))
    assert found == ["macro 'Several requests': only the service can fill its places"]


def test_every_reply_that_is_shipped_and_can_stand_alone_is_a_macro(policy: Policy) -> None:
    replies = load_replies(files("support_policy").joinpath("policies", "mexxus"))
    texts = load_texts("en")
    found = [each for each in macros(replies, WHOLE, texts) if isinstance(each, Resource)]
    made = {each.name for each in found if each.kind == "macro"}
    assert made == {each.name for each in replies if not each.needs_answer}
    assert {"decline_politely", "third_party_best_effort"} <= made


# --------------------------------------------------------- permission for paid help


def test_nothing_about_paid_help_is_made_while_it_is_off(policy: Policy) -> None:
    told = json.dumps([dict(each.body) for each in drawn(policy).resources], default=str)
    assert "ask_" not in told
    assert "fee_requested" not in told
    assert not any("Ask permission" in each.title for each in drawn(policy).resources)


def test_what_an_agent_fills_in_has_its_fields_which_no_customer_sees(policy: Policy) -> None:
    fields = of_kind(drawn(policy, asks=True), "ticket_field")
    assert tuple(fields) == (*FIELDS, *ASK_FIELDS)
    assert [fields[name].once["type"] for name in ASK_FIELDS] == [
        "tagger",
        "text",
        "integer",
        "text",
    ]
    for name in ASK_FIELDS:
        body = fields[name].body
        assert (body["visible_in_portal"], body["editable_in_portal"]) == (False, False)
        assert body["required"] is False


@pytest.mark.parametrize(
    ("language", "first"), [("en", "Outside standard support"), ("fr", "Hors du soutien standard")]
)
def test_the_reason_is_one_of_two(policy: Policy, language: str, first: str) -> None:
    field = of_kind(drawn(policy, language=language, asks=True), "ticket_field")["ask_reason"]
    options = field.body["custom_field_options"]
    assert [each["value"] for each in options] == ["policy_fee_outside", "policy_fee_correction"]
    assert options[0]["name"] == first


def test_an_agents_ask_and_a_customers_answer_are_told_by_ids_only(policy: Policy) -> None:
    triggers = of_kind(drawn(policy, asks=True), "trigger")
    for name, told in (("asked", ASKED), ("answered", ANSWERED)):
        (action,) = triggers[name].body["actions"]
        assert json.loads(action["value"][1]) == told
        assert told.keys() == {"event", "ticket_id", "updated_at"}
        assert all("{{ticket." in text for key, text in told.items() if key != "event")


def test_an_ask_is_told_while_its_tag_is_there_and_the_ticket_can_be_written(
    policy: Policy,
) -> None:
    asked = of_kind(drawn(policy, asks=True), "trigger")["asked"].body["conditions"]
    assert asked == {
        "all": [
            {"field": "current_tags", "operator": "includes", "value": "ask_fee_permission"},
            {"field": "status", "operator": "less_than", "value": "closed"},
        ],
        "any": [],
    }


def test_an_answer_is_a_customers_public_message_while_a_request_is_open(policy: Policy) -> None:
    answered = of_kind(drawn(policy, asks=True), "trigger")["answered"].body["conditions"]
    assert answered["any"] == []
    wanted = {
        ("update_type", "is", "Change"),
        ("current_tags", "includes", "fee_requested fee_expired"),
        ("comment_is_public", "is", "true"),
        ("role", "is", "end_user"),
        ("status", "less_than", "closed"),
    }
    told = {(each["field"], each["operator"], each["value"]) for each in answered["all"]}
    assert told == wanted


def test_the_macro_that_asks_is_a_note_with_the_tag_and_one_block(policy: Policy) -> None:
    macro = of_kind(drawn(policy, asks=True), "macro")["ask"]
    assert macro.body["actions"][1:] == [
        {"field": "comment_mode_is_public", "value": "false"},
        {"field": "current_tags", "value": "ask_fee_permission"},
        {"field": Ref("ticket_field", "ask_blocks", before="custom_fields_"), "value": "1"},
    ]


def test_other_texts_that_need_an_answer_are_the_services_alone(policy: Policy) -> None:
    blueprint = drawn(policy, asks=True)
    assert "permission" not in of_kind(blueprint, "macro")
    assert "macro 'Permission': only the service sends it" in blueprint.left_out


def test_of_the_shipped_replies_only_the_note_to_the_service_becomes_a_macro_more() -> None:
    replies = load_replies(files("support_policy").joinpath("policies", "mexxus"))
    texts = load_texts("en")

    def made(*, asks: bool) -> dict[str, Resource]:
        found = macros(replies, WHOLE, texts, asks=asks)
        return {
            each.name: each for each in found if isinstance(each, Resource) and each.kind == "macro"
        }

    assert made(asks=True).keys() - made(asks=False).keys() == {"ask_fee_permission"}
    actions = made(asks=True)["ask_fee_permission"].body["actions"]
    assert {"field": "comment_mode_is_public", "value": "false"} in actions


# ------------------------------------------------------------------------ views


def test_every_view_has_a_condition_that_zendesk_requires(policy: Policy) -> None:
    views = of_kind(drawn(policy), "view")
    assert tuple(views) == ("due_next", "needs_review", "on_hold", "server_fault")
    for view in views.values():
        assert {"field": "status", "operator": "less_than", "value": "solved"} in view.body["all"]
        assert len(view.body["output"]["columns"]) <= 10


def test_the_view_of_what_is_due_next_is_in_the_order_of_expected_times(policy: Policy) -> None:
    view = of_kind(drawn(policy), "view")["due_next"]
    expected = Ref("ticket_field", "expected_at")
    assert view.body["output"]["columns"][0] == expected
    assert (view.body["output"]["sort_by"], view.body["output"]["sort_order"]) == (expected, "asc")
    tags = view.body["all"][1]["value"].split()
    assert {"policy_high", "policy_medium", "policy_low"} <= set(tags)


def test_held_tickets_are_found_by_the_tags_of_the_rules_that_hold(policy: Policy) -> None:
    view = of_kind(drawn(policy), "view")["on_hold"]
    assert view.body["all"][1]["value"] == "reseller_end_customer unregistered_sender"


def test_a_policy_without_such_tags_has_no_such_views(policy: Policy) -> None:
    bare = replace(policy, eligibility=(), classification=(), adjustments=())
    assert tuple(of_kind(drawn(bare), "view")) == ("due_next",)


# ----------------------------------------------------------------- SLA policies


def metrics(policy: Policy, account: Account = WHOLE) -> dict[str, list[tuple[str, int, bool]]]:
    return {
        name: [
            (each["priority"], each["target"], each["business_hours"])
            for each in found.body["policy_metrics"]
        ]
        for name, found in of_kind(drawn(policy, account), "sla_policy").items()
    }


def test_elapsed_targets_are_minutes_of_the_class_s_own_priority(policy: Policy) -> None:
    assert metrics(policy) == {
        "high": [("high", 60, False)],
        "medium": [("normal", 240, False)],
        "low": [("low", 1440, False)],
    }


def test_an_sla_policy_goes_by_the_class_s_tag_and_says_expected(policy: Policy) -> None:
    sla = of_kind(drawn(policy), "sla_policy")["high"]
    assert sla.body["filter"]["all"] == [
        {"field": "current_tags", "operator": "includes", "value": "policy_high"}
    ]
    assert sla.body["description"] == "Clause R04. The time is expected, not guaranteed."


def test_low_is_counted_as_what_the_account_makes_of_it(policy: Policy) -> None:
    basic = replace(WHOLE, basic_priority=True)
    assert metrics(policy, basic)["low"] == [("normal", 1440, False)]


def in_business_hours(policy: Policy) -> Policy:
    """The shipped policy, with four business hours for the class Medium."""
    medium = replace(policy.target("medium"), target=Target.business(hours=4))
    targets: list[PolicyTarget] = [
        medium if each.name == "medium" else each for each in policy.targets
    ]
    return replace(policy, targets=tuple(targets))


def test_business_hours_count_for_every_priority(policy: Policy) -> None:
    wanted = [(each, 240, True) for each in ("low", "normal", "high", "urgent")]
    assert metrics(in_business_hours(policy))["medium"] == wanted


def test_a_target_that_leaves_no_tag_has_no_sla_policy_and_the_reason_is_told(
    policy: Policy,
) -> None:
    bare = replace(policy.target("medium"), tags=())
    targets = tuple(bare if each.name == "medium" else each for each in policy.targets)
    blueprint = drawn(replace(policy, targets=targets))
    assert "medium" not in of_kind(blueprint, "sla_policy")
    assert "SLA policy Medium: it has no tag to be told by" in blueprint.left_out


def test_business_hours_need_a_schedule(policy: Policy) -> None:
    blueprint = drawn(in_business_hours(policy), without("schedule"))
    assert "medium" not in of_kind(blueprint, "sla_policy")
    assert any("SLA policy Medium" in each and "schedule" in each for each in blueprint.left_out)


def test_business_days_and_second_clocks_are_left_out_with_the_reason(policy: Policy) -> None:
    told = dict(each.split(": ", 1) for each in drawn(policy).left_out)
    assert "business days" in told["SLA policy Sales"]
    assert "beside the first response" in told["SLA policy Level 2"]
    assert set(of_kind(drawn(policy), "sla_policy")) == {"high", "medium", "low"}


def test_without_slas_or_without_tags_in_them_none_is_made(policy: Policy) -> None:
    assert not metrics(policy, without("sla_policy"))
    assert not metrics(policy, replace(WHOLE, tags_in_slas=False))


def test_every_priority_of_ours_is_one_that_zendesk_knows(policy: Policy) -> None:
    urgent = replace(policy.target("high"), priority=Priority.URGENT)
    targets = tuple(urgent if each.name == "high" else each for each in policy.targets)
    assert metrics(replace(policy, targets=targets))["high"] == [("urgent", 60, False)]


# --------------------------------------------------------------------- schedule


def weekly(policy: Policy, schedule: Schedule) -> Mapping[str, Any]:
    asked = replace(in_business_hours(policy), schedule=schedule)
    (found,) = of_kind(drawn(asked), "schedule").values()
    return found.body


def test_a_schedule_that_no_sla_policy_counts_in_is_left_out(policy: Policy) -> None:
    blueprint = drawn(policy)
    assert of_kind(blueprint, "sla_policy")
    assert not of_kind(blueprint, "schedule")
    assert "schedule: no SLA policy counts in business hours" in blueprint.left_out


def test_a_schedule_is_not_made_for_an_sla_policy_that_is_left_out(policy: Policy) -> None:
    asked = in_business_hours(policy)
    for account in (without("sla_policy"), replace(WHOLE, tags_in_slas=False)):
        assert not of_kind(drawn(asked, account), "schedule")


def test_business_hours_are_minutes_since_sunday(policy: Policy) -> None:
    (schedule,) = of_kind(drawn(in_business_hours(policy)), "schedule").values()
    assert schedule.body["time_zone"] == "Eastern Time (US & Canada)"
    assert schedule.body["intervals"][0] == {"start_time": 1980, "end_time": 2460}
    assert len(schedule.body["intervals"]) == 5
    assert schedule.body["intervals"][-1] == {"start_time": 7740, "end_time": 8220}


def test_holidays_of_this_year_and_the_next_are_in_the_schedule(policy: Policy) -> None:
    (schedule,) = of_kind(drawn(in_business_hours(policy)), "schedule").values()
    days = [each["start_date"] for each in schedule.body["holidays"]]
    assert days == sorted(days)
    assert {"2026-12-25", "2027-06-24"} <= set(days)
    assert {day[:4] for day in days} == {"2026", "2027"}


def test_the_week_may_hold_sunday_several_spans_and_midnight(policy: Policy) -> None:
    hours = {"sun": [("10:00", "12:00")], "sat": [("20:00", "24:00"), ("08:00", "09:30")]}
    body = weekly(policy, Schedule(time_zone="Europe/Berlin", hours=hours))
    assert body["time_zone"] == "Europe/Berlin"
    assert [(each["start_time"], each["end_time"]) for each in body["intervals"]] == [
        (600, 720),
        (9120, 9210),
        (9840, 10080),
    ]


def test_a_closed_date_is_a_holiday_and_shorter_hours_are_left_out(policy: Policy) -> None:
    schedule = Schedule(
        time_zone="America/Toronto",
        hours={"mon": [("09:00", "17:00")]},
        holidays=[date(2026, 12, 28)],
        special={
            date(2026, 12, 21): [],
            date(2026, 12, 28): [("09:00", "12:00")],
            date(2030, 1, 7): [("09:00", "12:00")],
        },
    )
    assert [each["start_date"] for each in weekly(policy, schedule)["holidays"]] == ["2026-12-21"]
    left_out = drawn(replace(in_business_hours(policy), schedule=schedule)).left_out
    assert any(each.startswith("special hours of 1 dates") for each in left_out)


WEEK = [{"start_time": day * 1440 + 540, "end_time": day * 1440 + 1020} for day in range(1, 6)]


@pytest.mark.parametrize(
    ("zone", "intervals", "why"),
    [
        ("Eastern Time (US & Canada)", list(reversed(WEEK)), ""),
        ("London", WEEK, "has other hours"),
        ("Eastern Time (US & Canada)", WEEK[1:], "has other hours"),
    ],
)
def test_an_account_that_has_a_schedule_counts_by_that_one(
    policy: Policy, zone: str, intervals: list[dict[str, int]], why: str
) -> None:
    theirs = {"id": 3, "name": "Office", "time_zone": zone, "intervals": intervals}
    rows = {**EVERYTHING, "schedule": (theirs,)}
    account = replace(WHOLE, rows=rows, other_schedules=(theirs,))
    blueprint = drawn(in_business_hours(policy), account)
    assert not of_kind(blueprint, "schedule")
    assert any(each.startswith("schedule: the account's own") for each in blueprint.left_out)
    assert ("medium" in of_kind(blueprint, "sla_policy")) is not bool(why)
    assert any("SLA policy Medium" in each for each in blueprint.left_out) is bool(why)


def test_our_schedule_stays_when_others_make_one_of_their_own(policy: Policy) -> None:
    ours, theirs = {"id": 2, "name": "Support Policy"}, {"id": 3, "name": "Office"}
    rows = {**EVERYTHING, "schedule": (ours, theirs)}
    account = replace(WHOLE, rows=rows, other_schedules=(theirs,))
    assert of_kind(drawn(in_business_hours(policy), account), "schedule")


# -------------------------------------------------------------------- the whole


def test_things_come_before_those_that_name_them(policy: Policy) -> None:
    seen: set[tuple[str, str]] = set()
    for each in drawn(policy).resources:
        for ref in references(each.body):
            assert (ref.kind, ref.name) in seen
        seen.add((each.kind, each.name))


def references(value: object) -> list[Ref]:
    if isinstance(value, Ref):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value
    if isinstance(inner, str) or not hasattr(inner, "__iter__"):
        return []
    return [ref for each in inner for ref in references(each)]


def test_no_two_things_of_a_kind_have_the_same_name_or_title(policy: Policy) -> None:
    for account in (WHOLE, without("dynamic_content")):
        resources = drawn(policy, account).resources
        assert len({(each.kind, each.name) for each in resources}) == len(resources)
        assert len({(each.kind, each.title) for each in resources}) == len(resources)


@pytest.mark.parametrize(
    ("language", "stem", "denied"),
    [("en", "guarant", "not guaranteed"), ("fr", "garant", "non garanti")],
)
def test_no_text_of_ours_says_that_a_time_is_sure(
    policy: Policy, language: str, stem: str, denied: str
) -> None:
    resources = drawn(policy, language=language).resources
    text = json.dumps([each.body for each in resources], default=str, ensure_ascii=False).lower()
    assert denied in text
    assert stem not in text.replace(denied, "")


# ---------------------------------------------------------------------- in French


def test_what_agents_read_is_in_their_language_and_our_names_are_not(policy: Policy) -> None:
    asked = in_business_hours(policy)
    english, french = drawn(asked).resources, drawn(asked, language="fr").resources
    assert [(each.kind, each.name) for each in french] == [
        (each.kind, each.name) for each in english
    ]
    same = {each.title for each in english} & {each.title for each in french}
    assert same == {
        "Support Policy (desk)",
        "support_policy_reseller_customer",
        "support_policy_several",
    }


def test_the_french_names_are_those_of_a_quebec_desk(policy: Policy) -> None:
    blueprint = drawn(in_business_hours(policy), language="fr")
    titles = {(each.kind, each.name): each.title for each in blueprint.resources}
    assert titles["ticket_field", "class"] == "Politique de soutien : classe"
    assert titles["trigger_category", "category"] == "Politique de soutien"
    assert titles["trigger", "opened"] == "Politique de soutien : nouveau billet"
    assert titles["macro", "several"] == "Politique de soutien::Plusieurs demandes"
    assert titles["view", "on_hold"] == "Politique de soutien : en attente"
    assert titles["schedule", "business_hours"] == "Politique de soutien"
    field = of_kind(blueprint, "ticket_field")["expected_on"].body["agent_description"]
    assert field.startswith("policy_expected_on: jour attendu, non garanti")
    sla = of_kind(blueprint, "sla_policy")["high"].body["description"]
    assert sla == "Clause R04. Le délai est attendu, non garanti."
