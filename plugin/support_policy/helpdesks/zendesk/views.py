"""The lists of tickets that a support team works from."""

from __future__ import annotations

from collections.abc import Iterator

from support_policy.core.explain import Texts
from support_policy.core.policy import Policy
from support_policy.helpdesks.zendesk.resource import Ref, Resource

# Tags that ask a person to look, in the policies that have them.
_REVIEW = ("needs_review", "abuse_review", "multi_issue", "prompt_injection", "fee_dispute")
_FAULT = ("possible_server_fault",)


def views(policy: Policy, texts: Texts) -> Iterator[Resource]:
    """A view for each list of which the policy has tags."""
    tags = {tag for rule in policy.rules for tag in rule.tags}
    expected = [tag for target in policy.targets for tag in target.tags]
    held = [tag for rule in policy.rules if rule.hold for tag in rule.tags]
    lists = (
        (
            "due_next",
            texts.say("zendesk.view.due_next"),
            texts.say("zendesk.view.due_next.more"),
            expected,
        ),
        (
            "needs_review",
            texts.say("zendesk.view.needs_review"),
            texts.say("zendesk.view.needs_review.more"),
            tags & set(_REVIEW),
        ),
        (
            "on_hold",
            texts.say("zendesk.view.on_hold"),
            texts.say("zendesk.view.on_hold.more"),
            held,
        ),
        (
            "server_fault",
            texts.say("zendesk.view.server_fault"),
            texts.say("zendesk.view.server_fault.more"),
            tags & set(_FAULT),
        ),
    )
    for name, title, description, wanted in lists:
        if wanted:
            yield _view(name, title, description, sorted(wanted))


def _view(name: str, title: str, description: str, tags: list[str]) -> Resource:
    expected_at = Ref("ticket_field", "expected_at")
    return Resource(
        kind="view",
        name=name,
        title=title,
        body={
            "title": title,
            "description": description,
            "active": True,
            "all": [
                {"field": "status", "operator": "less_than", "value": "solved"},
                {"field": "current_tags", "operator": "includes", "value": " ".join(tags)},
            ],
            "any": [],
            "output": {
                "columns": [
                    expected_at,
                    "priority",
                    "description",  # the subject
                    "requester",
                    "status",
                    "assignee",
                    Ref("ticket_field", "class"),
                ],
                "sort_by": expected_at,
                "sort_order": "asc",
            },
        },
    )
