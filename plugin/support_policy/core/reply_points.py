"""What a customer must have been able to read before agreeing to pay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from support_policy.core.reply_wording import one_of

AGREEMENT: Mapping[str, str] = {
    "en": "If you agree, you accept to pay the fee as billed, up to the maximum above.",
    "fr": "Si vous êtes d'accord, vous acceptez de payer les frais tels que facturés, "
    "jusqu'au maximum indiqué ci-dessus.",
}

Words = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that must be said: by places, and by a sentence with a word of every pattern."""

    what: str
    places: tuple[str, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)

    def is_made(self, sentences: tuple[str, ...], language: str) -> bool:
        """Whether a text with these sentences says it."""
        patterns = self.words.get(language, ())
        return all(
            any(f"{{{place}}}" in sentence for sentence in sentences) for place in self.places
        ) and any(all(each.search(sentence) for each in patterns) for sentence in sentences)

    def suggestion(self, language: str) -> str:
        """How to say it."""
        if example := self.examples.get(language):
            return f'For example: "{example}"'
        return f"Write {' and '.join(f'{{{place}}}' for place in self.places)} where it belongs."


def _said(what: str, en: tuple[str, ...], fr: tuple[str, ...], *examples: str) -> Point:
    return Point(
        what=what,
        words={"en": _compiled(en), "fr": _compiled(fr)},
        examples=dict(zip(("en", "fr"), examples, strict=True)),
    )


def _compiled(patterns: tuple[str, ...]) -> Words:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


PRICE = _said(
    "the price of a block",
    (r"\{price\}", r"\{minutes\} minutes\b"),
    (r"\{price\}", r"\{minutes\} minutes\b"),
    "Price: {price} for each block of {minutes} minutes.",
    "Prix\u00a0: {price} par bloc de {minutes} minutes.",
)
"""By places alone: a request keeps its price when that of the policy changes."""

