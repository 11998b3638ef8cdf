"""A small policy of our own for tests, as files and as objects, and tickets and facts by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from support_policy.core.facts import Fact, Facts, Language
from support_policy.core.load import load
from support_policy.core.policy import Policy
from support_policy.core.ticket import Ticket, TicketRef

TORONTO = ZoneInfo("America/Toronto")

CLAUSES_EN = """\
# Support policy

### A1 · Version and date
When this policy begins.

### A2 · High priority
A server that fails.

### A3 · Medium priority
A site that is down.

### A4 · Low priority
Everything else, and products of others.

### A5 · Who may ask
Registered senders.

### A6 · Levels and languages
Level 2, French, telephone.

### A7 · Sales
Questions before a purchase.

### A8 · Refunds
A person decides.

**Left to people.**
"""

CLAUSES_FR = (
    CLAUSES_EN.replace("Support policy", "Politique de soutien")
    .replace("Version and date", "Version et date")
    .replace("High priority", "Priorité haute")
    .replace("Medium priority", "Priorité moyenne")
    .replace("Low priority", "Priorité basse")
    .replace("Who may ask", "Qui peut demander")
    .replace("Levels and languages", "Niveaux et langues")
    .replace("A7 · Sales", "A7 · Ventes")
    .replace("Refunds", "Remboursements")
    .replace("**Left to people.**", "**Laissé aux personnes.**")
)

SUPPORT = """\
[policy]
id = "small"
version = "1"
clauses = ["A1"]
effective_from = 2026-01-01T00:00:00
title = { en = "Small policy", fr = "Petite politique" }

[business_hours]
time_zone = "America/Toronto"
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
wed = ["09:00-17:00"]
thu = ["09:00-17:00"]
fri = ["09:00-17:00"]
holidays = { country = "CA", region = "QC" }

[targets.high]
clause = "A2"
expected = "1 hour"
priority = "high"
title = { en = "High", fr = "Haute" }
tags = ["policy_high"]

[targets.medium]
clause = "A3"
expected = "4 hours"
priority = "normal"
title = { en = "Medium", fr = "Moyenne" }
tags = ["policy_medium"]

[targets.low]
clause = "A4"
expected = "24 hours"
priority = "low"
title = { en = "Low", fr = "Basse" }
tags = ["policy_low"]

[targets.level_2]
clause = "A6"
expected = "4 business hours"
title = { en = "Level 2", fr = "Niveau 2" }

[targets.sales]
clause = "A7"
expected = "1 business day"
priority = "normal"
title = { en = "Sales", fr = "Ventes" }
tags = ["policy_sales"]

[fee]
clause = "A4"
amount = "85.00"
currency = "CAD"
block_minutes = 60

[[eligibility]]
name = "abuse-is-heard"
clause = "A5"
any = ["abuse.report"]
tags = ["abuse_review"]

[[eligibility]]
name = "unregistered-sender"
clause = "A5"
standings = ["unregistered"]
not_categories = ["sales"]
hold = true
tags = ["unregistered_sender"]
"""

CLASSIFICATION = """\
[[classification]]
name = "server-fault"
clause = "A2"
category = "high.server"
all = ["evidence.server_fault", "website.offline"]
tags = ["server_fault"]

[[classification]]
name = "outage-of-many"
clause = "A2"
category = "high.many"
all = ["evidence.many_customers"]
none = ["website.one_only"]

[[classification]]
name = "third-party"
clause = "A4"
category = "low.third_party"
any = ["product.wordpress", "product.joomla"]
tags = ["third_party"]

[[classification]]
name = "website-offline"
clause = "A3"
category = "medium.website_offline"
any = ["website.offline"]

[[classification]]
name = "quote"
clause = "A7"
category = "sales"
any = ["sales.quote"]

[[classification]]
name = "general"
clause = "A4"
category = "low.general"
tags = ["needs_review"]
"""

ADJUSTMENTS = """\
[[adjustments]]
name = "level-2"
clause = "A6"
departments = ["level_2"]
clocks = ["level_2"]
tags = ["with_level_2"]

[[adjustments]]
name = "in-french"
clause = "A6"
languages = ["fr"]
business_clock = "french_response"
tags = ["lang_fr"]

[[adjustments]]
name = "by-telephone"
clause = "A6"
channels = ["phone"]
no_target = true
tags = ["channel_unofficial"]

[[adjustments]]
name = "after-hours"
clause = "A6"
business_hours = false
tags = ["after_hours"]
"""

READINGS = """\
[[readings]]
id = "Q1"
clauses = ["A4"]
question = { en = "What if nothing matches?", fr = "Et si rien ne convient?" }
answer = { en = "Low, for a person to look at.", fr = "Basse, à revoir par une personne." }
ruled_by = "A. Tremblay"
ruled_on = 2026-01-02
confirmed = true
rules = ["classification/general", "business_hours"]
"""

TITLES = """\
"website.offline" = { en = "that a site is down", fr = "qu'un site est en panne" }
"evidence.server_fault" = { en = "that the server fails", fr = "que le serveur flanche" }
"evidence.many_customers" = { en = "that many are hit", fr = "que plusieurs sont touchés" }
"""

FILES: Mapping[str, str] = MappingProxyType(
    {
        "policy.md": CLAUSES_EN,
        "policy.fr.md": CLAUSES_FR,
        "support.toml": SUPPORT,
        "classification.toml": CLASSIFICATION,
        "adjustments.toml": ADJUSTMENTS,
        "readings.toml": READINGS,
        "closures.toml": "closed = []\nopen = []\n",
        "terms/titles.toml": TITLES,
    }
)


def write_policy(folder: Path, changes: Mapping[str, str] | None = None) -> Path:
    """Write the policy's files, some of them replaced; returns the folder."""
    for name, text in {**FILES, **(changes or {})}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """One file with a passage replaced; the passage must be there."""
    assert old in FILES[name], f"{name} does not say {old!r}"
    return {name: FILES[name].replace(old, new, 1)}


def small_policy(folder: Path, changes: Mapping[str, str] | None = None) -> Policy:
    """The policy, loaded."""
    return load(write_policy(folder, changes))


def at(text: str) -> datetime:
    """A moment on the company's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO)


def said(*names: str, language: Language = "en", quote: str = "") -> Facts:
    """Facts by hand, each with its words in the body."""
    quotes = [quote or f"words of {name}" for name in names]
    body = "\n".join(quotes)
    found = []
    start = 0
    for name, words in zip(names, quotes, strict=True):
        end = start + len(words)
        found.append(Fact(name=name, field="body", quote=words, start=start, end=end))
        start = end + 1
    return Facts(language=language, subject="", body=body, found=tuple(found))


def a_ticket(**changes: object) -> Ticket:
    """An open ticket, received on a Monday morning in business hours."""
    values: dict[str, object] = {
        "ref": TicketRef(desk="memory", id="1"),
        "subject": "Help",
        "body": "My site is down.",
        "received_at": at("2026-11-23T10:00:00"),
    }
    return Ticket(**(values | changes))  # type: ignore[arg-type]
