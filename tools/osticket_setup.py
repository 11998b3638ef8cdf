"""Writes what the osTicket plugin sets up for a policy: SLA plans, tags and canned responses.

Run it after a change of targets, tags or replies:
``python tools/osticket_setup.py`` for the policy that comes with the plugin, and
``python tools/osticket_setup.py --policy FOLDER`` before packaging the plugin with another one.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support_policy.core.load import load
from support_policy.core.policy import Policy, PolicyTarget
from support_policy.core.reply import Reply, load_replies
from support_policy.core.target import Kind, Target
from support_policy.errors import PolicyError

ROOT = Path(__file__).resolve().parents[1]
POLICY = ROOT / "plugin" / "support_policy" / "policies" / "mexxus"
SETUP = ROOT / "plugin" / "osticket" / "support_policy" / "data" / "setup.json"

# The places that osTicket fills when an agent picks a response. The others are the service's.
VARIABLES = {"ticket": "%{ticket.number}", "subject": "%{ticket.subject}"}
LANGUAGES = ("en", "fr")
LONGEST_PLAN_NAME = 64  # a column of osTicket's
# Where paid help on a ticket stands: agents ask by the first, the service tells by the rest.
PAID_HELP_TAGS = (
    "ask_fee_permission",
    "fee_not_sent",
    "fee_requested",
    "fee_question",
    "fee_to_confirm",
    "fee_accepted",
    "fee_working",
    "fee_capped",
    "fee_declined",
    "fee_expired",
    "fee_voided",
    "fee_withdrawn",
    "fee_completed",
    "fee_billed",
    "fee_waived",
    "fee_disputed",
)
# A canned response of the desk's own with one of these in it, or with the amount, is reported.
PAID_HELP_WORDS = ("advanced support", "soutien avancé", "frais")
_PLAN = {
    "en": ("Support policy: {title}, {span} expected", "Support policy: {title}"),
    "fr": ("Politique : {title}, attendu en {span}", "Politique : {title}"),
}
_SPANS = {
    ("en", "minutes"): ("minute", "minutes"),
    ("en", "hours"): ("hour", "hours"),
    ("en", "business minutes"): ("business minute", "business minutes"),
    ("en", "business hours"): ("business hour", "business hours"),
    ("en", "business days"): ("business day", "business days"),
    ("fr", "minutes"): ("minute", "minutes"),
    ("fr", "hours"): ("heure", "heures"),
    ("fr", "business minutes"): ("minute ouvrable", "minutes ouvrables"),
    ("fr", "business hours"): ("heure ouvrable", "heures ouvrables"),
    ("fr", "business days"): ("jour ouvrable", "jours ouvrables"),
}
_MADE_FROM = {
    "en": "Made by Support Policy from {policy}, {file}.",
    "fr": "Créé par Support Policy à partir de {policy}, {file}.",
}


def setup(folder: Path) -> dict[str, Any]:
    """What the plugin reads; PolicyError if the folder holds no policy that can be used."""
    policy, replies = load(folder), load_replies(folder)
    offered = [reply for reply in replies if is_offered(reply)]
    return {
        "policy": stamp(policy),
        "plans": [plan(target) for target in policy.targets],
        "tags": tags(policy),
        "canned": [canned(reply, language, policy) for reply in offered for language in LANGUAGES],
        "paid_help": paid_help(policy),
    }


def tags(policy: Policy) -> list[str]:
    """All that the service may put on a ticket."""
    found = {tag for part in (*policy.targets, *policy.rules) for tag in part.tags}
    return sorted(found.union(PAID_HELP_TAGS if policy.fee else ()))


def paid_help(policy: Policy) -> dict[str, Any] | None:
    """What the plugin knows of the fee: no price is shown by it, but others' texts may name it."""
    if policy.fee is None:
        return None
    return {
        "most_blocks": policy.fee.most_blocks,
        "words": list(PAID_HELP_WORDS),
        "amounts": [f"{policy.fee.amount:.2f}"],
    }


def is_offered(reply: Reply) -> bool:
    """Whether an agent may send it as it stands: none that asks for a fee or attests one."""
    return not reply.needs_answer and not reply.private and reply.places <= VARIABLES.keys()


def plan(target: PolicyTarget) -> dict[str, Any]:
    """A plan that shows a target. Its hours are shown too, and nothing is computed from them."""
    return {
        "target": target.name,
        "name": {language: plan_name(target, language) for language in LANGUAGES},
        "hours": hours(target.target),
    }


def plan_name(target: PolicyTarget, language: str) -> str:
    """Without its time where osTicket has no room for it."""
    title = dict(target.title)[language]
    names = (
        form.format(title=title, span=span(target.target, language)) for form in _PLAN[language]
    )
    return next((each for each in names if len(each) <= LONGEST_PLAN_NAME), title)[
        :LONGEST_PLAN_NAME
    ]


def span(target: Target, language: str) -> str:
    """An amount of time in words."""
    number, unit = target.amount, "business days"
    if target.kind is not Kind.BUSINESS_DAYS:
        whole = target.amount % 3600 == 0
        number = target.amount // 3600 if whole else -(-target.amount // 60)
        unit = "hours" if whole else "minutes"
        unit = f"business {unit}" if target.kind is Kind.BUSINESS else unit
    one, many = _SPANS[language, unit]
    return f"{number} {one if number == 1 else many}"


def hours(target: Target) -> int:
    """At least one: osTicket has whole hours only, and at most a year of them."""
    amount = target.amount * 86400 if target.kind is Kind.BUSINESS_DAYS else target.amount
    return min(max(1, -(-amount // 3600)), 8760)


def canned(reply: Reply, language: str, policy: Policy) -> dict[str, str]:
    """A reply in one language, as osTicket keeps it."""
    return {
        "name": reply.name,
        "language": language,
        "title": reply.title(language),
        "body": as_html(reply.body(language)),
        "notes": _MADE_FROM[language].format(policy=stamp(policy), file=reply.file),
    }


def as_html(body: str) -> str:
    """Paragraphs and lists; osTicket turns them into plain text again where a desk has no HTML."""
    blocks = re.split(r"\n{2,}", body.strip())
    text = "".join(block for part in blocks for block in _block(part.splitlines()))
    return re.sub(r"\{([a-z_]+)\}", lambda place: VARIABLES[place[1]], text)


def _block(lines: list[str]) -> Iterator[str]:
    texts = [html.escape(line, quote=False) for line in lines]
    if all(text.startswith("- ") for text in texts):
        items = "".join(f"<li>{text[2:]}</li>" for text in texts)
        yield f"<ul>{items}</ul>"
    else:
        yield f"<p>{'<br />'.join(texts)}</p>"


def stamp(policy: Policy) -> str:
    """Which policy it is, and which version of it."""
    return f"{policy.id}/{policy.version}"


def written(made: dict[str, Any]) -> str:
    """The text of the file."""
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the osTicket plugin's set-up of a policy.")
    parser.add_argument("--policy", type=Path, default=POLICY, help="its folder (mexxus)")
    parser.add_argument("--to", type=Path, default=SETUP, help="the file (the plugin's own)")
    options = parser.parse_args()
    try:
        made = setup(options.policy)
    except PolicyError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    options.to.write_text(written(made), encoding="utf-8")
    sys.stdout.write(f"{options.to}: {len(made['plans'])} plans, {len(made['canned'])} responses\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
