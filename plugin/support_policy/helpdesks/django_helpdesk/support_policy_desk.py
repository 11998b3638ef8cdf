"""Makes a django-helpdesk installation ready for Support Policy.

Copy this one file beside the `manage.py` of the help desk, then add to its settings:

    import os

    INSTALLED_APPS += ["support_policy_desk.SupportPolicyDesk"]

    # The secret is the last part of the path: keep it out of the repository.
    HELPDESK_GET_NEW_TICKET_WEBHOOK_URLS = lambda: [
        "http://127.0.0.1:8080/webhooks/helpdesk/" + os.environ["SUPPORT_POLICY_TOKEN"]
    ]
    HELPDESK_GET_FOLLOWUP_WEBHOOK_URLS = HELPDESK_GET_NEW_TICKET_WEBHOOK_URLS
    HELPDESK_WEBHOOK_TIMEOUT = 3
    HELPDESK_PRIVATE_FOLLOWUP_MEANS_NO_EMAILS = True
    HELPDESK_SHOW_CUSTOM_FIELDS_FOLLOW_UP_LIST = ["none"]

and run `python manage.py migrate` once. README.md beside this file explains each line.

It imports only Django, requests and django-helpdesk, so that nothing else has to be installed.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from django.apps import AppConfig, apps
from django.db import transaction
from django.db.models.signals import post_migrate, post_save, pre_save
from django.template.defaultfilters import linebreaksbr, urlize

logger = logging.getLogger(__name__)

# Name, label in the agent's page (30 characters at most), data type, longest value, help text.
FIELDS: Final = (
    ("policy_class", "Policy class", "varchar", 100, "What the support policy calls it."),
    (
        "policy_expected_at",
        "Expected first reply",
        "varchar",
        100,
        "When a first reply is expected; not guaranteed.",
    ),
    ("policy_tags", "Policy tags", "varchar", 1000, "Separated by spaces."),
    ("policy_reason", "Policy reason", "text", 20_000, "Why, with the customer's own words."),
    ("policy_state", "Policy state", "varchar", 200, "Kept by Support Policy."),
    # What an agent fills in to have permission for paid help asked for; the last one sends it.
    (
        "policy_fee_reason",
        "Paid help: why / pourquoi",
        "list",
        None,
        "What makes it paid help. / Ce qui en fait une aide payante.",
    ),
    (
        "policy_fee_work",
        "Paid help: work / travail",
        "text",
        1000,
        (
            "What would be done, in one plain sentence that the customer reads. No price. / "
            "Ce qui serait fait, en une phrase simple que le client lit. Sans prix."
        ),
    ),
    (
        "policy_fee_blocks",
        "Paid help: blocks / blocs",
        "integer",
        None,
        "How many blocks to ask for. / Combien de blocs demander.",
    ),
    (
        "policy_fee_permitter",
        "Paid help: who / qui",
        "email",
        None,
        (
            "Address of who may permit it, if not the requester. / "
            "Adresse de qui peut le permettre, si ce n'est pas le demandeur."
        ),
    ),
    (
        "policy_fee_ask",
        "Paid help: ask / demander",
        "boolean",
        None,
        (
            "Tick and save: the customer is asked for permission now. / "
            "Cochez et enregistrez : la permission est demandée au client maintenant."
        ),
    ),
)
FORM_NAMES: Final = frozenset(f"custom_{name}" for name, *_ in FIELDS)
# One choice a line; its first word is what Support Policy reads.
REASONS: Final = """\
outside · Outside standard support / Hors du soutien standard
correction · Something to correct on the customer's side / Quelque chose à corriger chez le client
"""
ASK: Final = "policy_fee_ask"
ASKED: Final = "Permission asked for paid help / Permission demandée pour une aide payante"
FIRST_ORDERING: Final = 900  # after the fields the help desk's own people made

# The last line of what Support Policy writes about paid help, and of the record of an ask.
PLAIN: Final = re.compile(
    r"^\[(?:PH-[A-Z2-9]{8}/[a-z0-9-]{1,40}|paid-help asked)\]\s*\Z", re.MULTILINE
)

acting: ContextVar[Any] = ContextVar("acting", default=None)
"""Who saves a ticket just now; Django's signals do not tell."""


