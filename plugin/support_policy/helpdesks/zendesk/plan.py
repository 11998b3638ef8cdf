"""What must be done so that an account is as it should be; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from support_policy.core.policy import Fee
from support_policy.errors import RefusedError
from support_policy.helpdesks.zendesk.account import Account
from support_policy.helpdesks.zendesk.blueprint import Blueprint
from support_policy.helpdesks.zendesk.drift import Difference, brief, differences, same, shown
from support_policy.helpdesks.zendesk.fee_mentions import FeeMention, fee_mentions
from support_policy.helpdesks.zendesk.kinds import FORM, KINDS, SECRET, Kind
from support_policy.helpdesks.zendesk.resource import Ids, Resource, Row, resolve


class Action(StrEnum):
    """What is done with one thing."""

    CREATE = "create"
    CHANGE = "change"
    ADOPT = "adopt"
    DELETE = "delete"
    KEEP = "keep"
    CLASH = "clash"


_IDLE = (Action.KEEP, Action.CLASH)
_MARKS = {Action.CREATE: "+", Action.CHANGE: "~", Action.ADOPT: "=", Action.DELETE: "-"}
BASIC = "Low and Urgent are missing: Low will be kept as Normal"
"""The warning of a priority field that lacks them."""

# What is done with what is not a thing of its own in the account.
_WORDS = {
    (FORM, Action.CREATE): "put fields on ticket form",
    (FORM, Action.DELETE): "take fields off ticket form",
    (SECRET, Action.CREATE): "keep signing secret in",
    (SECRET, Action.CHANGE): "change signing secret in",
    (SECRET, Action.DELETE): "delete signing secret in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of a plan; adopting also mends what differs."""

    action: Action
    kind: str
    name: str
    title: str
    id: str = ""
    resource: Resource | None = None
    differences: tuple[Difference | str, ...] = ()

    def __str__(self) -> str:
        noun = KINDS[self.kind].noun if self.kind in KINDS else self.kind
        words = _WORDS.get((self.kind, self.action), f"{self.action} {noun}")
        return f"{_MARKS.get(self.action, ' ')} {words} {shown(self.title)}"

    def details(self) -> Iterator[str]:
        """The attributes that matter to this step."""
        if self.action is Action.CREATE and self.resource is not None:
            whole = {**self.resource.once, **self.resource.body}
            del whole[KINDS[self.kind].title]  # it stands in the line above
            yield from (f"{name}: {brief(value)}" for name, value in whole.items())
        yield from map(str, self.differences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps in the order in which they are done; true when there is something to do.

    ``unknown_forms`` are in the settings and not in the account; ``has_forms`` is false where its
    plan has none. ``fee_mentions`` are macros of others that mention the fee.
    """

    changes: tuple[Change, ...]
    left_out: tuple[str, ...] = ()
    unknown_forms: tuple[str, ...] = ()
    has_forms: bool = True
    basic_priority: bool = False
    fee_mentions: tuple[FeeMention, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.steps or self.problems)

    @property
    def steps(self) -> tuple[Change, ...]:
        """The changes that do something."""
        return tuple(change for change in self.changes if change.action not in _IDLE)

    @property
    def problems(self) -> tuple[str, ...]:
        """What must be put right by a person before anything is done."""
        way = "is there, and not known to be ours: rename it, or apply with --adopt"
        clashes = (change for change in self.changes if change.action is Action.CLASH)
        return tuple(f"{KINDS[each.kind].noun} {shown(each.title)} {way}" for each in clashes)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What works, and not as well as it could."""
        forms = (f"there is no active ticket form {name!r}" for name in self.unknown_forms)
        basic = (BASIC,) if self.basic_priority else ()
        return (*forms, *basic, *map(str, self.fee_mentions))

    def check(self) -> None:
        """Raise RefusedError when nothing may be done before a person puts something right."""
        if self.problems:
            raise RefusedError("; ".join(self.problems))

    def lines(self) -> tuple[str, ...]:
        """The plan as a person reads it."""
        lines: list[str] = []
        for change in self.steps:
            lines += [f"  {change}", *(f"      {detail}" for detail in change.details())]
        lines += [f"  . left out: {text}" for text in self.left_out]
        lines += [f"  ! {text}" for text in (*self.problems, *self.warnings)]
        count = Counter(change.action for change in self.changes)
        verbs = (Action.CREATE, Action.CHANGE, Action.ADOPT, Action.DELETE)
        told = ", ".join(f"{count[verb]} to {verb}" for verb in verbs)
        return (*lines, f"Plan: {told}; {count[Action.KEEP]} as they should be.")


def plan(
    blueprint: Blueprint,
    account: Account,
    known: Ids,
    *,
    forms: Collection[str] = (),
    secret_file: str = "",
    newest_secret: str = "",
    making: str = "",
    adopt: bool = False,
    fee: Fee | None = None,
) -> Plan:
    """Compare what should be with what is.

    ``forms`` are ids or names, all active ones when empty; ``newest_secret`` is that of the file.
    ``making`` is the kind and name of what a run left that was cut short; ``adopt`` takes over
    all that is named like ours. ``fee`` is what no macro but ours may mention, where customers
    are asked for permission.
    """
    there = _there(known, account)
    none = "ticket forms: the account's plan has none, so the fields are on every ticket"
    left_out = blueprint.left_out if account.forms is not None else (*blueprint.left_out, none)
    return Plan(
        changes=(
            *_made(blueprint.resources, account, there, lambda key: adopt or key == making),
            *_on_forms(blueprint.resources, account, there, forms),
            _secret(account, secret_file, newest_secret),
            *_no_longer(blueprint.resources, account, known),
        ),
        left_out=left_out,
        unknown_forms=tuple(
            name
            for name in forms
            if not any(_is_named(form, (name,)) for form in account.forms or ())
        ),
        has_forms=account.forms is not None,
        basic_priority=account.basic_priority,
        fee_mentions=fee_mentions(account, known, fee) if fee else (),
    )


def removal(
    known: Ids,
    *,
    forms: Sequence[Row] = (),
    secret_file: str = "",
    keep_fields: bool = False,
) -> Plan:
    """Undo all that is known to be ours; ``forms`` are all forms of the account."""
    ours = set(known.get("ticket_field", {}).values())
    changes: list[Change] = []
    if not keep_fields:
        changes += [_form(form, Action.DELETE) for form in forms if ours & set(_field_ids(form))]
    for kind in reversed(KINDS):
        if not (keep_fields and kind == "ticket_field"):
            changes += [
                Change(action=Action.DELETE, kind=kind, name=name, title=name, id=identifier)
                for name, identifier in known.get(kind, {}).items()
            ]
    if secret_file:
        changes.append(_of_file(Action.DELETE, secret_file))
    return Plan(changes=tuple(changes))


def _there(known: Ids, account: Account) -> Ids:
    """Without what somebody deleted: those that name it must be told of the one made anew."""
    return {
        kind: {
            name: each
            for name, each in names.items()
            if not account.has(kind) or account.row(kind, each) is not None
        }
        for kind, names in known.items()
    }


def _made(
    resources: Sequence[Resource], account: Account, known: Ids, may_adopt: Callable[[str], bool]
) -> Iterator[Change]:
    claimed = {(kind, each) for kind, names in known.items() for each in names.values()}
    for resource in resources:
        identifier = known.get(resource.kind, {}).get(resource.name, "")
        row = account.row(resource.kind, identifier) if identifier else None
        if row is not None:
            yield _compared(resource, row, known, Action.KEEP)
        elif found := _lookalike(resource, account, claimed):
            claimed.add((resource.kind, str(found["id"])))
            adopt = may_adopt(f"{resource.kind}/{resource.name}")
            yield _compared(resource, found, known, Action.ADOPT if adopt else Action.CLASH)
        else:
            yield Change(
                action=Action.CREATE,
                kind=resource.kind,
                name=resource.name,
                title=resource.title,
                resource=resource,
            )


def _compared(resource: Resource, row: Row, known: Ids, action: Action) -> Change:
    """A thing that is there; a kept one that differs is changed."""
    there = KINDS[resource.kind].as_written(row, resource.body)
    found = differences(resolve(resource.body, known), there)
    return Change(
        action=Action.CHANGE if found and action is Action.KEEP else action,
        kind=resource.kind,
        name=resource.name,
        title=resource.title,
        id=str(row["id"]),
        resource=resource,
        differences=found,
    )


def _lookalike(
    resource: Resource, account: Account, claimed: Collection[tuple[str, str]]
) -> Row | None:
    """A thing that is named like ours: left by a run that was cut short, or somebody else's."""
    kind: Kind = KINDS[resource.kind]
    whole = {**resource.once, **resource.body}
    for row in account.rows.get(kind.name, ()):
        alike = all(same(whole[name], row.get(name)) for name in kind.identity)
        if alike and (kind.name, str(row["id"])) not in claimed:
            return row
    return None


def _on_forms(
    resources: Sequence[Resource], account: Account, known: Ids, wanted: Collection[str]
) -> Iterator[Change]:
    ours = known.get("ticket_field", {})
    names = [resource.name for resource in resources if resource.kind == "ticket_field"]
    for form in account.forms or ():
        if not wanted or _is_named(form, wanted):
            there = {ours.get(name) for name in names} <= set(_field_ids(form))
            yield _form(form, Action.KEEP if there else Action.CREATE)


def _form(form: Row, action: Action) -> Change:
    return Change(
        action=action,
        kind=FORM,
        name=str(form["id"]),
        title=str(form.get("name", "")),
        id=str(form["id"]),
    )


def _field_ids(form: Row) -> list[str]:
    return [str(each) for each in form.get("ticket_field_ids") or ()]


def _is_named(form: Row, wanted: Collection[str]) -> bool:
    return str(form.get("id")) in wanted or form.get("name") in wanted


def _secret(account: Account, file: str, newest: str) -> Change:
    """The secret itself is never shown."""
    if newest and account.secret == newest:
        return _of_file(Action.KEEP, file)
    if not newest:
        return _of_file(Action.CREATE, file)
    return _of_file(Action.CHANGE, file, "differs; the one before stays good")


def _of_file(action: Action, file: str, *differences: str) -> Change:
    return Change(action=action, kind=SECRET, name=SECRET, title=file, differences=differences)


def _no_longer(resources: Sequence[Resource], account: Account, known: Ids) -> Iterator[Change]:
    """What we made once and the policy does not ask for any more, the newest kinds first."""
    wanted = {(resource.kind, resource.name) for resource in resources}
    for kind in reversed(KINDS):
        for name, identifier in known.get(kind, {}).items():
            if (kind, name) not in wanted and account.has(kind):
                row: Mapping[str, object] = account.row(kind, identifier) or {}
                title = str(row.get(KINDS[kind].title, name))
                yield Change(action=Action.DELETE, kind=kind, name=name, title=title, id=identifier)
