"""The files a new company starts from: settings, secrets and a policy folder of its own."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from support_policy.core.document import suggest
from support_policy.core.load import load
from support_policy.core.opening_hours import WEEKDAYS
from support_policy.errors import Problem, SettingsError
from support_policy.helpdesks.osticket.signature import spelled

SETTINGS = "support-policy.toml"
POLICY = "policy"
TOKEN = "webhook-token"  # noqa: S105 - a file's name
SIGNING = "osticket-secret"
_HOURS = r"\d\d:\d\d-\d\d:\d\d"
_SPAN = re.compile(
    rf"^(?P<first>[a-z]{{3}})(-(?P<last>[a-z]{{3}}))? (?P<spans>{_HOURS}(,{_HOURS})*)$"
)

DESKS = {
    "django-helpdesk": """\
[desks.helpdesk]
kind = "django-helpdesk"
mode = "observe" # nothing is written to the desk until this says "enforce"
url = "http://127.0.0.1:8000"
username = "support-policy" # a staff user of its own
password = "file/helpdesk-password"
webhook_tokens = ["file/webhook-token"]
# departments = { "2" = "sales" } # queue number → sales, billing, management, level_2, level_3
""",
    "memory": """\
[desks.helpdesk]
kind = "memory"
webhook_tokens = ["file/webhook-token"]
""",
    "osticket": """\
[desks.osticket]
kind = "osticket"
mode = "observe" # nothing is written to tickets until this says "enforce"
url = "https://YOUR-OSTICKET" # the address of its start page
secrets = ["file/osticket-secret"] # the same as in the plugin's form
# api_key = "file/osticket-api-key" # osTicket's key for this machine: late decisions, sweep, doctor
# departments = { "Sales" = "sales" } # name → sales, billing, management, level_2, level_3
""",
    "zendesk": """\
[desks.zendesk]
kind = "zendesk"
mode = "observe" # nothing is written to tickets until this says "enforce"
subdomain = "YOUR-SUBDOMAIN" # of YOUR-SUBDOMAIN.zendesk.com
public_url = "https://YOUR-SERVICE" # where Zendesk reaches this service, with TLS
client_id = "support_policy" # a confidential OAuth client: tickets:read tickets:write users:read
client_secret = "file/zendesk-client-secret"
setup_client_id = "support_policy_setup" # another one for plan and apply: read write
setup_client_secret = "file/zendesk-setup-secret"
signing_secrets = "file/zendesk-signing-secret" # `support-policy apply` writes it
# departments = { "360001" = "sales" } # group number → sales, billing, management, level_2, level_3
""",
}

NEXT = {
    "django-helpdesk": "Put the desk's password into {folder}/helpdesk-password.",
    "memory": "Nothing is needed to try things out.",
    "osticket": "Fill in url; write what is in {folder}/osticket-secret into the plugin's form.",
    "zendesk": "Fill in subdomain and public_url; put the OAuth clients' secrets into"
    " {folder}/zendesk-client-secret and {folder}/zendesk-setup-secret.",
}
"""What an admin does before the first command, by help desk."""

COMMANDS = {
    "django-helpdesk": ("doctor", "serve"),
    "memory": ("doctor", "serve"),
    "osticket": ("serve", "doctor"),
    "zendesk": ("plan", "apply", "serve", "doctor"),
}
"""What an admin runs then, in this order."""


_SECRETS: tuple[tuple[str, Callable[[], str]], ...] = (
    (TOKEN, lambda: secrets.token_urlsafe(32)),
    (SIGNING, lambda: spelled(secrets.token_bytes(32))),
)
"""The secrets that are made up here, by the name of their file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The four things nobody can know for a company.

    ``hours`` are lines such as ``mon-fri 09:00-12:00,13:00-17:00``; ``holidays`` is a country with
    perhaps a region (``CA-QC``), or empty. ``confirmed`` says whether a person gave the hours.
    """

    time_zone: str
    hours: tuple[str, ...]
    holidays: str
    desk: str
    confirmed: bool


def write(folder: Path, answers: Answers, *, today: date) -> tuple[Path, ...]:
    """Write everything into a folder; the files written.

    Raises SettingsError when something is there already or an answer makes no sense, and
    PolicyError when the policy does not load with these answers; then nothing is left behind that
    was not there before.
    """
    week = _week(answers.hours)
    _refuse_unknown(answers.desk)
    try:
        _refuse_to_overwrite(folder)
        return _write_all(folder, answers, week, today)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}."
        raise SettingsError((Problem(str(folder), "", what),)) from error


def _write_all(
    folder: Path, answers: Answers, week: dict[str, list[str]], today: date
) -> tuple[Path, ...]:
    settings, target = folder / SETTINGS, folder / POLICY
    made_up = {folder / name: make for name, make in _SECRETS if name in DESKS[answers.desk]}
    source = files("support_policy").joinpath("policies", "mexxus")
    made = _missing(folder)
    try:
        _copy(source, target)
        _rewrite(target / "support.toml", lambda text: _with_hours(text, answers, week))
        if answers.confirmed:
            _rewrite(target / "readings.toml", lambda text: _with_ruling(text, answers, today))
        load(target)
        settings.write_text(_settings(answers.desk), encoding="utf-8")
        for path, make in made_up.items():
            path.touch(mode=0o600)
            path.write_text(make() + "\n", encoding="utf-8")
    except Exception:
        _take_back((settings, *made_up, target), made)
        raise
    return (settings, *made_up, target)


def _take_back(written: Sequence[Path], made: Sequence[Path]) -> None:
    """Remove what was written, as far as that can be done: the error that led here is the news."""
    *single, target = written
    shutil.rmtree(target, ignore_errors=True)
    for path in single:
        with suppress(OSError):
            path.unlink()
    for folder in made:
        with suppress(OSError):
            folder.rmdir()


def _refuse_to_overwrite(folder: Path) -> None:
    names = (SETTINGS, POLICY, *(name for name, _ in _SECRETS))
    there = [name for name in names if (folder / name).exists()]
    if there:
        raise SettingsError(
            tuple(Problem(name, "", "is there already; init never overwrites.") for name in there)
        )


def _refuse_unknown(desk: str) -> None:
    if desk not in DESKS:
        what = f"{desk!r} is not one of {', '.join(DESKS)}."
        raise SettingsError((Problem("desk", "", what, suggest(desk, DESKS)),))


def _missing(folder: Path) -> list[Path]:
    """The folders that writing into this one will make, the innermost first."""
    return [each for each in (folder, *folder.parents) if not each.exists()]


def _week(lines: Sequence[str]) -> dict[str, list[str]]:
    """``mon-fri 09:00-17:00`` as day → spans; SettingsError for a line that says nothing else."""
    week: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for line in lines:
        found = _SPAN.match(line.strip().lower())
        first, last = (found["first"], found["last"] or found["first"]) if found else ("", "")
        if (
            found is None
            or first not in WEEKDAYS
            or last not in WEEKDAYS
            or WEEKDAYS.index(first) > WEEKDAYS.index(last)
        ):
            problems.append(Problem("hours", "", f'{line!r} is not like "mon-fri 09:00-17:00".'))
            continue
        for day in WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1]:
            week.setdefault(day, []).extend(found["spans"].split(","))
    if problems:
        raise SettingsError(tuple(problems))
    return week


def _with_hours(text: str, answers: Answers, week: dict[str, list[str]]) -> str:
    """The rules with this company's hours in place of the shipped ones."""
    country, _, region = answers.holidays.partition("-")
    lines = ["[business_hours]", f'time_zone = "{answers.time_zone}"']
    lines += [
        f"{day} = [{', '.join(f'{chr(34)}{span}{chr(34)}' for span in week[day])}]"
        for day in WEEKDAYS
        if day in week
    ]
    whose = f'country = "{country}", region = "{region}"'
    lines.append(f'holidays = {{ {whose}, easter = "good_friday", observed = true }}')
    block = re.compile(r"^\[business_hours\]\n(?:[^\[#\n].*\n)+", re.MULTILINE)
    return block.sub(lambda _: "\n".join(lines) + "\n", text, count=1)


