"""What holds of every policy in every account: applied once, it is there; removed, it is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpdesks.zendesk.fake_account import FULL, FakeAccount
from tests.helpdesks.zendesk.installed import install, silence

from support_policy.core.policy import Policy
from support_policy.core.target import Target
from support_policy.core.ticket import Priority
from support_policy.helpdesks.memory import MemoryNotebook
from support_policy.helpdesks.zendesk.kinds import KINDS

TARGETS = st.one_of(
    st.integers(1, 10_000).map(lambda minutes: Target.elapsed(minutes=minutes)),
    st.integers(1, 100).map(lambda hours: Target.business(hours=hours)),
    st.integers(1, 9).map(Target.business_days),
)
PLANS = st.sets(
    st.sampled_from(
        ["dynamic_content", "schedule", "sla_policy", "ticket_form", "trigger_category"]
    )
).map(lambda lacking: FULL - lacking)
LOCALES = st.lists(st.sampled_from(["en-US", "en-GB", "fr", "fr-CA", "de"]), unique=True)
PRIORITIES = st.one_of(st.none(), st.sampled_from(Priority))


@given(
    plan=PLANS,
    locales=LOCALES,
    target=TARGETS,
    priority=PRIORITIES,
    basic=st.booleans(),
    forms=st.sampled_from([(), ("Sales",), ("Default", "nowhere")]),
)
@settings(max_examples=60, deadline=None)
def test_what_was_applied_is_there_and_what_was_removed_is_gone(
    *,
    policy: Policy,
    tmp_path_factory: pytest.TempPathFactory,
    plan: frozenset[str],
    locales: list[str],
    target: Target,
    priority: Priority | None,
    basic: bool,
    forms: tuple[str, ...],
) -> None:
    changed = replace(policy.targets[0], target=target, priority=priority)
    account = FakeAccount(plan=plan, locales=tuple(locales))
    account.find("ticket_field", "Priority")["sub_type_id"] = int(basic)
    before = {kind: account.titles(kind) for kind in KINDS}
    installation = install(
        account,
        tmp_path_factory.mktemp("account"),
        replace(policy, targets=(changed, *policy.targets[1:])),
        notebook=MemoryNotebook(),
        forms=forms,
    )
    installation.apply(installation.plan(), silence)
    assert not installation.plan()
    installation.apply(installation.removal(), silence)
    assert {kind: account.titles(kind) for kind in KINDS} == before
    assert not any(installation.known.values())
