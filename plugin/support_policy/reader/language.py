"""Tells English from French in few words."""

from __future__ import annotations

from unicodedata import name

from support_policy.core.facts import Language
from support_policy.reader.tokens import Tokens

MIN_WORDS = 3
MIN_FOREIGN = 4
_SENTENCE_WEIGHT = 8


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words folded as tokens are (no accents), and common to no other language listed here.
_ENGLISH = _words(
    """the and is are was were be been being have has had do does did done not dont doesnt
    didnt isnt wasnt cant cannot couldnt wont wouldnt would could should shall will may
    might must of to from with without for about into onto than then that this these those
    there their they them he she his her its it we us our ours you your yours my mine me i
    im ive ill am an at by as or but if so because since when where what which who why how
    any anyone some someone all every everything nothing anything something only also just
    now still again after before while until over under back here out off up down get gets
    got getting keep keeps says said say see seems like need needs want wants know help
    please thanks thank hello hi hey dear regards sincerely cheers yesterday today tomorrow
    morning week since ago working work works worked stopped broken wrong slow other others
    both same new old first last two three another more most much many few cant wasnt havent
    hasnt hadnt arent youre were theyre thats whats whos lets sent send sending receive
    received receiving goes going went gone make made take took give given tell told find
    found try tried trying website websites hosting password account invoice quote price buy
    move moved change changed add users login mailbox inbox unable issue issues problem
    reset locked forgot lost bill charged refund cancel"""
)
_FRENCH = _words(
    """le la les un une des du de et est sont etait etaient etre ete avoir ai as avons avez ont
    avait pas plus ne que qui quoi dont ou mais donc car si ce cet cette ces ca cela mon ma
    mes ton ta tes son sa ses notre nos votre vos leur leurs je tu il elle nous vous ils
    elles on me te se lui y en au aux avec sans pour par dans sur sous chez vers entre
    depuis pendant avant apres quand comme comment pourquoi combien tout tous toute toutes
    rien aucun aucune jamais toujours encore deja aussi tres trop peu bien mal bonjour
    bonsoir salut merci svp cordialement madame monsieur coucou allo hier aujourdhui demain
    matin semaine jour jours heure heures faire fait faites faut peux peut pouvez pouvons
    veux veut voudrais souhaite souhaiterais voulons besoin marche marchent fonctionne
    fonctionnent arrive arrivent recois recoit envoyer recevoir courriel courriels
    messagerie boite boites mot passe identifiant facture factures hebergement serveur siege
    panne panneau adresse adresses probleme erreur impossible inaccessible lent bloque perdu
    oublie jai jarrive cest nai quil quelle quel quels quelles aide aider plait reponse
    demande compte site internet nom domaine transferer transfert sauvegarde prix tarif
    devis rembourser remboursement resilier paiement lors alors suis sommes etes va vont
    voir dit dites meme autre autres nouveau nouvelle ancien ancienne svp jy ceux"""
)
_NEUTRAL = frozenset(
    ["site", "internet", "me", "on", "as", "impossible", "message", "i", "a", "an", "hosting"]
)
_OTHER = (
    _words(
        """der die das und ist nicht ich wir sie mit auf fur eine einen dem den bitte mein meine
    kann kein keine hallo danke seit funktioniert guten tag geht mehr noch auch wurde werden
    haben sind war ihre unsere nach beim el los las por para con pero como esta estan hola
    gracias buenos dias mi mis puedo tengo tiene desde correo pagina funciona nuestro
    nuestra necesito quiero contrasena cuando muy ayer sitio servidor il lo gli che non sono
    per con come ciao grazie buongiorno posso della delle nel questo questa nostro sito
    funziona posta abbiamo vorrei quando ieri perche o os um uma nao por como meu minha esta
    ola obrigado obrigada voce nosso pagina senha desde consigo het een van niet ik wij met
    op voor mijn onze kan geen hallo bedankt werkt sinds deze dat zijn naar wordt og er ikke
    jeg vi med pa til det som kan min vores hej tak och att inte jag har att hei takk nie
    jest na sie dzien dobry prosze mam moja nasza strona"""
    )
    - _ENGLISH
    - _FRENCH
)

# Letter groups that are frequent in one language and rare in the other.
_ENGLISH_GROUPS = _words("th wh ck sh ght ing ly oo ee aw ow ew ness ould")
_FRENCH_GROUPS = _words("eux aux oi ais ait ez eur qu ette elle ique oire eau ons")


def own_language(setting: str | None) -> Language | None:
    """The requester's own setting (``en``, ``fr-CA``, ``de``) as a Language; None when not set."""
    base = (setting or "").strip().lower().replace("_", "-").partition("-")[0]
    if not base.isalpha() or len(base) not in (2, 3):
        return None
    known: dict[str, Language] = {"en": "en", "eng": "en", "fr": "fr", "fra": "fr", "fre": "fr"}
    return known.get(base, "other")


def tell_language(tokens: Tokens) -> Language:
    """The language most of the sentences are in; ``unknown`` below three words.

    A sentence counts for at most eight marker words, so that one long pasted log does not outvote
    the customer's own words.
    """
    votes = {"en": 0.0, "fr": 0.0, "other": 0.0}
    words = [w for w, kind in zip(tokens.words, tokens.kinds, strict=True) if not kind]
    letters = [word for word in words if word.isalpha()]
    if _foreign_script(letters):
        return "other"
    if len(letters) < MIN_WORDS:
        return "unknown"
    for sentence in _sentences(tokens):
        for language, weight in _vote(sentence).items():
            votes[language] += weight
    if not any(votes.values()):
        votes = _by_letters(letters)
    best = max(votes, key=lambda language: votes[language])
    if not votes[best]:
        return "unknown"
    return "en" if best == "en" else "fr" if best == "fr" else "other"


def _foreign_script(words: list[str]) -> bool:
    """Mostly letters of no Latin script; some of those put no blanks between words."""
    foreign = sum(
        len(word) for word in words if not word.isascii() and "LATIN" not in name(word[0], "")
    )
    return foreign >= MIN_FOREIGN and 2 * foreign > sum(map(len, words))


def _sentences(tokens: Tokens) -> list[list[str]]:
    found: list[list[str]] = []
    last = -1
    for word, kind, sentence in zip(tokens.words, tokens.kinds, tokens.sentences, strict=True):
        if sentence != last:
            found.append([])
            last = sentence
        if not kind and word.isalpha():
            found[-1].append(word)
    return found


def _vote(sentence: list[str]) -> dict[str, float]:
    """Weights of the marker words, scaled down to the most a sentence may count."""
    english = sum(word in _ENGLISH and word not in _NEUTRAL for word in sentence)
    french = sum(word in _FRENCH and word not in _NEUTRAL for word in sentence)
    foreign = sum(word in _OTHER or not word.isascii() for word in sentence)
    total = english + french + foreign
    scale = min(1.0, _SENTENCE_WEIGHT / total) if total else 0.0
    return {"en": english * scale, "fr": french * scale, "other": foreign * scale}


def _by_letters(words: list[str]) -> dict[str, float]:
    """For short texts without one marker word: telling letter groups."""
    return {
        "en": float(sum(group in word for word in words for group in _ENGLISH_GROUPS)),
        "fr": float(sum(group in word for word in words for group in _FRENCH_GROUPS)),
        "other": 0.0,
    }
