"""Makes a fresh help desk in one process: migrations, people and queues.

Reads `{"people": [{"name", "email", "password", "superuser"}]}` on standard input, so that no
password stands in an argument list or the environment.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import django
from django.core.management import call_command

QUEUES: Final = (
    ("Support", "support", True),
    ("Sales", "sales", False),
    ("Billing", "billing", False),
    ("Level 2", "level-2", False),
)


def main() -> None:
    """Migrate the database of DESK_FOLDER and put people and queues in it."""
    wanted = json.load(sys.stdin)
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    for person in wanted["people"]:
        _add_person(person)
    _add_queues()


def _add_person(person: dict[str, Any]) -> None:
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    create = users.create_superuser if person["superuser"] else users.create_user
    create(person["name"], person["email"], person["password"], is_staff=True)


def _add_queues() -> None:
    from helpdesk.models import Queue

    for title, slug, public in QUEUES:
        Queue.objects.create(title=title, slug=slug, allow_public_submission=public)


if __name__ == "__main__":
    main()
