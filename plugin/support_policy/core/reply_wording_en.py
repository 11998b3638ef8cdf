"""What a reply must not say in English."""

from __future__ import annotations

from support_policy.core.reply_wording import (
    CALM,
    IN_BOTH,
    NEUTRAL,
    PROMISE,
    SAME_FOR_ALL,
    SECRET,
    Wording,
    one_of,
    wording,
)

_NEAR = ".{0,150}?"  # bounded: a text may be long, and looking at it must not be
_UNIT = rf"{one_of('seconds?, minutes?, mins?, hours?, hrs?, h, days?, weeks?, months?')}\b"
_COUNT = one_of(
    r"\d+, \(\d+\), -, –, an?, one, two, three, four, five, six, eight, ten, twelve, twenty, forty",
    "few, couple, the, next, first, of, to, or, about, business, working, calendar",
)
# "Within business hours" says when somebody is there, not when an answer comes.
_NO_SPAN = r"(?!(?:the |our |normal |regular )*(?:business|working|office) hours)"
_SPAN = (
    rf"{_NO_SPAN}(?:{_COUNT}[ -]*){{0,6}}{_UNIT}"  # "one business day", "twenty-four (24) hours"
)
_LENGTH = (
    r"(?:\d+|(?:is|under|than|within|about) an?|one|two|three|four|five|six|eight|ten|twelve"
    rf"|twenty|forty|few)[ -]?(?:(?:business|working|calendar) |\w+-\w+ )?{_UNIT}"
)

