"""Makes a django-helpdesk installation ready for Support Policy.

Copy this one file beside the `manage.py` of the help desk, then add to its settings:

    import os

    INSTALLED_APPS += ["support_policy_desk.SupportPolicyDesk"]

    # The secret is the last part of the path: keep it out of the repository.
    HELPDESK_GET_NEW_TICKET_WEBHOOK_URLS = lambda: [
        "http://127.0.0.1:8080/webhooks/helpdesk/" + os.environ["SUPPORT_POLICY_TOKEN"]
    ]
    HELPDESK_WEBHOOK_TIMEOUT = 3
    HELPDESK_PRIVATE_FOLLOWUP_MEANS_NO_EMAILS = True
    HELPDESK_SHOW_CUSTOM_FIELDS_FOLLOW_UP_LIST = ["none"]

and run `python manage.py migrate` once. README.md beside this file explains each line.

It imports only Django, requests and django-helpdesk, so that nothing else has to be installed.
"""

from __future__ import annotations

import logging
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

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
)
FIRST_ORDERING: Final = 900  # after the fields the help desk's own people made


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
            },
        )


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        return "an address that is not one"
