"""Words by which a customer takes an answer back or binds it where answers are not looked for.

They are read as ``plain`` gives them. Our own request, which stands in every quote, holds none.
"""

from __future__ import annotations

import re


def _any_of(*wordings: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(wordings)})")


_NUMBER = r"(?:one|two|three|1|2|3|4)"
_NOMBRE = r"(?:une?|deux|trois|1|2|3|4)"
_MINE = r"my (?:boss|manager|partner|wife|husband|supervisor|director|accountant|colleague)\b"
_MIEN = (
    r"m(?:on|a) (?:patronne?|directeur|directrice|associee?|conjointe?|comptable|mari|femme"
    r"|collegue|superieure?)\b"
)
_COMMON = (
    # a second thought
    r"changed? my mind",
    r"on second thou?ghts?",
    r"actually,? (?:no|don't|wait|make|only|just)",
    r"i withdraw",
    r"i take (?:it|that) back",
    r"(?:i|we) (?:disagree|(?:do not|don't) (?:agree|accept|want))\b",
    r"i (?:can't|cannot|won't|will not)\b",
    r"(?:i am|i'm) not (?:paying|sure|going|happy|agreeing)\b",
    r"change d'avis",
    r"(?:tout compte fait|finalement|apres reflexion),? (?:non|je|on|attendez|un|une|deux)\b",
    r"je (?:retire|decline|ne (?:suis|peux|veux|paie))",
    r"(?:j'annule|annulez|hors de question)\b",
    r"cancel (?:this|that|it|the work)\b",
    # not now
    r"please (?:wait|hold|stop)\b",
    r"(?:do not|don't) (?:start|begin|proceed|bill|charge|do)\b",
    r"hold off",
    r"not until",
    r"wait (?:for|until|till)\b",
    r"ne (?:commencez|debutez|facturez|faites) (?:pas|rien)",
    r"veuillez attendre",
    r"attendez\b",
    r"pas avant\b",
    r"(?:call|phone|text|ask|tell|check with|talk to) (?:me|us|my|him|her) (?:first|before|when)\b",
    r"(?:appelez|rappelez|telephonez|ecrivez)[- ]moi\b",
    _MINE,
    _MIEN,
    # a condition or limit
    r"but only",
    r"only if (?!you\b)",
    r"only (?:one|two|three|half|\d+)\b(?! lines?\b)",
    r"(?:no|not) more than\b",
    r"at most (?:one|two|\d)",
    r"(?:under|less than|max\.?|maximum(?: of)?) \$ ?\d",
    rf"(?:only|just|max\.?|maximum) {_NUMBER} blocks?",
    rf"{_NUMBER} blocks? (?:only|max|at most|tops)",
    r"mais seulement",
    r"seulement si (?!vous\b)",
    r"a condition (?:qu|de|d'etre)",
    r"pas plus (?:de|d')",
    r"a moins (?:de|que|d'un)\b",
    r"moins de \d+ ?\$",
    rf"(?:juste|seulement|max\.?|maximum|au plus) {_NOMBRE} blocs?",
    rf"{_NOMBRE} blocs? (?:seulement|max|maximum|au plus|pas plus)",
    r"un seul bloc",
    r"(?:but|mais) (?:i|je|on|the|le|la|not|pas|first|d'abord)\b",
    r"under protest",
    r"without prejudice",
    r"sous (?:toutes? )?reserves?\b",
    r"sous protet",
    r"too (?:expensive|much money)",
    r"trop cher",
    r"p\.? ?-? ?s\.? ?:",
    # "my answers in red below"
    r"(?:see|voir|read) (?:my |mes )?(?:answers?|comments?|notes?|reponses?|commentaires?)\b",
    r"(?:answers?|comments?|reponses?|commentaires?) (?:in red|inline|en rouge)\b",
)
_OF_A_REQUEST = (
    r"blocks?\b",
    r"blocs?\b",
    r"p\.? ?-? ?s\.?(?: |$)",
    r"n\.? ?b\.? ?:",
    r"i (?:was|will|would|should|am|only|just|may|might|want|need|reserve|take)\b",
    r"(?:je (?:ne|n|vais|veux|voulais|paie|reserve)|j'(?:etais|ai|attends|aimerais))\b",
    r"(?:joke|kidding|blague|plaisante|refund|rembours)",
    r"(?:pay|paie|payer) (?:half|la moitie|nothing|rien|only|seulement)\b",
    r"(?:max|maximum|seulement|unless|sauf si|provided that|pourvu qu|conditional|conditionnel)",
    r"before (?:you )?(?:start|begin|do|bill)",
    r"avant de (?:commencer|debuter|proceder|facturer)",
    r"subject to\b",
    r"(?:has|have|needs?|must) to (?:confirm|approve|agree|sign)",
    r"(?:doit|doivent|faut) (?:d'abord )?(?:confirmer|approuver|signer|valider|que)\b",
    r"approv(?:e|al|es)\b",
    r"approuv",
    r"(?:i (?:decline|refuse)|je refuse|j'annule)\b",
    r"(?:one|une|\d) ?(?:h|hours?|heures?) (?:only|max|seulement|tops|au plus)\b",
    r"(?:disregard|ignore|ignorez|oubliez) (?:this|that|the|my|ce|cette|ma|mon)\b",
)

IN_A_QUOTE = _any_of(*_COMMON)
"""In a quote that carries no marks, these are rather the customer's words than ours."""

_SECOND_ANSWER = (
    r"^\W*(?:i (?:accept|decline)(?: \w+ blocks?)?|j' ?accepte(?: \w+ blocs?)?|je refuse|no|non|yes"
    r"|oui|ok|not really|just kidding|(?:accepte?|decline|refuse) [a-z0-9-]+)\W*$|\$ ?\d|\d ?\$"
)
# A few words that begin like this bind or stop something; in a notice, such lines are longer.
_SHORT_ORDER = (
    r"^\W*(?:if|not|never|only|but|unless|until|wait|stop|half|no|nope|maybe|perhaps|start|begin"
    r"|cancel|hold|except|first|later|after|before"
    r"|please(?! (?:consider|note|think|visit|follow|print))"
    r"|si|pas|jamais|seulement|mais|sauf|attendez|attendre|annul\w*|peut-etre|commencez|svp"
    r"|plus tard|apres|avant|demain|d'abord|veuillez|moitie|arret\w*)\b(?:\W+\w+){0,5}\W*$"
)
IN_A_SIGNATURE = re.compile(f"{_any_of(*_OF_A_REQUEST).pattern}|{_SECOND_ANSWER}|{_SHORT_ORDER}")
"""Below a signature's mark, these are rather of this request than of a firm."""