_MONTH = one_of("jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec")
_CLOCK = one_of(
    r"\d{1,2}:\d\d, \d{1,2} ?[ap]\.?m\b, \d{1,2} ?o'clock, \d{1,2} ?h\b, \d{4}-\d\d",
    rf"\d{{1,2}} {_MONTH}, {_MONTH}[a-z]* \d, \{{deadline\}}",
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAY = (
    rf"{one_of('tomorrow, tonight, today, noon, midnight, then, the end of, end of, close of')}\b"
)
_NEXT = rf"next (?:week|month|day|business day|working day|{_WEEKDAY})\b"
_POINT = one_of(_CLOCK, rf"{_WEEKDAY}\b", _DAY, _NEXT)
_AT_ONCE = one_of(
    "today, tonight, tomorrow, immediately, instantly, right away, straight away, at once",
    "this morning, this afternoon, this evening, this week, the same day, the same business day",
)
# "Monday to Friday" and "the backup of Monday" say when something is or was.
_NOT_THEN = "".join(
    rf"(?<!\b{word} )" for word in ("of", "from", "since", "after", "last", "to", "until", "and")
)

_WE = one_of(
    "we, i, staff, someone, somebody",
    r"(?:our|the|an?) (?:\w+ )?(?:team|staff|agent|technician|person|colleague)",
)
_COMMITS = one_of(
    rf"{_WE}(?:'ll| will| shall| are going to| is going to)(?! not\b)",
    rf"{_WE} (?:always )?(?:answer|reply|respond|get back|write back)s?",
    rf"{_WE} (?:always )?calls? (?:you|back)",
    r"you(?:'ll| will) (?:\w+ly |always )?(?:receive|get|have|hear|be \w+ed)",
    r"(?:count|rely|depend) on, expect an? (?:answer|reply|response)",
    r"(?:it|this|everything|(?:your|the) (?:\w+ )?\w+) will be",
)
_ANSWER = one_of(
    "repl(?:y|ies|ied), answer(?:s|ed)?, respon(?:d|ds|ded|se|ses), back to you, call(?:ed)? back",
    "hear from us, resolved?, fix(?:ed)?, solved?, online",
)
# What the customer may do in a given time is no promise of ours.
_CUSTOMER = (
    r"\b(?:please|you(?: (?:can|may|must|should|could|do not|don't|did not|didn't|have not))?) "
    + one_of(
        "answer, reply, respond, accept, decline, refuse, decide, choose, withdraw, write, pay"
    )
    + rf"(?:ed)?\b(?:(?! (?:and )?{_WE}\b)[^,;])*"
)
_HEDGE = one_of(
    "expected, we expect, aims?, aiming, targets?, goals?, estimated?, hopes?, try, trying",
    "usually, normally, typically, do our best, not guaranteed",
)
# A word such as "aim" speaks for its own clause: what somebody else does begins another.
_SUBJECT = one_of(
    r"(?:we|i|it|they|this|that)(?:'ll|'re| \w+)",
    r"you(?:'ll| (?!(?:with)?in\b|by\b|at\b|on\b|before\b)\w+)",
    rf"(?:{_WE}|(?:your|our|the|an?) (?:\w+ )?\w+)(?:'ll| (?:will|shall|is|are|comes?)\b)",
    r"(?:always|definitely|certainly|never|at the latest)\b",
)
_BREAKS = (
    rf";|,? but\b|,? (?:and|so|or|yet|because) (?={_SUBJECT})"
    rf"|(?<!usually)(?<!normally)(?<!typically)(?:[,:]| [-–—]) (?={_SUBJECT})"
)
_KNOWN = one_of("registered, known, linked, associated, recogni[sz]ed, on file, tied, connected")


def _time(pattern: str) -> Wording:
    return wording(
        rf"\b{pattern}",
        "promises a time",
        'Say "expected" or "we aim to", or leave the time out.',
        beside=_CUSTOMER,
        unless=rf"\b{_HEDGE}\b",
        breaks=_BREAKS,
    )


ENGLISH = (
    *IN_BOTH,
    _time(rf"(?:within|inside(?: of)?|in (?:less than|fewer than|under|no more than)) {_SPAN}"),
    _time(rf"(?:no|not) later than {one_of(_SPAN, _POINT)}"),
    _time(rf"{_COMMITS}\b{_NEAR}\bin {_SPAN}"),
    _time(rf"{_COMMITS}\b{_NEAR}\b(?:by|before|at|on) {_POINT}(?!')"),
    _time(rf"{_COMMITS}\b{_NEAR}\b{_NOT_THEN}{one_of(_AT_ONCE, _NEXT, _WEEKDAY)}\b(?!')"),
    _time(rf"{_ANSWER}\b{_NEAR}\bin {_SPAN}"),
    _time(rf"{_ANSWER} (?:\w+ ){{0,2}}the (?:same|next) (?:business |working )?day\b"),
    _time(rf"(?:response|reply|answer|resolution|waiting) times?\b{_NEAR}\b{_LENGTH}"),
    _time(r"(?:\w+[ -]hour|(?:same|next|\d)[ -](?:business )?day) (?:response|reply|answer)"),
    wording(
        r"\b(?:we|i) (?:do )?promise\b"
        r"|\b(?:you have|(?:give|gives|gave) you|take) (?:our|my) word\b",
        "is a promise",
        PROMISE,
    ),
    wording(
        r"\b(?:your|this|that|the) (?:(?:e-?mail )?address|account)"
        r"(?: (?:that )?you \w+(?: from)?)? (?:is|was|isn't|wasn't)(?: not| already)?"
        rf" {_KNOWN}\b"
        r"|\byour (?:e-?mail )?address (?:does not|doesn't) (?:match|belong)\b"
        rf"|\bno account (?:exists|matches|uses|has|(?:is|was) (?:found|{_KNOWN}))\b"
        r"|\bthere (?:is|was) (?:no|an|already an) account (?:for|with|under|at)\b"
        r"|\b(?:we|i) (?:(?:could not|couldn't|cannot|can't|did not|didn't|do not|don't) "
        r"(?:find|have|see) (?:an|any|your)|(?:found|have|see) (?:no|an)) account\b"
        r"|\b(?:do not|don't) (?:know|recogni[sz]e|have) (?:your|this) (?:e-?mail )?address\b"
        r"|\byou (?:do not|don't|already) have an account\b"
        r"|\byou (?:are not|aren't) (?:a|our|one of our) (?:\w+ )?customers?\b",
        "tells whether there is an account",
        SAME_FOR_ALL,
        unless=r"\b(?:if|whether|unless|when)\b",
        breaks=_BREAKS,
    ),
    wording(
        rf"\b{one_of('act now, act fast, act today, hurry, limited time, only today')}\b"
        rf"|\b{one_of('last, final')} {one_of('chance, notice, warning')}\b"
        rf"|\bdon't {one_of('wait, delay')}\b|\bbefore it(?:'s| is) too late\b",
        "presses the reader",
        CALM,
    ),
    wording(
        rf"\byour (?:own )?{one_of('mistake, fault, negligence, carelessness')}\b"
        r"|\byour (?:own )?error\b(?! (?:message|page|log|code))"
        rf"|\byou {one_of('broke, caused, failed, forgot, neglected, should have')}\b",
        "blames the reader",
        NEUTRAL,
    ),
    wording(
        rf"\b{one_of('send, give, tell, e-?mail, provide, confirm, enter')}(?: us| me)?"
        rf"(?: (?:your|the)(?: \w+)?)? {one_of('password, pin, card number, credit card')}\b",
        "asks for a secret",
        SECRET,
        beside=r"\b(?:not|never|don't)(?: ever)? \w+[^.]*",
    ),
)
