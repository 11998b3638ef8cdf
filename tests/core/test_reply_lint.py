"""What is refused in a reply, what resembles it and is fine, and that ours say all they must."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.guards.pages import Page, keys
from tests.guards.tree import DOCS, PLUGIN

from support_policy.core.load import load
from support_policy.core.policy import Fee
from support_policy.core.reply import PLACES, Reply, load_replies
from support_policy.core.reply_lint import lint
from support_policy.core.reply_points import AGREEMENT, POINTS
from support_policy.core.reply_price import written

FOLDER = PLUGIN / "policies" / "mexxus"
FEE = Fee(clause="R39", amount=Decimal("85.00"), currency="CAD", block_minutes=60)
CLAUSES = frozenset(clause.id for clause in load(FOLDER).clauses)
SHIPPED = {reply.name: reply for reply in load_replies(FOLDER)}
ASKING = ("fee_request", "more_blocks_needed")
EACH = [pytest.param(reply, id=name) for name, reply in SHIPPED.items()]
LANGUAGES = ("en", "fr")
TOLD_WITH_PRICE = ("fee_receipt", "fee_summary", "more_blocks_receipt")
RECEIPT = "{accepted_at}: {price}, {minutes} minutes"
OTHER = {"en": "Nothing to add.", "fr": "Rien à ajouter."}


def text(language: str, words: str, **changes: object) -> Reply:
    """A receipt, which may have places and has no points to make, with these words."""
    bodies = {"en": OTHER["en"], "fr": OTHER["fr"], language: words}
    values: dict[str, object] = {
        "name": "a",
        "clauses": ("R40",),
        "titles": (("en", "Title"), ("fr", "Titre")),
        "bodies": tuple((each, f"{body}\n\n{RECEIPT}") for each, body in bodies.items()),
        "needs_answer": True,
    }
    return Reply(**(values | changes))  # type: ignore[arg-type]


def told(reply: Reply, fee: Fee | None = FEE) -> list[str]:
    return [str(problem) for problem in lint(reply, fee=fee, clauses=CLAUSES)]


def said_of(language: str, words: str) -> str:
    """What is told of these words alone; what only one language has is not of interest."""
    problems = told(text(language, words))
    return "\n".join(each for each in problems if "the other language has" not in each)


# ------------------------------------------------------------------- promises of a time

PROMISES = [
    ("en", "We guarantee an answer."),
    ("en", "Satisfaction guaranteed."),
    ("en", "This is covered by our SLA."),
    ("en", "We promise an answer."),
    ("en", "We will reply within one hour."),
    ("en", "We’ll reply within\nfour hours."),
    ("en", "We will reply by 5 pm."),
    ("en", "We will answer by tomorrow."),
    ("en", "We'll respond by Friday."),
    ("en", "We will reply by 26 November."),
    ("en", "We will reply by {deadline}."),
    ("en", "We'll get back to you within the hour."),
    ("en", "Someone will call you in an hour."),
    ("en", "Our team will fix it in 4 hours."),
    ("en", "You will hear from us in 2-3 business days."),
    ("en", "You will receive an answer today."),
    ("en", "Your ticket will be answered by the end of the day."),
    ("en", "Everything will be back by noon."),
    ("en", "We will look at it immediately."),
    ("en", "We are going to reply before noon."),
    ("en", "We shall answer next week."),
    ("en", "Reply within 1 hour."),
    ("en", "We reply within 24h."),
    ("en", "An answer within twenty-four (24) hours."),
    ("en", "We answer in less than 30 minutes."),
    ("en", "We will reply no later than Monday."),
    ("en", "Tickets are answered in 4 hours."),
    ("en", "Response time: 1 hour."),
    ("en", "One-hour response."),
    ("en", "Next-day answer."),
    ("en", "You can expect an answer within 1 hour."),
    ("en", "If you write to us, we will answer within 1 hour."),
    ("en", "Please write to us and an agent will answer within 1 hour."),
    ("en", "This is expected. We will reply within 1 hour."),
    ("en", "We aim to reply fast, but you will definitely hear from us within 4 hours."),
    ("en", "We aim high and you will hear from us in 4 hours."),
    ("en", "We aim high: you will have an answer within 2 hours."),
    ("en", "We try hard; we reply within 1 hour."),
    ("en", "We aim to be quick, you will have an answer within 1 hour."),
    ("en", "We aim to reply fast, and always within 4 hours."),
    ("en", "We'll be in touch Monday."),
    ("en", "You can count on an answer tonight."),
    ("en", "We always answer the same day."),
    ("en", "Our response time is under one hour."),
    ("en", "You have our word."),
    ("en", "Expect an answer tonight."),
    ("en", "Someone calls you back tomorrow."),
    ("en", "Rely on a reply tomorrow."),
    ("en", "We reply before 5 pm."),
    ("en", "Response time: a few hours."),
    ("en", "An answer the same day."),
    ("fr", "Nous garantissons une réponse."),
    ("fr", "Réponse garantie."),
    ("fr", "La réponse n'est pas garantie."),
    ("fr", "Voici notre entente de niveau de service."),
    ("fr", "Nous vous promettons une réponse."),
    ("fr", "Nous répondrons d'ici 4 heures."),
    ("fr", "Nous répondrons d’ici\u00a0demain."),
    ("fr", "Nous vous répondrons d'ici le 26 novembre."),
    ("fr", "Nous répondrons d'ici le {deadline}."),
    ("fr", "Nous vous répondrons dans l'heure."),
    ("fr", "Nous vous répondrons dans les 24\u00a0heures."),
    ("fr", "Nous répondrons avant 17\u00a0h."),
    ("fr", "Nous vous répondrons avant demain."),
    ("fr", "Nous répondrons au plus tard vendredi."),
    ("fr", "Nous vous rappellerons demain."),
    ("fr", "Nous allons vous répondre dans la journée."),
    ("fr", "Quelqu'un vous rappellera dans une heure."),
    ("fr", "On vous répondra immédiatement."),
    ("fr", "Notre équipe vous répondra d'ici la fin de la journée."),
    ("fr", "Vous recevrez une réponse aujourd'hui."),
    ("fr", "Vous aurez une réponse sous 24 heures."),
    ("fr", "Votre billet sera traité avant midi."),
    ("fr", "Réponse d'ici 4 heures."),
    ("fr", "Réponse d'ici vingt-quatre (24) heures."),
    ("fr", "Une réponse dans un délai de 4 heures."),
    ("fr", "Réponse en moins d'une heure."),
    ("fr", "Nous répondons en 4 heures ouvrables."),
    ("fr", "Délai de réponse\u00a0: 4 heures."),
    ("fr", "Si vous nous écrivez, nous répondrons dans l'heure."),
    ("fr", "Veuillez nous écrire et un agent vous répondra dans l'heure."),
    ("fr", "Nous visons haut : vous aurez une réponse dans les 2 heures."),
    ("fr", "On vous répond avant 17 h."),
    ("fr", "Nous vous revenons lundi."),
    ("fr", "Comptez sur une réponse demain."),
    ("fr", "Vous avez notre parole."),
    ("fr", "Une réponse vous parviendra lundi."),
    ("fr", "Nous visons haut : une réponse vous parviendra dans l'heure."),
    ("fr", "Nous répondons toujours le jour même."),
    ("fr", "Notre délai de réponse est de moins d'une heure."),
    ("fr", "Nous visons la rapidité, mais vous aurez une réponse dans l'heure."),
    ("fr", "Nous visons haut et nous vous répondrons dans l'heure."),
    ("fr", "Nous faisons de notre mieux; on vous répond dans l'heure."),
    ("fr", "Nous visons haut, vous aurez une réponse dans l'heure."),
]
NO_PROMISES = [
    ("en", "The first reply is expected within 1 hour (expected, not guaranteed)."),
    ("en", "We aim to reply within one hour."),
    ("en", "We aim to\nreply by 5 pm."),
    ("en", "Our target is a reply within 4 hours."),
    ("en", "We usually reply within a day."),
    ("en", "These times are not guaranteed."),
    ("en", "We cannot promise the result."),
    ("en", "We will reply by e-mail."),
    ("en", "We will answer by telephone, in English and in French."),
    ("en", "If you do not answer within 72 hours, the request ends."),
    ("en", "If you do not answer and do not decline within 72 hours, it ends."),
    ("en", "If you do not answer by {deadline}, we will stop."),
    ("en", "Please reply by Friday."),
    ("en", "You can reply within 72 hours."),
    ("en", "We will keep the request open until {deadline}."),
    ("en", "We will not start before you have accepted."),
    ("en", "We reply within business hours."),
    ("en", "We are here 24 hours a day, 365 days a year."),
    ("en", "Time is billed in blocks of {minutes} minutes."),
    ("en", "We will look at the log of today's backup."),
    ("fr", "Première réponse attendue d'ici 4 heures (délai attendu, non garanti)."),
    ("fr", "Les délais sont non garantis."),
    ("fr", "Nous visons une réponse dans l'heure."),
    ("fr", "Une réponse est prévue dans les 4 heures."),
    ("fr", "Notre objectif\u00a0: une réponse d'ici demain."),
    ("fr", "Nous répondons habituellement dans la journée."),
    ("fr", "Nous ne pouvons pas promettre le résultat."),
    ("fr", "Nous répondrons par courriel, en français ou en anglais."),
    ("fr", "Si vous ne répondez pas d'ici le {deadline}, rien n'est facturé."),
    ("fr", "Vous pouvez répondre d'ici le {deadline}."),
    ("fr", "Veuillez répondre avant vendredi."),
    ("fr", "D'ici là, rien ne change."),
    ("fr", "Les gens d'ici le savent."),
    ("fr", "Nous répondons dans les heures ouvrables."),
    ("fr", "Nous ne commencerons pas avant votre réponse."),
    ("fr", "Plus de {minutes} minutes comptent pour 2 blocs."),
    ("en", "Normally, we reply within one hour."),
    ("en", "We aim to read it and reply within 4 hours."),
    ("en", "We aim to help you and your team within 4 hours."),
    ("en", "We aim to reply within 1 hour, but this may take longer."),
    ("en", "Our target: a reply within 4 hours."),
    ("en", "We will look at the backup of Monday."),
    ("en", "We answer the telephone from Monday to Friday."),
    ("en", "You can count on us."),
    ("en", "Please answer the same day."),
    ("en", "We always answer in the same language."),
    ("en", "Our response time is expected to be under one hour."),
    ("en", "Response times are counted in business hours."),
    ("en", "In a word, yes."),
    ("en", "We reply in business hours."),
    ("fr", "Normalement, nous répondons dans l'heure."),
    ("fr", "Notre objectif : une réponse d'ici demain."),
    ("fr", "Nous visons à vous lire et vous répondre dans l'heure."),
    ("fr", "Nous répondons au téléphone du lundi au vendredi."),
    ("fr", "Nous répondons avant tout par écrit."),
    ("fr", "Le délai de réponse attendu est de moins d'une heure."),
    ("fr", "Nous regarderons la copie de lundi."),
    ("fr", "Vous avez la parole."),
]


@pytest.mark.parametrize(("language", "words"), PROMISES)
def test_a_promise_of_a_time_is_refused(language: str, words: str) -> None:
    assert re.search(r"promise|contract", said_of(language, words))


@pytest.mark.parametrize(("language", "words"), NO_PROMISES)
def test_an_expected_time_and_what_resembles_a_promise_are_fine(language: str, words: str) -> None:
    assert said_of(language, words) == ""


def test_a_promise_in_a_title_is_refused_as_well() -> None:
    titles = (("en", "Answer within 1 hour"), ("fr", "Réponse dans l'heure"))
    assert (
        len([each for each in told(text("en", "Hello.", titles=titles)) if "title." in each]) == 2
    )


# ------------------------------------------------------------- pressing, blame, secrets


@pytest.mark.parametrize(
    ("language", "words", "what"),
    [
        ("en", "Act now.", "presses"),
        ("en", "This is urgent.", "presses"),
        ("en", "This is your last chance.", "presses"),
        ("en", "Answer soon!!", "presses"),
        ("fr", "Agissez sans attendre.", "presses"),
        ("fr", "C'est urgent.", "presses"),
        ("fr", "C'est votre dernière chance.", "presses"),
        ("fr", "N'attendez pas\u00a0!", "presses"),
        ("en", "IMPORTANT: read this.", "raises its voice"),
        ("en", "Please PAY NOW to go on.", "raises its voice"),
        ("fr", "RÉPONDEZ à ce message.", "raises its voice"),
        ("en", "This was your mistake.", "blames"),
        ("en", "You broke the site.", "blames"),
        ("fr", "C'est votre erreur.", "blames"),
        ("fr", "Vous avez oublié de renouveler.", "blames"),
        ("en", "Please send us your password.", "secret"),
        ("fr", "Envoyez-nous votre mot de passe.", "secret"),
    ],
)
def test_pressing_blaming_and_asking_for_secrets_are_refused(
    language: str, words: str, what: str
) -> None:
    assert what in said_of(language, words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Your error message says 550."),
        ("en", "Never send us your password."),
        ("en", "Check the DNS MX records, the SPF DKIM pair and HTTPS."),
        ("en", "Thank you!"),
        ("fr", "Votre message d'erreur dit 550."),
        ("fr", "Ne nous envoyez jamais votre mot de passe."),
        ("fr", "Vérifiez les enregistrements DNS, DMARC et SMTP."),
    ],
)
def test_calm_words_that_resemble_them_are_fine(language: str, words: str) -> None:
    assert said_of(language, words) == ""


# ------------------------------------------------------------ whether there is an account

GIVEN_AWAY = [
    ("en", "Your address is not registered with any account."),
    ("fr", "Votre adresse n'est associée à aucun compte."),
    ("en", "Your address is registered to another account."),
    ("en", "No account is linked to this address."),
    ("en", "There is no account for this address."),
    ("en", "We could not find your account."),
    ("en", "You are not one of our customers."),
    ("en", "The address you wrote from is not known to us."),
    ("fr", "Aucun compte n'est associé à cette adresse."),
    ("fr", "Nous n'avons trouvé aucun compte."),
    ("fr", "Votre adresse ne correspond à aucun compte."),
    ("fr", "Vous n'êtes pas un de nos clients."),
    ("fr", "Votre adresse courriel est déjà inscrite."),
    ("fr", "Il n'existe aucun compte pour cette adresse."),
    ("en", "We do not recognize your address."),
    ("en", "You already have an account."),
    ("fr", "Nous ne connaissons pas votre adresse."),
    ("fr", "Votre compte n'existe pas."),
    ("fr", "Vous n'avez pas de compte chez nous."),
]
KEPT = [
    ("fr", "Vous pouvez compter sur nous."),
    ("en", "If your address is not registered, use the client area."),
    ("en", "Write from the address registered to your account."),
    ("en", "You need no account to write to us."),
    ("en", "The address is found on your invoice."),
    ("en", "No account is needed."),
    ("en", "It does not say whether an address or an account is known to us."),
    ("fr", "Si votre adresse n'est pas inscrite, passez par l'espace client."),
    ("fr", "Aucun compte n'est nécessaire pour écrire."),
    ("en", "If you do not have an account, any address will do."),
    ("fr", "Si vous n'avez pas de compte, n'importe quelle adresse convient."),
    ("fr", "Écrivez à partir de l'adresse inscrite à votre compte."),
    ("fr", "Votre adresse doit être inscrite à un compte."),
]


@pytest.mark.parametrize(("language", "words"), GIVEN_AWAY)
def test_a_text_that_tells_whether_there_is_an_account_is_refused(
    language: str, words: str
) -> None:
    assert "whether there is an account" in said_of(language, words)


@pytest.mark.parametrize(("language", "words"), KEPT)
def test_a_text_that_only_speaks_of_accounts_is_fine(language: str, words: str) -> None:
    assert said_of(language, words) == ""


# --------------------------------------------------------------- a yes alone on its line


@pytest.mark.parametrize(
    "line",
    [
        "YES",
        "Oui.",
        "- Accept",
        "> **OK**",
        "Yes / Oui",
        "[I accept]",
        "I accept 2 blocks",
        "J'accepte 2\u00a0blocs",
        "J’accepte {blocks}",
        "Accept up to {blocks}",
        "ACCEPT 7Q4K",
        "D'accord",
        "Agreed",
        "Oui, j'accepte les 2 blocs.",
        "I AGREE",
        "J'approuve",
        "OK, I confirm",
        "Confirmé",
        "Accepted {blocks}",
        "ACCEPT QRSTUV",
        "Refuse ABCD-EFGH",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_yes_alone_on_its_line_is_refused(language: str, line: str) -> None:
    assert "reads as an answer" in said_of(language, f"To go on, say:\n\n{line}\n\nThank you.")


@pytest.mark.parametrize(
    "words",
    [
        "To go on, write I accept and the number of blocks.",
        "To go on, write I accept 2 blocks.",
        "Écrivez «\u00a0J’accepte 2 blocs\u00a0».",
        "Write I decline, to say no.",
        "Si je refuse, dites-le.",
        "Reply with ACCEPT {code}, or not.",
        "Vous aviez accepté {code}.",
        "Écrivez «\u00a0refuse {code}\u00a0».",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_a_broken_line_would_make_an_answer_are_refused(
    language: str, words: str
) -> None:
    assert "breaks the line there" in said_of(language, words)


@pytest.mark.parametrize(
    "words",
    [
        "Write how many in one line (I accept 1 block).",
        "Write “I accept 1 block”.",
        "The word “accept” followed by the code {code}.",
        "If you accept {blocks}, we begin.",
        "Le mot «\u00a0accepte\u00a0» suivi du code {code}.",
        "Une ligne (J'accepte 1 bloc).",
    ],
)
def test_an_answer_that_cannot_stand_by_itself_is_fine(words: str) -> None:
    assert said_of("en", words) == ""


@pytest.mark.parametrize(
    "line",
    [
        "On the page you can accept, or decline.",
        "Accepted: {blocks}, at most {maximum}",
        "Yes or no, tell us.",
        "Who may accept: the owner of the account.",
        "2 blocks",
        "Non",
    ],
)
def test_a_yes_within_a_sentence_is_fine(line: str) -> None:
    assert said_of("en", f"Hello.\n\n{line}") == ""


# --------------------------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("language", "words", "what"),
    [
        ("en", "It costs $85.", "currency"),
        ("en", "It costs $85.00 CAD.", "currency"),
        ("en", "It costs CA$85.00.", "currency"),
        ("en", "It costs 85 dollars.", "currency"),
        ("en", "It costs 85,00 $ CA (CAD).", "currency"),
        ("fr", "Il en coûte 85 $.", "currency"),
        ("fr", "Il en coûte 85,00\u00a0$\u00a0CA.", "currency"),
        ("fr", "Il en coûte $85.00 CDN (CAD).", "currency"),
        ("fr", "Il en coûte 85 dollars.", "currency"),
    ],
)
def test_an_amount_without_its_currency_is_refused(language: str, words: str, what: str) -> None:
    assert what in said_of(language, words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "$85.00 CDN (CAD) for each block."),
        ("en", "$95.00 CDN (CAD) for each block."),
        ("en", "2 blocks are $170.00 CDN (CAD)."),
        ("en", "The fee is $90.00 CDN (CAD)."),
        ("en", "It is 85 each block."),
        ("fr", "85,00\u00a0$\u00a0CA (CAD) par bloc."),
        ("fr", "95,00\u00a0$\u00a0CA (CAD) par bloc."),
        ("fr", "13 blocs font 1\u202f105,00 $ CA (CAD)."),
        ("fr", "Les frais sont de 90,00 $ CA (CAD)."),
    ],
)
def test_a_price_in_figures_is_refused_even_when_it_is_that_of_the_policy(
    language: str, words: str
) -> None:
    """The policy's price may change between the request and its receipt."""
    assert "has the price in figures. Write {price}" in said_of(language, words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A block lasts 60 minutes."),
        ("en", "61\u00a0minutes are 2 blocks."),
        ("fr", "Un bloc dure 60 minutes."),
        ("fr", "61 min comptent pour 2 blocs."),
    ],
)
def test_the_length_of_a_block_in_figures_is_refused_as_well(language: str, words: str) -> None:
    assert "has the minutes of a block in figures. Write" in said_of(language, words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A domain is $20.00 CDN (CAD)."),
        ("en", "The call took 20 minutes."),
        ("en", "{blocks} of {minutes} minutes are {maximum}."),
        ("fr", "Un nom de domaine est à 20,00 $ CA (CAD)."),
        ("fr", "{blocks} de {minutes} minutes font {maximum}."),
    ],
)
def test_amounts_of_other_things_and_places_are_fine(language: str, words: str) -> None:
    assert said_of(language, words) == ""


