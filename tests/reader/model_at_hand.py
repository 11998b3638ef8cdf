"""A tiny policy folder and a model of its own, trained once on tickets written here."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from support_policy.reader.features import message_features
from support_policy.reader.model import FILE, Judgement, Model
from support_policy.reader.terms import TermReader, terms_from
from support_policy.reader.training import Example, train

TERMS = """
[facts]
"service.site" = ["site|website|page"]
"service.mail" = ["mail|email|mailbox"]
"wants.refund" = ["refund"]
"injection.instruction" = ["ignore all instructions"]
"""

_TICKETS = {
    "carpenter": {
        "site": [
            ("site down", "The site of our workshop is down, the browser waits for ever."),
            ("", "Our page does not load any more since the storm."),
            ("website", "No visitor can open the website, it times out."),
            ("page gone", "When I open our page the browser only says it cannot be reached."),
        ],
        "mail": [
            ("no mail", "Not one mail has come into our mailbox since Monday."),
            ("mailbox silent", "I send an email to my brother and it bounces."),
            ("", "Outlook receives nothing, the mailbox stays empty."),
            ("email", "Every email we send comes back with an error about relay."),
        ],
        "billing": [
            ("invoice", "The invoice of October has a wrong amount on it."),
            ("", "You charged my card twice, please refund one payment."),
            ("refund", "I paid the invoice two times and want my money back."),
            ("card", "My card has expired, where do I pay the invoice now?"),
        ],
    },
    "baker": {
        "site": [
            ("site offline", "hi, bakery site offline again, nothing loads"),
            ("cant open page", "customers phone me that the page wont open, browser says time out"),
            ("website??", "website down since 6 in the morning, cannot be reached"),
            ("", "the site does not load on the phone or on the till"),
        ],
        "mail": [
            ("mail", "orders by mail dont come in, mailbox empty"),
            ("email error", "email to the mill bounces back every time"),
            ("", "cant send mail, outlook shows an error"),
            ("mailbox", "nothing received in the mailbox today, no mail at all"),
        ],
        "billing": [
            ("charged twice", "u charged the card twice this month, refund pls"),
            ("invoice", "where is the invoice for november, my accountant asks"),
            ("", "the payment failed and my card is fine"),
            ("money", "i want a refund of the invoice i paid by mistake"),
        ],
    },
}

EXAMPLES = tuple(
    Example(subject=subject, body=body, category=category, voice=voice)
    for voice, tickets in _TICKETS.items()
    for category, texts in tickets.items()
    for subject, body in texts
)


@cache
def plain_reader() -> TermReader:
    """A reader with terms and no model."""
    return TermReader(terms_from({"terms.toml": tomllib.loads(TERMS)}))


@cache
def tiny_model() -> Model:
    """What the tickets above teach."""
    return train(EXAMPLES, plain_reader(), about={"tickets": len(EXAMPLES)})


@cache
def tiny_reader() -> TermReader:
    """A reader with terms and the tiny model."""
    return TermReader(terms_from({"terms.toml": tomllib.loads(TERMS)}), tiny_model())


def features(body: str, subject: str = "") -> dict[str, set[int]]:
    """What a model looks at in a message, by kind."""
    read = plain_reader().understand(subject, body)
    return message_features(read.heard, read.tokens.sentences, read.subject_words, read.found)


def judged(body: str, model: Model | None = None, subject: str = "") -> Judgement | None:
    """What a model, the tiny one unless another is given, says of a message."""
    read = plain_reader().understand(subject, body)
    return (model or tiny_model()).judge(read.heard, read.tokens, read.subject_words, read.found)


def policy_folder(folder: Path, model: bytes | None) -> Path:
    """A folder that a reader can be loaded from, with these bytes as its model."""
    (folder / "terms").mkdir(exist_ok=True)
    (folder / "terms" / "terms.toml").write_text(TERMS, encoding="utf-8")
    if model is not None:
        (folder / FILE).write_bytes(model)
    return folder
