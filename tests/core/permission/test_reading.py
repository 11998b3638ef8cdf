"""Which answers count, which never do, and that nothing a mail holds makes an exception."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.guards.tree import PLUGIN

from support_policy.core.permission.plain_words import plain
from support_policy.core.permission.reading import Answer, Verdict, read_answer
from support_policy.core.permission.second_thoughts import IN_A_QUOTE
from support_policy.core.reply import load_replies

CODE = "7Q4K-M2"
ASKED = 3
HEADERS = {
    "From": "Odile Beaupré <odile@cafelumiere.example>",
    "Subject": "Re: [#12] Permission for paid help",
}
ENGLISH_NOTICE = (
    "This e-mail and any attachments are confidential and intended solely for the addressee. "
    "If you are not the\nintended recipient, please notify the sender and delete it."
)
FRENCH_NOTICE = (
    "AVIS DE CONFIDENTIALITÉ : Ce courriel est confidentiel. Si vous l'avez reçu par erreur, "
    "veuillez le supprimer et en aviser l'expéditeur."
)
SHIPPED = {reply.name: reply for reply in load_replies(PLUGIN / "policies" / "mexxus")}
REQUESTS = [
    pytest.param(body, id=f"{name}-{language}")
    for name in ("fee_request", "more_blocks_needed")
    for language, body in SHIPPED[name].bodies
]


def read(
    text: str, kind: str = "text/plain", *, code: str = CODE, asked: int = ASKED, **headers: str
) -> Answer:
    given = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    return read_answer(text=text, content_type=kind, headers=given, code=code, asked=asked)


# ------------------------------------------------------------------- exact forms


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("I accept", 3),
        ("  i ACCEPT.  ", 3),
        ("I accept !", 3),
        ("\n\n\u00a0\nI  accept;", 3),
        ("\ufeffI accept", 3),
        ("I accept 1 block", 1),
        ("I accept 2 block.", 2),
        ("I accept three blocks", 3),
        ("J'accepte", 3),
        ("J’accepte\u00a0!", 3),
        ("j‘ACCEPTE", 3),
        ("J' accepte", 3),
        ("j'acce\u0300pte", 3),
        ("J'accepte un bloc", 1),
        ("J’accepte\u00a02\u202fblocs.", 2),
        ("J'accepte DEUX blocs", 2),
    ],
)
def test_an_exact_line_is_a_permission_for_the_blocks_it_names(text: str, blocks: int) -> None:
    answer = read(text)
    assert (answer.verdict, answer.blocks, answer.by_code) == (Verdict.ACCEPT, blocks, False)


@pytest.mark.parametrize("text", ["I decline", "i decline.", "Je refuse", "JE REFUSE !"])
def test_an_exact_refusal_is_a_refusal(text: str) -> None:
    answer = read(f"{text}\n\nOdile")
    assert (answer.verdict, answer.blocks) == (Verdict.DECLINE, None)


@pytest.mark.parametrize("word", ["ACCEPT", "accepte", "Decline", "refuse", "décline"])
@pytest.mark.parametrize("code", ["7Q4K-M2", "7q4k-m2", "7Q4K M2", "7q4km2."])
def test_the_code_after_its_word_proves_who_answers(word: str, code: str) -> None:
    answer = read(f"{word}\u00a0{code}")
    wanted = Verdict.ACCEPT if word.lower().startswith("accept") else Verdict.DECLINE
    assert (answer.verdict, answer.by_code) == (wanted, True)
    assert answer.blocks == (ASKED if wanted is Verdict.ACCEPT else None)


@pytest.mark.parametrize(
    ("text", "code", "asked", "why"),
    [
        ("ACCEPT 7Q4K-M3", CODE, 3, "wrong_code"),
        ("REFUSE 7Q4K", CODE, 3, "wrong_code"),
        ("ACCEPT CODE", "", 3, "wrong_code"),
        ("ACCEPT -", " - ", 3, "wrong_code"),
        ("I accept 4 blocks", CODE, 3, "too_many_blocks"),
        ("J'accepte douze blocs", CODE, 3, "too_many_blocks"),
        ("I accept", CODE, 0, "too_many_blocks"),
    ],
)
def test_a_wrong_code_or_too_many_blocks_is_a_question(
    text: str, code: str, asked: int, why: str
) -> None:
    assert read(text, code=code, asked=asked) == Answer(verdict=Verdict.QUESTION, why=why)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\n",
        "yes",
        "Yes, I accept",
        "ok",
        "oui",
        "d'accord",
        "merci",
        "I accept?",
        "I accept...",
        "I accept…",
        "I accept it",
        "I accept 2",
        "I accept 0 blocks",
        "I accept -1 blocks",
        "I accept 02 blocks",
        "I accept 1.5 blocks",
        "I accept some blocks",
        "I accept two blocs",
        "J'accepte un block",
        "J'accepte 2",
        "Jaccepte",
        "J accepte",
        "Iaccept",
        "I accept, but only one block",
        "I accept if under $100",
        "I do not accept",
        "I accept not",
        "I\naccept",
        "Hello,\nI accept",
        "Bonjour Marie,\n\nJ'accepte",
        "ACCEPT",
        "ACCEPTE",
        '"I accept"',
        "« J'accepte »",
        "*I accept*",
        "- I accept",
        "I accept 👍",
        "ACCEPT 7Q4K-M2 2 blocks",
        "7Q4K-M2 ACCEPT",
        "I accept 7Q4K-M2",
        "je refuse pas",
        "<p>I accept</p>",
        "I accept=20",
    ],
)
def test_whatever_is_not_exact_is_a_question(text: str) -> None:
    assert read(text).verdict is Verdict.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "\u0406 accept",
        "I \u0430ccept",
        "I a\u200bccept",
        "\u200bI accept",
        "I ac\u00adcept",
        "\uff29 accept",
        "I accept \uff12 blocks",
        "I accept \u0662 blocks",
        "\u202eI accept",
        "I accept\u200f",
        "J\uff07accepte",
        "\u0131 accept",
        "I accept\u2028only one",
        "I accept\x00",
        "ACCEPT 7Q4\u212a-M2",
        "I accept\ufffd",
        "\ud800I accept",
        "I acce\u0336pt",
    ],
)
def test_letters_that_only_look_right_and_unseen_ones_are_a_question(text: str) -> None:
    assert read(text).verdict is Verdict.QUESTION


# ------------------------------------------------------------------- what stands below


@pytest.mark.parametrize(
    "below",
    [
        "Thanks,\nOdile",
        "Thank you very much!",
        "Thanks for your help.\n\nOdile Beaupré",
        "Merci beaucoup, bonne journée !",
        "Cordialement,\n\nOdile Beaupré\nCafé Lumière",
        "Please go ahead, thank you.",
        "You may start right away.",
        "Allez-y, merci !",
        "Vous pouvez commencer dès maintenant. Bonne fin de journée",
        "Hello Marie,\nThanks",
        "Marie Tremblay\nDirectrice des ventes | Boulangerie Côté\nTél. : 514 555-0199, poste 12",
        "Regards,\nSukhdeep Singh\nAcme Widgets Ltd.\n(613) 555-0100\nsukhdeep@acme.example",
        "Luc Gagnon",
        "— Odile",
        "Thanks,\nTamsin",
        "Regards\nB. Quorn-O'Hara\nOwner, Quorn Pottery\n01 99 00 41 07",
        "Merci à vous et bonne soirée,\nAldéric",
        "merci bonne journée",
        "Have a great weekend!\n\nSiobhan Nolan\n\nSent from my Galaxy S22",
        "Allez-y.\n\nFanchon",
        "Thank you,\nPiers Akenhead\nFacilities lead, Akenhead Mills\nT 204-555-0188",
        "Merci!\n\nSolange Brindamour\nAdjointe administrative\nFerblanterie Brindamour inc.",
        "Merci,\nMe Rosaire Quévillon\nChargée de projets",
        "Thanks,\nTamsin\n\n[cid:image001.png@01DA6D.5F2]",
        "-- \nOdile\nNeed envelopes? Ask us for a quote!\nI accept commissions all year round",
        "--\nMarie-Ève Tondreau\nDes questions? Appelez-nous!",
        "Merci,\n123, rue Saint-Denis, bureau 200\nMontréal (Québec) H2X 1Y4\nwww.cafelumiere.ca",
        "-- \nOdile Beaupré\nPrésidente, Café Lumière",
        "Sent from my iPhone",
        "Envoyé de mon iPad",
        "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        "Envoyé à partir de mon appareil mobile Samsung",
        "________________",
        ENGLISH_NOTICE,
        f"Merci\n\n{FRENCH_NOTICE}",
        "Please consider the environment before printing this e-mail.",
    ],
)
@pytest.mark.parametrize("form", ["I accept", "J'accepte 2 blocs.", "ACCEPT 7Q4K-M2"])
def test_courtesy_signatures_and_notices_leave_a_permission_as_it_is(form: str, below: str) -> None:
    answer = read(f"{form}\n\n{below}\n")
    assert answer.verdict is Verdict.ACCEPT, answer.why


BELOW = [
    "but only if it is under $100",
    "If it takes more than an hour, stop.",
    "I decline",
    "I accept",
    "I accept 2 blocks",
    "2 blocks",
    "Actually, no.",
    "On second thought, wait.",
    "Not yet",
    "Please wait until Monday.",
    "Thanks, but call me first",
    "Thanks for nothing",
    "Just Kidding",
    "Thanks,\nJust Kidding",
    "Thanks\nUnder Protest",
    "Regards,\nWithout Prejudice",
    "LOL",
    "🙄",
    "...",
    "How long will it take?",
    "Thanks ?",
    "Thanks, ?",
    "Marie?",
    "P.S. not before Friday",
    "PS: max 1",
    "Marie\n\nP.S.: one block at most",
    "-- \nMarie\nonly if under 100",
    "Sous toutes réserves",
    "Merci\nSous toutes réserves",
    "mais pas plus d'un bloc",
    "Seulement si c'est moins de 100 $",
    "Finalement non",
    "Attendez mon appel",
    "Merci de patienter",
    "Je retire",
    "J'annule",
    "Merci,\nÀ contrecœur",
    "Thanks,\nReluctantly",
    "2026-12-01",
    "$100 max",
    "THANKS\nLET US TALK",
    "stop.com",
    "The site is slow too.",
    "Whatever",
    "no reply",
    "This e-mail is confidential. It is not a binding contract.",
    "Sent from my iPhone, wait",
    "This message is confidential. Please wait until Monday before you start.",
    "This message is intended to confirm one block only.",
    "Thanks\u202e, no",
    "Merci\nOn Verra",
    "Owner must approve first",
    "Purple",
    "Purple Ducks",
    "Thanks\nPURPLE DUCKS",
    "Thanks,\nPurple.",
    "Thanks,\nPurple Ducks\nGreen Geese\nYellow Swans\nRed Hens",
    "Thanks,\nPurple\nThanks",
    "Thanks,\nPurple Ducks\nMarie wants one thing more",
    "Thanks,\nUnsubscribe",
    "Thanks,\nHeavy Heart",
    "Merci,\nRésigné",
    "Merci,\nBeau Dommage",
    "Sue Objects",
    "Bob Decides",
    "Luc Refuse",
    "Marie\nRain Check",
    "Marie\nPlan B",
    "Marie\nBlue Hens\nRed Hens\nGrey Hens",
    "Marie\nDirector of Not Paying",
    "Marie\nChief Skeptic, Acme",
    "Marie\nManager, subject to Board",
    "Marie\nChargé de payer trop cher",
    "Marie\n12 Noon Street",
    "Marie, weekends",
    "Marie: no",
    "Thanks 🙃",
    "On",
    "Sent from my iPhone by my kid",
    "Sent from my phone 1 2",
    "Sent from my iPhone\nnot before the 15th",
    "This message is intended as a joke.",
    "Avis : supprimer ce message.",
    "This message is confidential. Notify the sender prior to any work.",
    "-- \nMarie\nPS: one block",
    "-- \nMarie\nnot before Tuesday",
    "-- \nMarie\n\nDo it outside of our opening hours.",
    "--\nThanks\nall well once Bob signs",
    "Consult Marie",
    "Hassle Marie",
    "Merci,\nCourroucé",
    "Thanks,\nBamboozled",
    "Thanks,\nGroaning",
    "Bob's Parakeet",
    "Marie Disgruntled",
    "Bob for Marie",
    "Thanks,\nFifty Bucks",
    "Thanks,\nDunno",
    "[cid:only-one-block]",
    "Thanks,\nNyet",
    "Marie Protests",
    "-- \nMarie\nif Bob agrees",
    "-- \nMarie\nplease reconsider",
    "-- \nMarie\nI was kidding",
    "-- \nMarie\nJe refuse",
    "-- \nMarie\nMy boss has to sign.",
    "--\nmy chief has the last word",
    "--\nmaybe\n--\nMarie",
    "-- \nMarie\n\n> quoted\n\nthe chief has the last word",
    "From: my bank\nSent: to collections\nTo: you\nif it costs more",
    "Thanks\u202e",
    "This message is confidential. Purple ducks fly at night.",
    "Merci\nÀ Valider",
    "Thanks\nHalf",
    "For Marie",
    "Thanks,\nManager Approval Pending",
    "Thanks,\nNever",
    "No thanks",
    "On second thought, as Bob wrote:\n> no",
    "Le patron a écrit :\n> non",
    "I accept\n> quoted\nmaybe",
    "x " * 5_000,
    "Thanks\n" * 500,
]


@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize("form", ["I accept", "I decline", "ACCEPT 7Q4K-M2"])
def test_anything_else_in_the_new_text_makes_it_a_question(form: str, below: str) -> None:
    assert read(f"{form}\n\n{below}\n").verdict is Verdict.QUESTION
    assert read(f"{form}\n{below}\n\nThanks,\nMarie").verdict is Verdict.QUESTION


@pytest.mark.parametrize("below", BELOW)
def test_a_reservation_below_a_marked_quote_is_found(below: str) -> None:
    quote = "On Mon, Nov 23, 2026 at 2:05 PM, Support <help@host.example> wrote:\n> Hello\n"
    assert read(f"I accept\n\n{quote}\n{below}").verdict is Verdict.QUESTION


def test_a_sender_may_sign_with_the_name_of_the_address_and_nobody_with_a_doubt() -> None:
    assert read("I accept\n\nZbigniew", From="Zbigniew <z@example.com>").blocks == ASKED
    assert read("I accept\n\nZbigniew").verdict is Verdict.QUESTION
    assert read("I accept\n\nThanks,\nZbigniew").verdict is Verdict.ACCEPT
    assert read("I accept\n\nno", From="No <no-reply@example.com>").verdict is Verdict.QUESTION


@pytest.mark.parametrize("thanks", ["Thank you all the same.", "Merci quand même, bonne journée"])
def test_thanks_for_an_offer_that_is_not_taken_go_with_a_refusal_only(thanks: str) -> None:
    assert read(f"I decline\n\n{thanks}\nOdile").verdict is Verdict.DECLINE
    assert read(f"I accept\n\n{thanks}\nOdile").verdict is Verdict.QUESTION


@pytest.mark.parametrize("start", ["Please go ahead.", "You may start now", "Allez-y, merci"])
def test_a_refusal_that_asks_to_begin_is_a_question(start: str) -> None:
    assert read(f"Je refuse\n\n{start}").verdict is Verdict.QUESTION
    assert read(f"J'accepte\n\n{start}").verdict is Verdict.ACCEPT


# ------------------------------------------------------------------- our own request, quoted


@pytest.mark.parametrize("request_text", REQUESTS)
@pytest.mark.parametrize(
    "above",
    [
        "-----Original Message-----\n",
        "From: Support <help@host.example>\nSent: Monday\nTo: Odile\nSubject: Permission\n\n",
        "De : Soutien <aide@host.example>\nEnvoyé : lundi\nÀ : Odile\nObjet : Permission\n\n",
        "On Mon, Nov 23, 2026 at 2:05 PM Support wrote:\n",
        "##- Please type your reply above this line -##\n",
    ],
)
def test_our_request_below_an_answer_changes_nothing(request_text: str, above: str) -> None:
    assert read(f"I accept\n\n{above}{request_text}").verdict is Verdict.ACCEPT
    assert read(f"{above}{request_text}").verdict is Verdict.QUESTION


@pytest.mark.parametrize(
    "text", [body for reply in SHIPPED.values() for _, body in reply.bodies if body]
)
def test_no_text_of_ours_reads_as_a_customers_second_thought(text: str) -> None:
    assert not [line for line in text.split("\n") if IN_A_QUOTE.search(plain(line))]


@pytest.mark.parametrize("request_text", REQUESTS)
def test_our_request_sent_back_alone_is_no_answer(request_text: str) -> None:
    quoted = "\n".join(f"> {line}" for line in request_text.split("\n"))
    assert read(request_text).verdict is Verdict.QUESTION
    assert read(quoted).verdict is Verdict.QUESTION
    assert read(f"{quoted}\n\nI accept").verdict is Verdict.ACCEPT


# ------------------------------------------------------------------- headers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto_Submitted", "auto-replied"),
        ("auto_submitted", " Auto-Generated; owner-email=x"),
        ("Precedence", "bulk"),
        ("Precedence", "AUTO_REPLY"),
        ("X_Auto_Response_Suppress", "All"),
        ("X_Autoreply", "yes"),
        ("X_Autorespond", "x"),
        ("List_Id", "<x.example>"),
        ("Return_Path", "<>"),
        ("From", "MAILER-DAEMON@host.example"),
        ("Content_Type", "multipart/report; report-type=delivery-status"),
        ("Subject", "Automatic reply: Permission"),
        ("Subject", "Out of Office: Re: Permission"),
        ("Subject", "Réponse automatique : Permission"),
        ("Subject", "=?utf-8?Q?R=C3=A9ponse_automatique_?="),
        ("Subject", "Absence du bureau"),
        ("Subject", "I am out of the office"),
        ("Subject", "Undelivered Mail Returned to Sender"),
        ("Subject", "Échec de la remise"),
    ],
)
def test_what_a_machine_answers_is_ignored(name: str, value: str) -> None:
    assert read("I accept", **{name: value}) == Answer(verdict=Verdict.IGNORED, why="automatic")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto_Submitted", "no"),
        ("Auto_Submitted", "No (a person)"),
        ("Precedence", "normal"),
        ("Return_Path", "<odile@cafelumiere.example>"),
        ("Authentication_Results", "mx.example; dmarc=pass"),
        ("Subject", "Re: Out of Office macro fails"),
        ("Subject", "=?bogus?Q?x?="),
    ],
)
def test_headers_of_a_person_change_nothing(name: str, value: str) -> None:
    assert read("I accept", **{name: value}).verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("Authentication_Results", "mx.example; spf=pass;\n dmarc=fail (p=none)", "not_genuine"),
        ("authentication_results", "a; dmarc=pass\nb; DMARC = Fail", "not_genuine"),
        ("Subject", "Fwd: Permission", "forwarded"),
        ("Subject", "TR : Permission", "forwarded"),
        ("Subject", "Re: Permission - only if under $100", "reservation"),
        ("Subject", "RE : Autorisation, un seul bloc", "reservation"),
    ],
)
def test_headers_that_raise_a_doubt_make_it_a_question(name: str, value: str, why: str) -> None:
    for text in ("I accept", "ACCEPT 7Q4K-M2"):
        assert read(text, **{name: value}) == Answer(verdict=Verdict.QUESTION, why=why)


def test_a_text_that_says_it_is_automatic_is_ignored_without_any_header() -> None:
    text = "This is an automated response. I accept\n"
    assert read(text).verdict is Verdict.IGNORED
    assert read("Ceci est une réponse automatique.").verdict is Verdict.IGNORED


@pytest.mark.parametrize("kind", ["text/calendar", "message/rfc822", "image/png"])
def test_a_kind_of_content_that_is_no_letter_is_a_question(kind: str) -> None:
    assert read("I accept", kind).verdict is Verdict.QUESTION


# ------------------------------------------------------------------- laws

WORDS = st.sampled_from(
    [
        "I accept",
        "J'accepte",
        "2 blocks",
        "\n",
        "\n\n",
        " ",
        "> ",
        "<p>",
        "</p>",
        "<s>",
        "but",
        "no",
        "<blockquote>",
        "<div style='display:none'>",
        "-- \n",
        "Thanks",
        "On 2026 a@b wrote:\n",
        "?",
        "From: x\nTo: y\nSubject: z\n",
        "<!--",
        "&nbsp;",
        "\u200b",
        "\ud800",
        "\x00",
        "ACCEPT 7Q4K-M2",
        "-----Original Message-----\n",
        "Marie",
        "{",
        "<style>p{",
        ".",
        "$",
        "<img alt='if'>",
    ]
)
KINDS = st.sampled_from(["text/plain", "text/html", "", "multipart/mixed", ";", "x"])


@given(text=st.lists(WORDS | st.text(max_size=5), max_size=12).map("".join), kind=KINDS)
@settings(max_examples=400, deadline=None)
def test_there_is_always_an_answer_and_never_more_blocks_than_asked(text: str, kind: str) -> None:
    answer = read(text, kind)
    assert (answer.blocks is None) == (answer.verdict is not Verdict.ACCEPT)
    assert answer.blocks is None or 1 <= answer.blocks <= ASKED


@given(first=st.text(max_size=20), rest=st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_permission_without_the_very_words(first: str, rest: str) -> None:
    answer = read(f"{first}\n{rest}")
    said = f"{first}\n{rest}".lower()
    assert answer.verdict is not Verdict.ACCEPT or "accept" in said


@given(name=st.text(max_size=20), value=st.text(max_size=80), code=st.text(max_size=10))
@settings(deadline=None)
def test_any_header_and_any_code_can_be_read(name: str, value: str, code: str) -> None:
    for header in (name, "Subject", "From", "Authentication-Results", "Auto-Submitted"):
        read_answer(
            text="ACCEPT x", content_type=value, headers={header: value}, code=code, asked=1
        )


HUGE = 400_000


@pytest.mark.parametrize(
    "text",
    [
        "a" * HUGE,
        "I accept\n" + "Thanks, " * (HUGE // 8),
        "I accept\n" + "a@" * (HUGE // 2),
        "I accept\n" + " " * HUGE + "x",
        "I accept\n" + "On Le\n" * (HUGE // 6),
        "\n" * HUGE,
        "I accept\n" + "From: x\n" * (HUGE // 8),
        "> " * HUGE,
        "-" * HUGE,
        "I accept" + "!" * HUGE,
        "I accept\n" + "this message is confidential. " * (HUGE // 30),
        "<p>" * HUGE,
        "<" * HUGE,
        "<p>" + "a " * (HUGE // 2),
        "<div>" * 9_999 + "I accept",
        "<b>" * 9_999 + "I accept",
        "<style>" + "a{" * (HUGE // 2),
        "<style>" + "}" * HUGE,
        "<p style='" + "a:b;" * (HUGE // 4),
        "<blockquote>" + "\n" * HUGE,
        "<p>" + "&nbsp;" * (HUGE // 6),
        "I accept " + " " * HUGE + "2",
        "I accept\nOn 2026-01-01 10:00 " + "<" * HUGE,
        "I accept\n" + "mais " * (HUGE // 5),
        "I accept\n" + ("*" * 99 + "\n") * (HUGE // 100),
        "<div class=gmail_quote>" * 9_999,
        "I accept\n--\nMarie\n" + "if " * (HUGE // 3),
        "I accept\n--\nMarie\n" + "- " * (HUGE // 2),
        "I accept\nThanks " + "merci et bonne journee " * (HUGE // 23),
        "I accept\n" + ("merci beaucoup " * 60 + "\n") * 150,
    ],
    ids=range(30),
)
@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_a_huge_answer_is_read_in_little_time(text: str, kind: str) -> None:
    began = time.process_time()
    read(text, kind)
    assert time.process_time() - began < 3


def test_an_answer_too_long_to_be_read_whole_is_a_question() -> None:
    filler = "\n> quoted" * 200_000
    assert read(f"I accept\n{filler}\nbut wait") == Answer(verdict=Verdict.QUESTION, why="too_long")