@pytest.mark.parametrize("name", [*ASKING, *TOLD_WITH_PRICE])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["{price}", "{minutes}"])
def test_a_request_or_receipt_without_the_places_of_the_price_is_told(
    name: str, language: str, place: str
) -> None:
    body = SHIPPED[name].body(language).replace(place, "some")
    problems = told(with_body(SHIPPED[name], language, body))
    assert any("does not say the price of a block" in each for each in problems)


@pytest.mark.parametrize("reply", EACH)
def test_no_shipped_reply_has_a_price_in_figures(reply: Reply) -> None:
    assert not [body for _, body in reply.bodies if "$" in body or re.search(r"\b\d\d\b", body)]


@pytest.mark.parametrize("changes", [{"needs_answer": False}, {"private": True}])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A block is $85.00 CDN (CAD)."),
        ("en", "That would be $85.00 CDN (CAD)."),
        ("fr", "Deux blocs font 170,00 $ CA (CAD)."),
    ],
)
def test_only_the_service_may_name_the_fee(
    changes: dict[str, object], language: str, words: str
) -> None:
    bodies = tuple((each, words if each == language else OTHER[each]) for each in LANGUAGES)
    problems = told(text("en", "", bodies=bodies, **changes))
    alone = [each for each in problems if "the other language has" not in each]
    assert [each for each in problems if "names the fee" in each] == alone != []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Advanced support is 85 CAD an hour."),
        ("en", "Advanced support is CAD 85 an hour."),
        ("en", "Advanced support costs 85 an hour."),
        ("en", "The fee is 90 dollars."),
        ("fr", "Le soutien avancé coûte 85 CAD l'heure."),
        ("fr", "Le soutien avancé coûte 85,00 l'heure."),
        ("fr", "Les frais sont de 90 dollars."),
    ],
)
def test_the_fee_is_known_without_its_dollar_sign(language: str, words: str) -> None:
    bodies = tuple((each, words if each == language else OTHER[each]) for each in LANGUAGES)
    problems = told(text("en", "", bodies=bodies, needs_answer=False))
    assert "names the fee" in "\n".join(problems)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Advanced support is described in clause R85."),
        ("en", "Nobody has ever accepted 85 blocks."),
        ("en", "85 files are in the folder."),
        ("en", "Fees are in Canadian dollars (CAD)."),
        ("fr", "Le soutien avancé est décrit à la clause R85."),
        ("fr", "Les frais sont en dollars canadiens (CAD)."),
    ],
)
def test_a_number_that_is_no_price_is_fine(language: str, words: str) -> None:
    bodies = tuple((each, words if each == language else OTHER[each]) for each in LANGUAGES)
    assert told(text("en", "", bodies=bodies, needs_answer=False)) == []