def _with_ruling(text: str, answers: Answers, today: date) -> str:
    """Reading C7 (which hours are business hours) as ruled by whoever ran ``init``."""
    hours = ", ".join(answers.hours)
    whose = answers.holidays or "none / aucun"
    answer = {
        "en": f"Time zone {answers.time_zone}; hours {hours}; public holidays: {whose}.",
        "fr": f"Fuseau {answers.time_zone}; heures {hours}; jours fériés : {whose}.",
    }
    blocks = text.split("[[readings]]")
    for number, block in enumerate(blocks):
        if 'id = "C7"' in block:
            ruled = re.sub(r"ruled_on = \S+", f"ruled_on = {today.isoformat()}", block)
            ruled = re.sub(r'ruled_by = ".*"', 'ruled_by = "whoever ran init"', ruled)
            for language, words in answer.items():
                line = f'answer.{language} = "{words}"'
                ruled = re.sub(rf"^answer\.{language} = .*$", line, ruled, flags=re.MULTILINE)
            blocks[number] = ruled.replace("confirmed = false", "confirmed = true")
    return "[[readings]]".join(blocks)


def _settings(desk: str) -> str:
    return f"""\
# Settings of Support Policy; docs/settings.md explains each line. Secrets stay outside this file:
# "file/NAME" is a file beside it, "env/NAME" a variable of the environment.
[service]
policy = "{POLICY}"
database = "sqlite:///support-policy.db" # or postgresql://user@host/name
listen = "127.0.0.1:8080"
# accounts = "accounts.csv" # registered senders: address,account,reseller

{DESKS[desk]}
# Permission for paid help: docs/paid-help.md. Without this table nobody is asked for any.
# [permission]
# public_url = "https://YOUR-SERVICE" # where customers reach this service
# contacts = "contacts.csv" # who may permit, besides those for whom the help desk vouches
"""


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True)
    for each in source.iterdir():
        if each.is_dir():
            _copy(each, target / each.name)
        elif not each.name.startswith("__"):
            (target / each.name).write_bytes(each.read_bytes())


def _rewrite(file: Path, change: Callable[[str], str]) -> None:
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
