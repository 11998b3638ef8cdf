"""Looks at an account, and makes it be as the policy asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from support_policy import installation
from support_policy.core.policy import Policy
from support_policy.core.reply import Reply
from support_policy.errors import (
    ConflictError,
    ForbiddenError,
    GoneError,
    RefusedError,
)
from support_policy.helpdesk import Notebook
from support_policy.helpdesks.zendesk.account import (
    Account,
    read_account,
    read_forms,
    signing_secret,
)
from support_policy.helpdesks.zendesk.api import Api
from support_policy.helpdesks.zendesk.blueprint import Blueprint, draw
from support_policy.helpdesks.zendesk.kinds import FORM, KINDS, SCHEDULES, SECRET, Kind
from support_policy.helpdesks.zendesk.ledger import Ledger
from support_policy.helpdesks.zendesk.plan import Action, Change, Plan, plan, removal
from support_policy.helpdesks.zendesk.resource import Ids, resolve, unresolved
from support_policy.helpdesks.zendesk.secret_file import SecretFile
from support_policy.helpdesks.zendesk.triggers import WEBHOOK
from support_policy.helpdesks.zendesk.writer import Writer
from support_policy.system_clock import clock

Tell = Callable[[str], None]

# It will not be done however often it is asked for; all else may be tried again.
_NO = (RefusedError, ForbiddenError, GoneError, ConflictError)


class Installation:
    """What a policy needs in one Zendesk account.

    ``account`` names the account in the ledger, such as its subdomain; ``forms`` are the ids or
    names of the ticket forms that get our fields, all active ones when empty; ``language`` is
    that of what agents read there, ``en`` or ``fr``. ``asks`` says that customers are asked for
    permission for paid help.
    """

    def __init__(
        self,
        *,
        api: Api,
        notebook: Notebook,
        account: str,
        desk: str,
        public_url: str,
        policy: Policy,
        replies: Sequence[Reply],
        secret_file: SecretFile,
        forms: Sequence[str] = (),
        language: str = "en",
        asks: bool = False,
        clock: Callable[[], datetime] = clock,
    ) -> None:
        self.api = api
        self.secret_file = secret_file
        self._notebook = notebook
        self._ledger = Ledger(notebook, account)
        self._making = f"making/{account}"
        self._desk = desk
        self._public_url = public_url
        self._policy = policy
        self._replies = tuple(replies)
        self._forms = tuple(forms)
        self._language = language
        self._asks = asks
        self._clock = clock
        self._writer = Writer(api)

    @property
    def known(self) -> Ids:
        """The ids of what is ours, by kind and name."""
        return {kind: self._ledger.ids(kind) for kind in KINDS}

    def plan(self, *, adopt: bool = False) -> Plan:
        """Look, and change nothing; ``adopt`` takes over what is named like ours.

        Raises HelpDeskError.
        """
        known = self.known
        account = read_account(self.api, known, schedules=SCHEDULES)
        return plan(
            self._blueprint(account),
            account,
            known,
            forms=self._forms,
            secret_file=self.secret_file.path.name,
            newest_secret=next(iter(self.secret_file.secrets()), ""),
            making=self._notebook.recall(self._making) or "",
            adopt=adopt,
            fee=self._policy.fee if self._asks else None,
        )

    def removal(self, *, keep_fields: bool = False) -> Plan:
        """What undoes all of it; ``keep_fields`` leaves the fields and their values on tickets."""
        if self._notebook.recall(self._making) is not None:
            self._take_over(self.plan())
        file = self.secret_file.path.name if self.secret_file.secrets() else ""
        forms = read_forms(self.api) or ()
        return removal(self.known, forms=forms, secret_file=file, keep_fields=keep_fields)

    def apply(self, plan: installation.Plan, tell: Tell) -> None:
        """Carry out a plan, step by step.

        A step that Zendesk refuses does not keep it from the others; RefusedError in the end.
        """
        if not isinstance(plan, Plan):
            raise TypeError("a plan of another installation")
        plan.check()
        self._take_over(plan)
        failed = 0
        for change in plan.steps:
            tell(str(change))
            try:
                self._carry_out(change, tell)
            except _NO as error:
                failed += 1
                tell(f"    not done: {error}")
        if failed:
            raise RefusedError(f"{failed} of {len(plan.steps)} steps were not done")

    def advice(self) -> tuple[str, ...]:
        """What is next once all is made."""
        return (
            "support-policy serve",
            f"support-policy doctor --desk {self._desk}",
        )

    def _blueprint(self, account: Account) -> Blueprint:
        today = self._clock().astimezone(ZoneInfo(self._policy.schedule.time_zone)).date()
        return draw(
            policy=self._policy,
            replies=self._replies,
            public_url=self._public_url,
            desk=self._desk,
            account=account,
            today=today,
            language=self._language,
            asks=self._asks,
        )

    def _carry_out(self, change: Change, tell: Tell) -> None:
        if change.kind == FORM:
            ours = list(self._ledger.ids("ticket_field").values())
            away = change.action is Action.DELETE
            self._writer.put_fields(change.id, on=[] if away else ours, off=ours if away else [])
        elif change.kind == SECRET:
            self._keep_secret(change)
        elif change.action is Action.DELETE:
            self._delete(change, tell)
        elif change.action is Action.CREATE:
            self._create(change)
        else:
            self._adopt(change)

    def _create(self, change: Change) -> None:
        """Write down what is being made, so that what a crash leaves behind is found again."""
        assert change.resource is not None  # noqa: S101 - only deletions have none
        self._ledger.drop(change.kind, change.name)  # of one that is gone: none may name it
        whole = self._body({**change.resource.once, **change.resource.body})
        self._notebook.remember(self._making, f"{change.kind}/{change.name}")

        def made(identifier: str) -> None:
            self._ledger.put(change.kind, change.name, identifier)
            self._notebook.remember(self._making, None)

        try:
            self._writer.create(change.kind, whole, made)
        except _NO:
            self._notebook.remember(self._making, None)
            raise

    def _delete(self, change: Change, tell: Tell) -> None:
        """Delete a thing; with the account's plan, all of its kind may be gone."""
        try:
            self._writer.delete(change.kind, change.id)
        except ForbiddenError:
            if not KINDS[change.kind].optional or not self._lacks(KINDS[change.kind]):
                raise
            tell(f"    gone: the account has no {KINDS[change.kind].noun} any more")
        self._ledger.drop(change.kind, change.name)

    def _lacks(self, kind: Kind) -> bool:
        """Whether the plan lacks a kind; without an admin's rights, everything is forbidden."""
        self.api.get(KINDS["trigger"].path)  # every plan has them, and only admins may see them
        try:
            self.api.get(kind.path)
        except (ForbiddenError, GoneError):
            return True
        return False

    def _adopt(self, change: Change) -> None:
        """Adopt a thing, and mend what differs."""
        assert change.resource is not None  # noqa: S101 - only deletions have none
        if change.action is Action.ADOPT:
            self._ledger.put(change.kind, change.name, change.id)
        if change.differences:
            self._writer.change(change.kind, change.id, self._body(change.resource.body))

    def _body(self, body: object) -> dict[str, object]:
        whole: dict[str, object] = resolve(body, self.known)
        if missing := unresolved(whole):
            names = ", ".join(f"{KINDS[ref.kind].noun} {ref.name}" for ref in missing)
            raise RefusedError(f"it needs what is not there: {names}")
        return whole

    def _keep_secret(self, change: Change) -> None:
        if change.action is Action.DELETE:
            if self._ledger.ids(WEBHOOK.kind):
                raise RefusedError("the webhook is still there, and signs with it")
            self.secret_file.remove()
            return
        webhook = self._ledger.ids(WEBHOOK.kind).get(WEBHOOK.name)
        if webhook is None:
            raise RefusedError("it needs what is not there: the webhook")
        secret = signing_secret(self.api, webhook)
        if not secret:
            raise RefusedError("Zendesk does not tell the webhook's signing secret")
        try:
            self.secret_file.keep(secret)
        except OSError as error:
            raise RefusedError(f"the file cannot be written: {error.strerror}") from None

    def _take_over(self, plan: Plan) -> None:
        """Write down the id of what a run made that was cut short before it could."""
        making = self._notebook.recall(self._making)
        for change in plan.changes:
            if change.action is Action.ADOPT and f"{change.kind}/{change.name}" == making:
                self._ledger.put(change.kind, change.name, change.id)
        self._notebook.remember(self._making, None)