def test_news_that_only_the_service_sends_names_no_fee_and_need_not_ask() -> None:
    news = replace(SHIPPED["fee_expired"], name="news")
    assert told(news) == []
    priced = with_body(news, "en", news.body("en") + " It was $85.00 CDN (CAD) a block.")
    assert "neither a request nor a receipt" in "\n".join(told(priced))


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        ("85.00", "CAD", "$85.00 CDN (CAD)", "85,00\u00a0$\u00a0CA (CAD)"),
        ("1105", "CAD", "$1,105.00 CDN (CAD)", "1\u00a0105,00\u00a0$\u00a0CA (CAD)"),
        ("85.00", "USD", "$85.00 US (USD)", "85,00\u00a0$\u00a0US (USD)"),
        ("85.00", "EUR", "85.00 EUR", "85,00 EUR"),
    ],
)
def test_an_amount_is_written_with_its_currency(
    amount: str, currency: str, english: str, french: str
) -> None:
    assert written(Decimal(amount), currency, "en") == english
    assert written(Decimal(amount), currency, "fr") == french


# --------------------------------------------------------- places, languages and clauses


@pytest.mark.parametrize(
    ("bodies", "changes", "what"),
    [
        (("{work}", "Rien."), {}, "body.fr: lacks {work}"),
        (("Nothing.", "{work}"), {}, "body.en: lacks {work}"),
        (
            ("{tickt}", "{tickt}"),
            {},
            "body.fr: has the place {tickt}, which nothing fills. Did you",
        ),
        (("{}", "{}"), {}, "has the place {}, which nothing fills"),
        (("{work.x}", "{work.x}"), {}, "has the place {work.x}"),
        (("{work!r:>9}", "{work!r:>9}"), {}, "has the place {work!r:>9}"),
        (("{work", "Rien."), {}, "body.en: has a brace by itself"),
        (("Nothing.", "work}"), {}, "body.fr: has a brace by itself"),
        (("{work}", "le {work}"), {"needs_answer": False}, "body.fr: has {work}, but is sent"),
        (("{work}", "le {work}"), {"private": True}, "body.en: has {work}, but is sent"),
        (("Same.", "Same."), {}, "body.fr: is the English text"),
        (("Nothing.", " "), {}, "body.fr: is missing"),
        (("Nothing.", "Rien."), {"titles": (("en", "A"),)}, "title.fr: is missing"),
        (
            ("Nothing.", "Rien."),
            {"titles": (("en", "{work}"), ("fr", "B"))},
            "title.en: has {work}, but is sent as it stands",
        ),
        (
            ("Nothing.", "Rien."),
            {"clauses": ("R99", "R40")},
            "clauses: policy.md has no clause R99",
        ),
    ],
)
def test_what_is_not_in_step_or_not_known_is_told_with_its_place(
    bodies: tuple[str, str], changes: dict[str, object], what: str
) -> None:
    pairs = tuple(zip(LANGUAGES, (f"{body} {RECEIPT}" for body in bodies), strict=True))
    if not changes.get("needs_answer", True) or changes.get("private") or bodies[0] == "Same.":
        pairs = tuple(zip(LANGUAGES, bodies, strict=True))
    if bodies[1] == " ":
        pairs = (("en", RECEIPT), ("fr", " "))
    problems = told(text("en", "", bodies=pairs, **changes))
    assert any(what in each and each.startswith("replies/a.toml: ") for each in problems), problems


