"""What a plan says of an account, and what it takes no notice of."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpdesks.zendesk.test_blueprint import EVERYTHING, WHOLE, drawn, in_business_hours

from support_policy.core.policy import Policy
from support_policy.errors import RefusedError
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.blueprint import Blueprint
from support_policy.helpdesks.zendesk.drift import Difference, differences, same, shown
from support_policy.helpdesks.zendesk.kinds import KINDS
from support_policy.helpdesks.zendesk.plan import Action, Change, Plan, plan, removal
from support_policy.helpdesks.zendesk.resource import Ref, Resource, Row

FIELD = Resource(
    kind="ticket_field",
    name="class",
    title="Support Policy: class",
    body={"title": "Support Policy: class", "active": True},
    once={"type": "text"},
)
ROW = {"id": 7, "title": "Support Policy: class", "type": "text", "active": True}
HOOK = Resource(
    kind="webhook",
    name="tickets",
    title="Support Policy (desk)",
    body={"name": "Support Policy (desk)", "endpoint": "https://p.example/webhooks/desk"},
)
TRIGGER = Resource(
    kind="trigger",
    name="opened",
    title="new",
    body={
        "title": "new",
        "actions": [
            {"field": "notification_webhook", "value": [Ref("webhook", "tickets"), '{"a": 1}']}
        ],
    },
)


def account(**rows: list[Mapping[str, Any]]) -> Account:
    found = {kind: tuple(rows.get(kind, ())) for kind in EVERYTHING}
    return replace(WHOLE, rows=found, secret="s")


def planned(
    *resources: Resource,
    known: dict[str, dict[str, str]] | None = None,
    making: str = "",
    adopt: bool = False,
    **rows: Any,
) -> Plan:
    """A plan for these things alone, where forms and secret are as they should be."""
    return plan(
        Blueprint(resources=resources, left_out=()),
        account(**rows),
        known or {},
        secret_file="f",
        newest_secret="s",
        making=making,
        adopt=adopt,
    )


def only(found: Plan) -> Change:
    (step,) = found.steps
    return step


# ------------------------------------------------------------ create, adopt, change


def test_what_is_not_there_is_created_and_shown_with_its_attributes() -> None:
    found = planned(FIELD)
    assert only(found).action is Action.CREATE
    assert found.lines() == (
        '  + create ticket field "Support Policy: class"',
        '      type: "text"',
        "      active: true",
        "Plan: 1 to create, 0 to change, 0 to adopt, 0 to delete; 1 as they should be.",
    )


def test_what_is_as_it_should_be_is_nothing_to_do() -> None:
    found = planned(FIELD, known={"ticket_field": {"class": "7"}}, ticket_field=[ROW])
    assert not found
    assert found.lines() == (
        "Plan: 0 to create, 0 to change, 0 to adopt, 0 to delete; 2 as they should be.",
    )


def test_drift_is_shown_as_it_is_and_as_it_should_be() -> None:
    rows = [{**ROW, "title": "Class", "active": False, "position": 9}]
    found = planned(FIELD, known={"ticket_field": {"class": "7"}}, ticket_field=rows)
    assert found.lines()[:3] == (
        '  ~ change ticket field "Support Policy: class"',
        '      title: "Class" -> "Support Policy: class"',
        "      active: false -> true",
    )


@pytest.mark.parametrize("how", [{"making": "ticket_field/class"}, {"adopt": True}])
def test_what_a_cut_short_run_left_or_an_admin_hands_over_is_adopted(how: dict[str, Any]) -> None:
    step = only(planned(FIELD, ticket_field=[{**ROW, "active": False}], **how))
    assert (step.action, step.id) == (Action.ADOPT, "7")
    assert list(step.details()) == ["active: false -> true"]


@pytest.mark.parametrize("making", ["", "ticket_field/reason", "trigger/class"])
def test_a_thing_that_is_only_named_like_ours_is_a_problem_and_no_step(making: str) -> None:
    found = planned(FIELD, ticket_field=[ROW], making=making)
    assert found
    assert found.steps == ()
    assert found.lines()[0] == (
        '  ! ticket field "Support Policy: class" is there, and not known to be ours: '
        "rename it, or apply with --adopt"
    )
    with pytest.raises(RefusedError, match="not known to be ours"):
        found.check()


def test_a_plan_without_a_problem_may_be_carried_out() -> None:
    planned(FIELD).check()


def test_a_field_of_another_type_is_somebody_else_s() -> None:
    assert only(planned(FIELD, ticket_field=[{**ROW, "type": "tagger"}])).action is Action.CREATE


def test_a_webhook_of_the_same_name_that_goes_elsewhere_is_somebody_else_s() -> None:
    row = {"id": "01A", "name": "Support Policy (desk)", "endpoint": "https://else.example"}
    assert only(planned(HOOK, webhook=[row])).action is Action.CREATE
    mine = {**row, "id": "01B", "endpoint": HOOK.body["endpoint"]}
    assert only(planned(HOOK, webhook=[row, mine], adopt=True)).id == "01B"


def test_a_webhook_of_ours_whose_address_moved_is_changed() -> None:
    row = {"id": "01A", "name": "Support Policy (desk)", "endpoint": "https://old.example"}
    step = only(planned(HOOK, known={"webhook": {"tickets": "01A"}}, webhook=[row]))
    assert step.action is Action.CHANGE
    assert [each.attribute for each in step.differences if isinstance(each, Difference)] == [
        "endpoint"
    ]


def test_what_was_deleted_by_hand_is_made_anew() -> None:
    assert only(planned(FIELD, known={"ticket_field": {"class": "7"}})).action is Action.CREATE


def test_no_thing_is_adopted_twice() -> None:
    twin = replace(FIELD, name="reason")
    found = planned(FIELD, twin, ticket_field=[ROW], adopt=True)
    assert [change.action for change in found.steps] == [Action.ADOPT, Action.CREATE]
    known = {"ticket_field": {"class": "7"}}
    assert only(planned(FIELD, twin, known=known, ticket_field=[ROW], adopt=True)).name == "reason"


def test_what_names_a_thing_that_was_deleted_is_changed_in_the_same_run() -> None:
    told = [{"field": "notification_webhook", "value": ["01A", '{"a": 1}']}]
    found = planned(
        HOOK,
        TRIGGER,
        known={"trigger": {"opened": "9"}, "webhook": {"tickets": "01A"}},
        trigger=[{"id": 9, "title": "new", "actions": told}],
    )
    assert [(step.action, step.kind) for step in found.steps] == [
        (Action.CREATE, "webhook"),
        (Action.CHANGE, "trigger"),
    ]


def test_what_is_named_and_not_yet_there_is_known_after_apply() -> None:
    lines = planned(TRIGGER).lines()
    assert '      actions: [notification_webhook [(known after apply); {"a": 1}]]' in lines


@pytest.mark.parametrize(("webhook", "drift"), [("01A", False), ("01B", True)])
def test_what_is_named_and_there_is_compared_by_its_id(webhook: str, *, drift: bool) -> None:
    told = [{"field": "notification_webhook", "value": ["01A", '{\n  "a": 1\n}']}]
    known = {"trigger": {"opened": "9"}, "webhook": {"tickets": webhook}}
    hook = {"id": webhook, **HOOK.body}
    trigger = {"id": 9, "title": "new", "actions": told}
    found = planned(HOOK, TRIGGER, known=known, webhook=[hook], trigger=[trigger])
    assert bool(found) is drift


def test_what_the_policy_asks_for_no_more_is_deleted_by_its_title() -> None:
    found = planned(known={"ticket_field": {"old": "7"}}, ticket_field=[ROW])
    assert found.lines()[0] == '  - delete ticket field "Support Policy: class"'


def test_what_the_plan_lacks_now_is_left_alone() -> None:
    rows = {kind: () for kind in EVERYTHING if kind != "sla_policy"}
    small = replace(WHOLE, rows=rows, secret="s")
    known = {"sla_policy": {"high": "3"}}
    blueprint = Blueprint(resources=(), left_out=("SLA policies: the account's plan has none",))
    found = plan(blueprint, small, known, secret_file="f", newest_secret="s")
    assert not found
    assert found.lines()[0] == "  . left out: SLA policies: the account's plan has none"


# ---------------------------------------------------------------- forms and secret

IDS = {"ticket_field": {"expected_at": "1", "expected_on": "2", "class": "3", "reason": "4"}}
NOTHING = Blueprint(resources=(), left_out=())


def with_forms(*forms: Row, wanted: tuple[str, ...] = ()) -> Plan:
    found = replace(account(), forms=forms)
    known = {"ticket_field": dict(IDS["ticket_field"])}
    resources = tuple(
        replace(FIELD, name=name, body={"active": True}) for name in known["ticket_field"]
    )
    rows = tuple({"id": int(each), "active": True} for each in known["ticket_field"].values())
    found = replace(found, rows={**found.rows, "ticket_field": rows})
    blueprint = Blueprint(resources=resources, left_out=())
    return plan(blueprint, found, known, forms=wanted, secret_file="f", newest_secret="s")


def test_a_form_that_lacks_a_field_of_ours_gets_it() -> None:
    found = with_forms(
        {"id": 5, "name": "Default", "ticket_field_ids": [9, 1, 2, 3]},
        {"id": 6, "name": "Sales", "ticket_field_ids": [4, 3, 2, 1, 9]},
    )
    assert found.lines()[0] == '  + put fields on ticket form "Default"'
    assert len(found.steps) == 1


@pytest.mark.parametrize("wanted", ["5", "Default"])
def test_only_the_forms_that_are_named_get_our_fields(wanted: str) -> None:
    forms = ({"id": 5, "name": "Default"}, {"id": 6, "name": "Sales"})
    assert only(with_forms(*forms, wanted=(wanted,))).id == "5"


def test_a_form_that_is_named_and_not_there_is_a_warning() -> None:
    found = with_forms({"id": 5, "name": "Default"}, wanted=("Sails",))
    assert not found
    assert "  ! there is no active ticket form 'Sails'" in found.lines()


def test_an_account_without_forms_has_the_fields_on_every_ticket() -> None:
    found = plan(NOTHING, replace(account(), forms=None), {}, newest_secret="s")
    assert any("ticket forms" in each for each in found.left_out)


@pytest.mark.parametrize(
    ("theirs", "ours", "action"),
    [
        ("", "", Action.CREATE),
        ("s", "", Action.CREATE),
        ("s", "s", Action.KEEP),
        ("s", "older", Action.CHANGE),
        ("", "older", Action.CHANGE),
    ],
)
def test_the_secret_is_compared_and_never_shown(theirs: str, ours: str, action: Action) -> None:
    held = replace(account(), secret=theirs)
    found = plan(NOTHING, held, {}, secret_file="signing-key", newest_secret=ours)
    (change,) = found.changes
    assert change.action is action
    assert "older" not in "".join(found.lines())
    assert "older" not in repr(held)


def test_a_priority_field_without_low_is_a_warning_and_no_step() -> None:
    found = plan(NOTHING, replace(account(), basic_priority=True), {}, newest_secret="s")
    assert "  ! Low and Urgent are missing: Low will be kept as Normal" in found.lines()
    assert not found


# ------------------------------------------------------------------------ removal


def test_removal_is_the_opposite_order_and_takes_fields_off_forms_first() -> None:
    known = {kind: {"a": str(number)} for number, kind in enumerate(KINDS)}
    forms = (
        {"id": 5, "name": "D", "ticket_field_ids": [9, 0]},
        {"id": 6, "name": "E", "ticket_field_ids": [9]},
    )
    found = removal(known, forms=forms, secret_file="f")
    kinds = [change.kind for change in found.steps]
    assert kinds == ["ticket_form", *reversed(KINDS), "signing_secret"]
    assert found.lines()[0] == '  - take fields off ticket form "D"'


def test_removal_that_keeps_the_fields_leaves_the_forms_alone() -> None:
    forms = ({"id": 5, "name": "D", "ticket_field_ids": [1]},)
    known = {**IDS, "view": {"a": "8"}}
    assert [each.kind for each in removal(known, forms=forms, keep_fields=True).steps] == ["view"]


def test_removing_nothing_is_nothing_to_do() -> None:
    assert not removal({})


# ------------------------------------------------------- what is no drift at all


@pytest.mark.parametrize(
    ("desired", "actual"),
    [
        (7, "7"),
        ("7", 7),
        (True, "true"),
        (None, ""),
        ([], None),
        ({"any": []}, {}),
        ({"any": []}, {"any": None}),
        ("a\nb", "a\r\nb\n"),
        (["tag"], "tag"),
        ("tag", ["tag"]),
        ('{"a": 1, "b": 2}', '{\n  "b": 2,\n  "a": 1\n}'),
        (
            [{"field": "current_tags", "value": "b a"}],
            [{"field": "current_tags", "value": ["a", "b"]}],
        ),
        (
            [{"field": "comment_value", "value": "hello"}],
            [{"field": "comment_value", "value": ["channel:all", "hello"]}],
        ),
        (
            [{"field": "brand_id", "operator": "changed", "value": None}],
            [{"field": "brand_id", "operator": "changed"}],
        ),
        ([{"a": 1}, {"a": 2}], [{"a": 2, "id": 5}, {"a": 1, "id": 6}]),
        ("{{dc.name}}", "{{dc.name}}"),
        ("{not json}", "{not json}"),
    ],
)
def test_the_same_said_in_another_way_is_no_drift(desired: Any, actual: Any) -> None:
    assert same(desired, actual)


@pytest.mark.parametrize(
    ("desired", "actual"),
    [
        (7, 8),
        (True, False),
        ("a", ""),
        ("a b", "ab"),
        ([1, 2], [2, 1]),
        ([{"a": 1}], [{"a": 1}, {"a": 2}]),
        ([{"a": 1}, {"a": 1}], [{"a": 1}]),
        ([{"field": "status", "value": "b a"}], [{"field": "status", "value": "a b"}]),
        ([], [{"field": "status", "value": "open"}]),
        (["id", "text"], ["id"]),
        (Ref("webhook", "tickets"), "01A"),
    ],
)
def test_another_thing_is_drift(desired: Any, actual: Any) -> None:
    assert not same(desired, actual)


def test_what_the_account_does_not_tell_is_not_compared() -> None:
    assert differences({"agent_description": "x", "active": True}, {"active": True}) == ()


PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.text('ab{}":1 ', max_size=8)
)
ROWS = st.dictionaries(st.sampled_from(["field", "operator", "value", "x"]), PLAIN, max_size=4)
BODIES = st.recursive(
    st.one_of(PLAIN, ROWS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(BODIES)
def test_a_thing_never_differs_from_itself(body: Any) -> None:
    assert same(body, body)
    assert same(body, json.loads(json.dumps(body)))


@given(st.lists(ROWS, max_size=6), st.randoms(use_true_random=False))
def test_zendesk_s_way_of_writing_rows_is_no_drift(
    rows: list[dict[str, Any]], chance: random.Random
) -> None:
    told = [retold(row, chance) for row in rows]
    chance.shuffle(told)
    assert same(rows, told)


def retold(row: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    """A row as Zendesk may tell it: numbers as text, null left out, with attributes of its own."""
    told: dict[str, Any] = {"created_at": "2026-11-24"}
    for name, value in row.items():
        if value is None and chance.random() < 0.5:
            continue
        number = isinstance(value, int) and not isinstance(value, bool)
        told[name] = str(value) if number and chance.random() < 0.5 else value
    return told


@given(st.text(), st.text())
def test_what_is_shown_is_one_line_that_no_terminal_obeys(one: str, other: str) -> None:
    line = str(Difference(attribute="title", old=one, new=[other, {"x": one}]))
    assert line.isprintable()
    assert shown(one).isprintable()


def test_spaces_that_do_not_break_are_shown_as_spaces() -> None:
    assert shown("Aide\u00a0: oui\u202f!\x1b[2J") == '"Aide : oui !\\u001b[2J"'


def test_long_texts_are_shown_where_they_differ() -> None:
    old = "The same beginning. " * 20
    line = str(Difference(attribute="content", old=old + "Old end.", new=old + "New end."))
    assert "Old end." in line
    assert "New end." in line
    assert len(line) < 220


# ------------------------------------------------------------- what others added


def test_languages_that_others_added_to_our_text_are_no_drift(policy: Policy) -> None:
    content = next(each for each in drawn(policy).resources if each.kind == "dynamic_content")
    ours = [{**each, "id": number} for number, each in enumerate(content.body["variants"])]
    row = {
        "id": 4,
        "name": content.title,
        "variants": [*ours, {"locale_id": 8, "content": "Hallo"}],
    }
    known = {"dynamic_content": {content.name: "4"}}
    assert not planned(content, known=known, dynamic_content=[row])
    ours[1]["content"] = "Changé"
    assert only(planned(content, known=known, dynamic_content=[row])).action is Action.CHANGE


def test_holidays_that_others_added_to_our_schedule_are_no_drift(policy: Policy) -> None:
    resources = drawn(in_business_hours(policy)).resources
    schedule = next(each for each in resources if each.kind == "schedule")
    others = [
        {"name": "Office party", "start_date": "2026-12-18", "end_date": "2026-12-18"},
        {"name": "Support Policy 2024-12-25", "start_date": "2024-12-25", "end_date": "2024-12-25"},
    ]
    row = {"id": 4, **schedule.body, "holidays": [*schedule.body["holidays"], *others]}
    known = {"schedule": {"business_hours": "4"}}
    assert not planned(schedule, known=known, schedule=[row])
    row["holidays"] = row["holidays"][1:]
    assert only(planned(schedule, known=known, schedule=[row])).action is Action.CHANGE