class SupportPolicyDesk(AppConfig):  # type: ignore[misc]
    """The Django app: forgiving webhooks and the staff-only fields."""

    name = "support_policy_desk"
    verbose_name = "Support Policy"

    def ready(self) -> None:
        """Put the forgiving sender into django-helpdesk and wait for `migrate`."""
        from helpdesk import webhooks

        webhooks.requests = ForgivingRequests()
        show_requesters_no_countdown()
        read_one_ticket_as_one()
        let_fields_be_emptied()
        keep_what_changed_meanwhile()
        show_our_messages_as_written()
        know_who_acts()
        tell_of_asks()
        # Django sends no post_migrate for an app without models, so listen to django-helpdesk's.
        post_migrate.connect(
            create_fields,
            sender=apps.get_app_config("helpdesk"),
            dispatch_uid="support_policy_desk.create_fields",
        )


class ForgivingRequests:
    """Stands in for the module `requests` inside `helpdesk.webhooks`.

    django-helpdesk sends its webhooks inside the customer's own request and survives only a
    time-out: a refused connection would show the customer an error page after the ticket was
    kept, and would skip the webhooks that follow. Here every failure to send is logged instead,
    without the path, which holds the secret. The add-on's sweep finds what was not delivered.
    """

    exceptions = requests.exceptions

    @staticmethod
    def post(url: str, **options: Any) -> requests.Response | None:
        """Send one webhook; None when it could not be sent."""
        host = _host(url)
        try:
            answer = requests.post(url, **options)  # noqa: S113 - the caller sets the time-out
        # UnicodeError: what a host name that is not one raises through requests.
        except (requests.RequestException, UnicodeError) as error:
            logger.warning("webhook to %s not delivered: %s", host, type(error).__name__)
            return None
        if not answer.ok:
            logger.warning("webhook to %s answered %s", host, answer.status_code)
        return answer


def show_requesters_no_countdown() -> None:
    """Leave the due date out of the requester's page.

    django-helpdesk shows it there as "in 3 hours": an expected time would read as a promise.
    """
    from helpdesk.views.public import ViewTicket

    class View(ViewTicket):  # type: ignore[misc]
        def render_to_response(self, context: dict[str, Any], **options: Any) -> Any:
            if ticket := context.get("ticket"):
                ticket.due_date = None  # in this answer only; nothing is saved
            return super().render_to_response(context, **options)

    from helpdesk.views import public

    public.ViewTicket = View


def read_one_ticket_as_one() -> None:
    """Let the API look at one ticket when it is asked for one.

    django-helpdesk loads the custom fields of every ticket for each request, also for a single
    ticket: with a thousand tickets a read takes seconds. What is allowed stays the same.
    """
    from helpdesk.user import HelpdeskUser
    from helpdesk.views.api import TicketViewSet

    whole = TicketViewSet.get_queryset

    def get_queryset(view: Any) -> Any:
        return HelpdeskUser(view.request.user).accessible_tickets() if view.detail else whole(view)

    TicketViewSet.get_queryset = get_queryset


def let_fields_be_emptied() -> None:
    """Let the API empty our fields, as the edit page does; django-helpdesk's own refuses that."""
    from helpdesk.models import CustomField

    whole = CustomField.build_api_field

    def build_api_field(field: Any) -> Any:
        made = whole(field)
        if f"custom_{field.name}" in FORM_NAMES:
            made.allow_null = made.allow_blank = True
        return made

    CustomField.build_api_field = build_api_field


def keep_what_changed_meanwhile() -> None:
    """Let the edit page write only those fields of ours that were changed in it.

    django-helpdesk writes every field as it was when the page was opened: that would take back the
    tags set meanwhile, and tick again what was asked and done.
    """
    from helpdesk.forms import EditTicketForm

    make, save = EditTicketForm.__init__, EditTicketForm.save

    @wraps(make)
    def __init__(form: Any, *arguments: Any, **options: Any) -> None:  # noqa: N807 - Django's name
        make(form, *arguments, **options)
        for name in FORM_NAMES & form.fields.keys():
            form.fields[name].show_hidden_initial = True

    @wraps(save)
    def save_changed(form: Any, *arguments: Any, **options: Any) -> Any:
        for name in FORM_NAMES & form.fields.keys() - set(form.changed_data):
            form.cleaned_data.pop(name, None)
        return save(form, *arguments, **options)

    EditTicketForm.__init__, EditTicketForm.save = __init__, save_changed