@pytest.mark.parametrize(
    ("english", "french", "what"),
    [
        ("One.\n\nTwo.", "Un et deux.", "body.fr: has 2 paragraphs where the other language has 3"),
        ("One.", "Un.\n\nDeux.", "body.fr: has 3 paragraphs where the other language has 2"),
        (
            "It is $85.00 CDN (CAD).",
            "C'est 170,00\u00a0$\u00a0CA (CAD).",
            "body.fr: lacks the amount 85.00, which the other language has",
        ),
        (
            "It is $85.00 CDN (CAD).",
            "C'est 170,00 $ CA (CAD).",
            "body.en: lacks the amount 170.00, which the other language has",
        ),
        ("It is $20.00 CDN (CAD).", "C'est cher.", "body.fr: lacks the amount 20.00"),
    ],
)
def test_languages_that_do_not_say_as_much_are_told(english: str, french: str, what: str) -> None:
    bodies = (("en", f"{english}\n\n{RECEIPT}"), ("fr", f"{french}\n\n{RECEIPT}"))
    assert what in "\n".join(told(text("en", "", bodies=bodies)))


def test_a_text_without_a_mistake_has_no_problem() -> None:
    assert told(text("en", "Thank you for {work}.", bodies=both(f"{{work}} {RECEIPT}"))) == []