# In the order in which a person should read them.
POINTS = (
    Point(what="which ticket this is about", places=("ticket", "subject")),
    Point(what="what would be done", places=("work",)),
    _said(
        "what would not be done",
        (
            r"\bnot?\b|n't\b|\bnothing\b|\bwithout\b",
            r"\bbeyond what\b|\b(?:chang|modif|touch)",
        ),
        (
            r"\bne\b|\bn'|\bni\b|\bsans\b|\baucune?\b|\brien\b",
            r"\bau-delà de ce qui\b|\b(?:modifi|chang|touch)",
        ),
        "What we would not do: anything beyond what is described above.",
        "Ce que nous ne ferions pas : quoi que ce soit au-delà de ce qui est décrit ci-dessus.",
    ),
    Point(what="why it is not included", places=("reason",)),
    PRICE,
    Point(what="the most that can be charged", places=("blocks", "maximum")),
    _said(
        "that taxes are added to the maximum",
        (r"\{maximum\}", r"\btax"),
        (r"\{maximum\}", r"\btax"),
        "{blocks} = {maximum}, plus applicable taxes.",
        "{blocks}, soit {maximum}, taxes applicables en sus.",
    ),
    _said(
        "that time is counted in whole blocks",
        (r"\b(?:whole|full|entire|begun|started)\b", r"\bblock"),
        (r"\b(?:entier|entam|complet|commenc)", r"\bbloc"),
        "Time is counted in whole blocks: for example, {minutes} minutes count as 1 block, "
        "and one minute more makes it 2 blocks.",
        "Le temps se compte en blocs entiers : par exemple, {minutes} minutes comptent pour "
        "1 bloc, et une minute de plus en fait 2 blocs.",
    ),
    _said(
        "that more time means a new question",
        (r"\b(?:more|longer|extra|further|another)\b", r"\bask", r"\bwe\b"),
        (
            r"\b(?:plus|davantage|autres?|supplément\w*)\b",
            r"demand|question|permission",
            r"\bnous (?:nous |vous |le |allons )*\w+ons\b",
        ),
        "If the work needs more time than that, we will stop and ask you again.",
        "Si le travail demande plus de temps, nous nous arrêterons "
        "pour vous poser de nouveau la question.",
    ),
    _said(
        "that the result is not promised",
        (r"\b(?:result|success|outcome|solution)", r"\b(?:not?|cannot|without)\b|n't\b"),
        (r"\b(?:résultat|succès|réussite|solution)", r"\b(?:pas|sans|aucune?|non)\b"),
        "We will do our best, but we cannot promise the result.",
        "Nous ferons de notre mieux, mais nous ne pouvons pas promettre le résultat.",
    ),
    _said(
        "that nothing is charged when the cause is ours",
        (
            r"\bour (?:side|end|fault)\b|\bours\b|\bcaused by us\b",
            r"\b(?:not|nothing|no|free)\b|n't\b",
        ),
        (
            r"\bnotre (?:côté|part|faute)\b|\bde nous\b|\bpar nous\b",
            r"\b(?:rien|aucune?s?|pas|sans)\b",
        ),
        "If the cause turns out to be on our side, you are not charged.",
        "S'il s'avère que la cause est de notre côté, rien ne vous est facturé.",
    ),
    _said(
        "what can be had for free",
        (r"\bfree\b|\bcosts? (?:you )?nothing\b|\bwithout (?:paying|any? (?:fee|cost))|\bno cost",),
        (r"\bgratuit|\bsans (?:autres |aucuns )?frais\b|\bsans payer\b|\bcoûte(?:nt)? rien\b",),
        "You also have choices that cost you nothing with us.",
        "Vous avez aussi des choix sans frais chez nous.",
    ),
    _said(
        "that declining has no effect on anything else",
        (
            r"\bdeclin|\brefus|\bsay(?:ing)? no\b|\bturn(?:ing)? (?:it|this) down\b",
            one_of(
                "no effect, not affect, not change, n't affect, n't change, changes? nothing",
                "nothing changes, continues?, goe?s? on, stays?, as before",
            ),
        ),
        (
            r"\brefus|\bdéclin|\bdi(?:re|tes) non\b",
            one_of(
                "aucun effet, sans effet, sans conséquence, ne change, n'affecte",
                "continue, reste, comme avant",
            ),
        ),
        "Declining has no effect on your other services, or on the standard help for this ticket.",
        "Un refus n'a aucun effet sur vos autres services ni sur l'aide standard pour ce billet.",
    ),
    Point(what="until when an answer is possible", places=("deadline",)),
    _said(
        "that nothing happens without an answer",
        (
            r"(?:\bnot|n't|\bno|\bwithout|\bnever)(?: an?)? (?:answer|repl|respon|hear)",
            r"\bnothing\b|\bno (?:charge|work|fee)\b|\bnot (?:be )?charge",
        ),
        (r"\b(?:ne |n'|sans |pas de |aucune )(?:nous )?répon", r"\b(?:rien|aucune?s?)\b"),
        "If you do not answer, nothing happens: the work does not start and nothing is charged.",
        "Si vous ne répondez pas, il ne se passe rien : le travail ne commence pas "
        "et rien n'est facturé.",
    ),
    _said(
        "the sentence of agreement, word for word",
        (re.escape(AGREEMENT["en"]),),
        (re.escape(AGREEMENT["fr"]),),
        *AGREEMENT.values(),
    ),
    Point(what="where the policy can be read", places=("policy_version", "policy_address")),
    _said(
        "who may accept",
        (r"\b(?:owner|contact|authori[sz]ed)\b", r"\b(?:accept|agree|permission|approve)"),
        (
            r"\b(?:titulaire|propriétaire|contact|personne-ressource|autoris)",
            r"accept|permission|approuv|accord",
        ),
        "Who may accept: the owner of the account, or a contact named on it.",
        "Qui peut accepter : le titulaire du compte ou une personne-ressource qui y est nommée.",
    ),
    _said(
        "that the other language is there",
        (r"\bFrench\b|\bfrançais\b",),
        (r"\banglais\b|\bEnglish\b",),
        "This message is in English and in French.",
        "Ce message est en français et en anglais.",
    ),
    _said(
        "how to ask a question first",
        (r"\bquestion", r"\b(?:repl|write|ask|call)"),
        (r"\bquestion", r"\b(?:répon|écri|appel|poser une|posez)"),
        "If you have a question first, reply to this message.",
        "Si vous avez d'abord une question, répondez à ce message.",
    ),
    Point(what="where to answer", places=("answer_address",)),
    Point(what="how to answer by e-mail", places=("code",)),
)

# (what must come first, what must not come before it, why)
_ORDER = (
    ("{maximum}", "{agreement}", 'the sentence of agreement says "above" of it'),
    ("{agreement}", "{answer_address}", "everything is read before the answer"),
    ("{agreement}", "{code}", "everything is read before the answer"),
)


def missing(sentences: tuple[str, ...], language: str, *, asks: bool) -> Iterator[tuple[str, str]]:
    """What a request, or else a receipt, does not say of the fee, and how to say it."""
    for point in POINTS if asks else (PRICE,):
        if not point.is_made(sentences, language):
            yield f"does not say {point.what}", point.suggestion(language)


def misplaced(sentences: tuple[str, ...], language: str) -> Iterator[tuple[str, str]]:
    """What a text that asks for a fee says too late."""
    text = " ".join(sentences).replace(AGREEMENT[language], "{agreement}")
    for first, then, why in _ORDER:
        if -1 < text.find(then) < text.find(first):
            spelled = first.replace("{agreement}", "the sentence of agreement")
            yield f"says {spelled} too late", f"Move it up: {why}."