def show_our_messages_as_written() -> None:
    """Show agents what Support Policy wrote to a customer as the customer reads it.

    django-helpdesk shows agents Markdown, which would take an underscore out of a link, and
    customers plain text.
    """
    from helpdesk.models import FollowUp

    whole = FollowUp.get_markdown

    def get_markdown(follow_up: Any) -> Any:
        text = follow_up.comment or ""
        return linebreaksbr(urlize(text)) if PLAIN.search(text) else whole(follow_up)

    FollowUp.get_markdown = get_markdown


@contextmanager
def by(user: Any) -> Iterator[None]:
    """Remember who saves a ticket while it is saved."""
    token = acting.set(user)
    try:
        yield
    finally:
        acting.reset(token)


def know_who_acts() -> None:
    """Note the user in every place where staff save a ticket's fields.

    The edit page saves field by field: in one transaction, so that an ask is told whole. The
    others send webhooks of their own, which must not leave before the ticket is kept.
    """
    from helpdesk.views import staff
    from helpdesk.views.api import TicketViewSet

    edit, update, create = staff.edit_ticket, staff.update_ticket_view, TicketViewSet.perform_create
    staff.edit_ticket = transaction.atomic(_by_the_requests_user(edit))
    staff.update_ticket_view = _by_the_requests_user(update)
    form_valid, patch = staff.CreateTicketView.form_valid, TicketViewSet.perform_update
    staff.CreateTicketView.form_valid = _by_the_views_user(form_valid)
    TicketViewSet.perform_create = _by_the_views_user(create)
    TicketViewSet.perform_update = transaction.atomic(_by_the_views_user(patch))


def _by_the_requests_user(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def wrapped(request: Any, *arguments: Any, **options: Any) -> Any:
        with by(request.user):
            return view(request, *arguments, **options)

    return wrapped


def _by_the_views_user(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def wrapped(view: Any, *arguments: Any) -> Any:
        with by(view.request.user):
            return method(view, *arguments)

    return wrapped


def tell_of_asks() -> None:
    """Keep a record of each time somebody ticks to ask for permission, and tell of it."""
    from helpdesk.models import TicketCustomFieldValue

    pre_save.connect(
        note_the_tick_before, TicketCustomFieldValue, dispatch_uid="support_policy_desk.before"
    )
    post_save.connect(
        record_the_ask, TicketCustomFieldValue, dispatch_uid="support_policy_desk.asked"
    )


def note_the_tick_before(sender: Any, instance: Any, **_: Any) -> None:
    """Remember whether the tick was there: what is saved again is not asked again."""
    if instance.field.name == ASK:
        known = sender.objects.filter(pk=instance.pk).values_list("value", flat=True)
        instance.ticked_before = known.first() == "True"


def record_the_ask(instance: Any, *, raw: bool = False, **_: Any) -> None:
    """Write a private follow-up of who asked, and send it as django-helpdesk sends any.

    Nothing else would tell: the edit page leaves no trace and fires no webhook.
    """
    if raw or instance.field.name != ASK or str(instance.value) != "True" or instance.ticked_before:
        return
    from helpdesk import webhooks
    from helpdesk.models import FollowUp

    user = acting.get()
    name = " ".join((user.get_full_name() or user.get_username()).split()) if user else ""
    by_line = f"Asked by / Demandé par : {name}\n\n" if name else ""
    asked = FollowUp.objects.create(
        ticket=instance.ticket,
        user=user,
        title=ASKED,
        comment=f"{by_line}[paid-help asked]",
        public=False,
        email_recipients=[],
    )
    transaction.on_commit(partial(webhooks.notify_followup_webhooks, asked), robust=True)


def create_fields(using: str, apps: Any, **_: Any) -> None:
    """Create the staff-only fields that are missing; those that exist stay as they are."""
    try:
        custom_field = apps.get_model("helpdesk", "CustomField")
    except LookupError:  # migrated back to nothing
        return
    for place, (name, label, data_type, max_length, help_text) in enumerate(FIELDS):
        custom_field.objects.using(using).get_or_create(
            name=name,
            defaults={
                "label": label,
                "data_type": data_type,
                "max_length": max_length,
                "help_text": help_text,
                "ordering": FIRST_ORDERING + place,
                "required": False,
                "staff_only": True,
                "list_values": REASONS if data_type == "list" else None,
                "empty_selection_list": data_type == "list",
            },
        )


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        return "an address that is not one"