def both(words: str) -> tuple[tuple[str, str], ...]:
    return (("en", f"Thanks: {words}"), ("fr", f"Merci : {words}"))


def test_every_problem_names_its_line_and_a_way_out() -> None:
    words = "Hello.\n\nFine so\nfar. We will reply within 1 hour."
    bodies = (("en", f"{words}\n\n{RECEIPT}"), ("fr", f"Un.\n\nDeux.\n\n{RECEIPT}"))
    [problem] = lint(text("en", "", bodies=bodies), fee=FEE, clauses=CLAUSES)
    assert (problem.file, problem.where) == ("replies/a.toml", "body.en, line 4")
    assert '"within 1 hour"' in problem.what
    assert "expected" in problem.suggestion


@pytest.mark.parametrize(
    "words",
    ["we will ", "your ", "within one two three ", "nous vous le la ", "$1", "9", "{", "OUI "],
)
def test_a_huge_text_is_looked_at_in_no_time(words: str) -> None:
    huge = words * 4000
    began = time.process_time()
    told(text("en", huge, bodies=(("en", huge), ("fr", huge + "."))))
    assert time.process_time() - began < 5


# --------------------------------------------------------------------- what we ship


@pytest.mark.parametrize("reply", EACH)
def test_every_shipped_reply_passes(reply: Reply) -> None:
    assert told(reply) == []


def test_every_reply_that_the_requirements_name_is_shipped() -> None:
    assert set(SHIPPED) == {
        "ask_fee_permission",
        "contact_your_provider",
        "decline_politely",
        "fee_declined",
        "fee_expired",
        "fee_no_charge",
        "fee_receipt",
        "fee_reminder",
        "fee_request",
        "fee_summary",
        "fee_voided",
        "fee_waived",
        "fee_withdrawn",
        "french_hours",
        "more_blocks_needed",
        "more_blocks_receipt",
        "phone_or_chat_to_help_desk",
        "register_your_address",
        "third_party_best_effort",
    }
    assert tuple(name for name, reply in SHIPPED.items() if reply.asks) == ASKING


NEWS = [name for name in SHIPPED if name.startswith(("fee_", "more_")) and name not in ASKING]


@pytest.mark.parametrize("name", NEWS)
def test_what_attests_a_fact_about_a_fee_is_left_to_the_service(name: str) -> None:
    assert SHIPPED[name].needs_answer
    assert not SHIPPED[name].private
    assert not SHIPPED[name].asks


@pytest.mark.parametrize("name", [each for each in NEWS if each not in TOLD_WITH_PRICE])
def test_news_of_a_request_names_neither_price_nor_maximum(name: str) -> None:
    assert not SHIPPED[name].may_name_fee


def test_a_summary_tells_the_time_and_what_it_comes_to_with_the_taxes_beside() -> None:
    summary = SHIPPED["fee_summary"]
    assert {"work", "used_time", "charged_blocks", "amount"} <= summary.places
    for language in LANGUAGES:
        [line] = [each for each in summary.body(language).splitlines() if "{amount}" in each]
        assert "{charged_blocks}" in line
        assert "tax" in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reminder_ends_with_the_page_and_holds_no_code(language: str) -> None:
    colon = "\u00a0:" if language == "fr" else ":"
    assert SHIPPED["fee_reminder"].body(language).endswith(colon + " {answer_address}")
    assert "code" not in SHIPPED["fee_reminder"].places


def test_the_receipt_for_more_blocks_tells_the_total_and_not_that_no_work_has_started() -> None:
    receipt = SHIPPED["more_blocks_receipt"]
    assert {"blocks", "maximum", "total_maximum"} <= receipt.places
    for language, started in (("en", "work starts"), ("fr", "travail n'est pas commencé")):
        assert started in SHIPPED["fee_receipt"].body(language)
        assert started not in receipt.body(language)


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("words", ["I accept", "J'accepte"])
def test_a_request_sends_nobody_to_a_mail_form_that_some_desks_cannot_prove(
    name: str, words: str
) -> None:
    """Only the code counts on a desk that does not hand on how a mail was authenticated."""
    assert not [body for _, body in SHIPPED[name].bodies if words in body]


@pytest.mark.parametrize("price", ["It is $85.00 CDN (CAD).", "A domain is $20.", "It costs 85."])
def test_what_makes_the_service_ask_has_no_price_of_any_kind(price: str) -> None:
    macro = SHIPPED["ask_fee_permission"]
    spoiled = with_body(macro, "en", macro.body("en") + f" {price}")
    assert "makes the service send one" in "\n".join(told(spoiled))


def test_a_macro_for_asking_a_fee_is_a_note_that_names_no_price() -> None:
    macro = SHIPPED["ask_fee_permission"]
    assert (macro.private, macro.needs_answer, macro.tags) == (True, True, ("ask_fee_permission",))
    assert not macro.places
    assert not [body for _, body in macro.bodies if "$" in body]


@pytest.mark.parametrize("reply", EACH)
def test_what_desks_install_as_it_stands_has_no_places(reply: Reply) -> None:
    assert not reply.places or (reply.needs_answer and not reply.private)


@pytest.mark.parametrize("name", ["contact_your_provider", "register_your_address"])
@pytest.mark.parametrize("word", ["resell", "revend", "reseller", "no account", "aucun compte"])
def test_no_relation_and_no_account_is_given_away(name: str, word: str) -> None:
    reply = SHIPPED[name]
    assert not [body for _, body in (*reply.bodies, *reply.titles) if word in body.casefold()]


@pytest.mark.parametrize("reply", EACH)
def test_french_punctuation_stays_with_its_word(reply: Reply) -> None:
    """Quebec's habit: a no-break space before a colon and inside « », none before ; ? and !."""
    for text_ in (reply.title("fr"), reply.body("fr")):
        assert not re.search(r"(?<!https)(?<!\u00a0):(?!//)| [:;?!»%$]|\u00a0[;?!]|« |\d \$", text_)
        assert "’" not in text_


@pytest.mark.parametrize("reply", EACH)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_read_in_one_breath(reply: Reply, language: str) -> None:
    sentences = re.split(r"(?<=[.!?:;])\s+|\n", reply.body(language))
    assert not [each for each in sentences if len(each.split()) > 32]


# --------------------------------------------------- what a request for a fee must say


def paragraphs(reply: Reply, language: str) -> list[str]:
    return reply.body(language).split("\n\n")


def with_body(reply: Reply, language: str, body: str) -> Reply:
    bodies = tuple((each, body if each == language else old) for each, old in reply.bodies)
    return replace(reply, bodies=bodies)


# A word of the paragraph, in each language, and what is missed when the paragraph is gone.
LOSSES = [
    (("{ticket}", "{ticket}"), "which ticket this is about"),
    (("{work}", "{work}"), "what would be done"),
    (("What we would not do", "Ce que nous ne ferions pas"), "what would not be done"),
    (("{reason}", "{reason}"), "why it is not included"),
    (("{price}", "{price}"), "the price of a block"),
    (("{blocks} = {maximum}", "{blocks}, soit {maximum}"), "the most that can be charged"),
    (("{blocks} = {maximum}", "{blocks}, soit {maximum}"), "taxes are added to the maximum"),
    (("whole blocks", "blocs entiers"), "whole blocks"),
    (("ask you again", "de nouveau la question"), "more time means a new question"),
    (("promise the result", "promettre le résultat"), "the result is not promised"),
    (("our side", "notre côté"), "nothing is charged when the cause is ours"),
    (("cost you nothing", "des choix sans"), "what can be had for free"),
    (("Declining", "Un refus"), "declining has no effect"),
    (("{deadline}", "{deadline}"), "until when an answer is possible"),
    (("If you do not answer", "Si vous ne répondez pas"), "nothing happens without an answer"),
    (("If you agree", "Si vous êtes d'accord"), "the sentence of agreement"),
    (("{policy_address}", "{policy_address}"), "where the policy can be read"),
    (("Who may accept", "Qui peut accepter"), "who may accept"),
    (("French", "anglais"), "the other language is there"),
    (("question first", "d'abord une question"), "how to ask a question"),
    (("{answer_address}", "{answer_address}"), "where to answer"),
    (("{code}", "{code}"), "how to answer by e-mail"),
]


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("words", "what"), LOSSES, ids=[what for _, what in LOSSES])
def test_a_request_that_leaves_something_out_is_told(
    name: str, language: str, words: tuple[str, str], what: str
) -> None:
    reply, marker = SHIPPED[name], words[LANGUAGES.index(language)]
    rest = [each for each in paragraphs(reply, language) if marker not in each]
    assert len(rest) == len(paragraphs(reply, language)) - 1, "the marker is in one paragraph"
    problems = told(with_body(reply, language, "\n\n".join(rest)))
    assert any(f"body.{language}: does not say" in each and what in each for each in problems)


def test_every_point_is_shown_to_bite() -> None:
    missed = " | ".join(what for _, what in LOSSES)
    assert not [
        point.what for point in POINTS if not any(what in point.what for _, what in LOSSES)
    ], missed


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_says_everything_in_the_order_in_which_it_is_read(
    name: str, language: str
) -> None:
    body = SHIPPED[name].body(language)
    if name == "more_blocks_needed":  # the total comes first, so that "above" means one maximum
        assert body.index("{total_maximum}") < body.index("{maximum}")
    places = [body.index(words[LANGUAGES.index(language)]) for words, _ in LOSSES]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("moved", "what"),
    [
        ("{maximum}", "says {maximum} too late"),
        ("agreement", "says the sentence of agreement too late"),
    ],
)
def test_what_must_be_read_before_the_answer_is_not_behind_it(
    language: str, moved: str, what: str
) -> None:
    marker = AGREEMENT[language] if moved == "agreement" else moved
    all_of_them = paragraphs(SHIPPED["fee_request"], language)
    late = [each for each in all_of_them if marker in each]
    body = "\n\n".join([each for each in all_of_them if marker not in each] + late)
    assert any(what in each for each in told(with_body(SHIPPED["fee_request"], language, body)))


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["{code}", "{answer_address}"])
def test_no_way_to_answer_comes_before_the_agreement(name: str, language: str, place: str) -> None:
    reply = SHIPPED[name]
    [early] = [each for each in paragraphs(reply, language) if place in each]
    rest = [each for each in paragraphs(reply, language) if each != early]
    body = "\n\n".join([rest[0], early, *rest[1:]])
    problems = told(with_body(reply, language, body))
    assert any("says the sentence of agreement too late" in each for each in problems)


def test_the_sentence_of_agreement_may_not_be_reworded() -> None:
    body = SHIPPED["fee_request"].body("en").replace("as billed, ", "")
    [problem] = told(with_body(SHIPPED["fee_request"], "en", body))
    assert AGREEMENT["en"] in problem


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("{price}", "$95.00 CDN (CAD)", "has the price in figures"),
        ("{price}", "$85.00 CDN (CAD)", "has the price in figures"),
        ("{price}", "$85.00", "currency"),
        ("each block of {minutes}", "each block of 60", "the price of a block"),
        ("{minutes} minutes count", "61 minutes count", "minutes of a block in figures"),
        ("plus applicable taxes", "all in", "taxes"),
        ("You do not have to accept it.", "Answer within the hour: it's urgent.", "presses"),
        ("Hello,", "Hello,\n\nYES", "reads as an answer"),
        ("{ticket}", "{number}", "nothing fills"),
    ],
)
def test_a_request_that_is_spoiled_is_told(old: str, new: str, what: str) -> None:
    body = SHIPPED["fee_request"].body("en")
    assert old in body
    assert what in "\n".join(told(with_body(SHIPPED["fee_request"], "en", body.replace(old, new))))


def test_a_request_of_a_policy_without_a_fee_is_told() -> None:
    assert "the policy has none" in "\n".join(told(SHIPPED["fee_request"], fee=None))


@pytest.mark.parametrize("name", TOLD_WITH_PRICE)
def test_a_receipt_outlives_the_fee_of_the_policy(name: str) -> None:
    assert told(SHIPPED[name], fee=None) == []


def test_whatever_the_policy_asks_the_texts_stay_right() -> None:
    dearer = replace(FEE, amount=Decimal("95.00"), currency="USD", block_minutes=30)
    assert [problem for reply in SHIPPED.values() for problem in told(reply, fee=dearer)] == []


MODEL = {
    "en": (
        "To help with {work} ({ticket}, {subject}), we would need to do work that is outside "
        "standard support: {reason}. You don't have to accept. We won't modify your site. Price: "
        "{price} for each block of {minutes} minutes, at least one block. The most you can be "
        "charged for this request: {blocks} = {maximum} plus taxes. Time is counted in whole "
        "blocks ({minutes} minutes and one more count as 2 blocks). If we need more time, we'll "
        "stop and ask you again. We'll do our best but can't promise the result. If the cause "
        "turns out to be on our side, there's no charge. Free help goes on. If you "
        "decline or don't answer by {deadline}, nothing is charged and your standard support "
        "continues. "
        + AGREEMENT["en"]
        + " See {policy_address}, {policy_version}. The account's owner may accept. Aussi en "
        "français. Reply with any question. {answer_address} By mail, the code is {code}."
    ),
    "fr": (
        "Pour {work} ({ticket}, {subject}), il faudrait un travail qui dépasse le soutien "
        "standard : {reason}. Vous n'êtes pas obligé d'accepter. Nous ne modifions pas votre site. "
        "Prix : {price} par bloc de {minutes} minutes, minimum un bloc. Le maximum qui pourra "
        "vous être facturé pour cette demande : {blocks} = {maximum}, taxes en sus. Le temps est "
        "compté en blocs entiers ({minutes} minutes et une de plus comptent pour 2 blocs). S'il "
        "faut plus de temps, nous arrêtons et vous redemandons. Nous ferons de notre mieux, sans "
        "pouvoir promettre le résultat. Si la cause vient de nous, rien n'est facturé. L'aide "
        "gratuite continue. Si vous refusez ou ne répondez pas avant le {deadline}, rien n'est "
        "facturé et votre soutien standard continue. "
        + AGREEMENT["fr"]
        + " Voir {policy_address}, {policy_version}. Le "
        "titulaire peut accepter. Also in English. Répondez avec toute question. {answer_address} "
        "Par courriel, le code est {code}."
    ),
}


def test_an_admin_may_say_it_in_other_words() -> None:
    """The model texts that the requirements give, completed."""
    reply = text("en", "", bodies=tuple(MODEL.items()))
    assert reply.asks
    assert told(reply) == []


# ---------------------------------------------------------------------------- the page


def test_every_place_is_documented_and_no_other() -> None:
    section = Page.read(DOCS / "policy-language.md").section("Replies")
    table = "\n".join(line for line in section.splitlines() if line.startswith("| `{"))
    assert set(re.findall(r"`\{(\w+)\}`", table)) == PLACES
    assert keys(section) <= PLACES


def test_the_reply_shown_in_the_page_passes(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("policy")
    (folder / "replies").mkdir()
    [shown] = [
        block
        for block in Page.read(DOCS / "policy-language.md").blocks("toml")
        if "body.en" in block
    ]
    (folder / "replies" / "decline_politely.toml").write_text(shown, encoding="utf-8")
    [reply] = load_replies(folder)
    assert told(reply) == []
