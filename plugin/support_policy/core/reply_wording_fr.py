"""What a reply must not say in French."""

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
_UNIT = rf"{one_of('secondes?, minutes?, min, heures?, h, jours?, journées?, semaines?, mois')}\b"
_COUNT = one_of(
    r"\d+, \(\d+\), -, –, une?, deux, trois, quatre, cinq, six, huit, dix, douze, vingt, quarante",
    "demi, quelques, premiers?, premières?, prochaine?s?, les, la, le, à, ou, d'une?, environ",
    "au plus, un délai d[e'], un délai maximal d[e'], un délai maximum d[e'], l'",
)
# « Dans les heures ouvrables » says when somebody is there, not when an answer comes.
_NO_SPAN = r"(?!(?:les |nos |vos )?(?:heures|jours) (?:ouvrables|d'ouverture|de bureau))"
_SPAN = rf"{_NO_SPAN}(?:{_COUNT}[ -]*){{0,6}}{_UNIT}"  # « les 4 heures ouvrables », « l'heure »
_LENGTH = (
    r"(?:\d+|(?:d'|est |sous )une?|deux|trois|quatre|cinq|six|huit|dix|douze|vingt|quarante"
    rf"|quelques) ?{_UNIT}"
)

_MONTH = one_of("janv, févr, mars, avr, mai, juin, juil, août, sept, oct, nov, déc")
_CLOCK = one_of(
    r"\d{1,2} ?h\b, \d{1,2} ?heures?\b, \d{1,2}:\d\d, \d{4}-\d\d",
    rf"\d{{1,2}}(?:er)? {_MONTH}, \{{deadline\}}",
)
_WEEKDAY = r"(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)"
_DAY = one_of("demain, ce soir, midi, minuit, aujourd'hui, la fin, fin, prochain jour ouvrable")
_NEXT = r"(?:semaine|mois|jour ouvrable) prochaine?"
_POINT = rf"(?:le |la |à )?{one_of(_CLOCK, _WEEKDAY, _DAY, _NEXT)}"
_AT_ONCE = one_of(
    "aujourd'hui, ce soir, ce matin, cet après-midi, demain, cette semaine",
    "immédiatement, instantanément, tout de suite, sur-le-champ, sans délai",
    "le jour même, la journée même, le lendemain",
)
# « Du lundi au vendredi » and « la copie de lundi » say when something is or was.
_ONE_DAY = rf"(?<!\bdu )(?<!\bau )(?<!\bde )(?<!\bdepuis )(?<!\bet ){_WEEKDAY}"

_PRONOUNS = r"(?:vous |le |la |les |y |en |l')*"
_SOMEONE = r"(?:on|quelqu'un|une personne|un agent|un collègue|(?:notre |l')équipe(?: de \w+)?)"
_COMMITS = one_of(
    rf"nous {_PRONOUNS}\w+rons, nous allons {_PRONOUNS}\w+",
    rf"{_SOMEONE} {_PRONOUNS}\w+ra, {_SOMEONE} va {_PRONOUNS}\w+",
    rf"nous {_PRONOUNS}(?:répond|reven|rappel|contact|recontact|écriv|régl|résolv|répar)ons",
    rf"{_SOMEONE} {_PRONOUNS}(?:répond|revient|(?:rappell|contact|recontact|règl|répar)e|écrit)",
    r"compte[zr] sur, attendez-vous à",
    r"vous (?:recevrez|aurez|obtiendrez|serez)",
    r"une réponse vous \w+ra",
    r"(?:tout|cela|(?:votre|le|la) (?:\w+ )?\w+) sera",
)
_ANSWER = r"(?:répon\w+|réglée?s?|résolue?s?|réparée?s?|rappel\w*|en ligne)"
# What the customer may do in a given time is no promise of ours.
_CUSTOMER = (
    r"\b(?:(?:veuillez|vous (?:pouvez|devez|pourrez|avez|n'avez pas))(?: (?:nous|y))?"
    r" (?:répond|accept|refus|décid|chois|retir|écri|pay)\w+"
    r"|(?:vous )?(?:ne |n'|y |nous )*(?:répondez|acceptez|refusez|décidez|choisissez|écrivez))"
    rf"\b(?:(?! (?:et )?(?:nous|{_SOMEONE})\b)[^,;])*"
)
_HEDGE = one_of(
    "attendue?s?, prévue?s?, prévoyons, visons, viser, objectifs?, cibles?, espérons, estimée?s?",
    "habituellement, généralement, normalement, de notre mieux, essayons, essaierons, tâchons",
    r"tâcherons, tentons, tenterons, non garanti\w*",
)
# A word such as « visons » speaks for its own clause: what somebody else does begins another.
_SUBJECT = one_of(
    rf"(?:nous|vous) (?:ne |n')?{_PRONOUNS}\w+(?:ons|ez)\b",
    rf"(?:{_SOMEONE}|il|elle|cela) {_PRONOUNS}\w+",
    r"(?:votre|notre|une|la|le) \w+ (?:vous )?(?:\w+ra|est)\b",
    r"(?:toujours|assurément|certainement|jamais|au plus tard)\b",
)
_BREAKS = (
    rf";|,? mais\b|,? (?:et|ou|donc|car|puisque|pourtant) (?={_SUBJECT})"
    r"|(?<!normalement)(?<!habituellement)(?<!généralement)"
    rf"(?:,| ?:| [-–—]) (?={_SUBJECT})"
)
_KNOWN = one_of("inscrite?, enregistrée?, associée?, liée?, rattachée?, connue?, reconnue?, trouvé")


def _time(pattern: str) -> Wording:
    return wording(
        rf"\b{pattern}",
        "promises a time",
        "Say « attendu », « prévu » or « nous visons », or leave the time out.",
        beside=_CUSTOMER,
        unless=rf"\b{_HEDGE}\b",
        breaks=_BREAKS,
    )


FRENCH = (
    *IN_BOTH,
    _time(rf"(?:dans|sous|d'ici|au plus tard dans|en (?:moins|dedans) d[e']) ?{_SPAN}"),
    _time(rf"(?:d'ici(?: à)?|au plus tard) {_POINT}"),
    _time(rf"{_COMMITS}\b{_NEAR}\b(?:avant|à|pour) {_POINT}"),
    _time(rf"{_COMMITS}\b{_NEAR}\b(?:en {_SPAN}|{_AT_ONCE}|{_ONE_DAY}|{_NEXT})\b"),
    _time(rf"{_ANSWER}\b{_NEAR}\ben {_SPAN}"),
    _time(r"réponse (?:\w+ ){0,2}(?:le jour même|le lendemain)\b"),
    _time(rf"(?:délais?|temps) de (?:réponse|résolution|traitement)\b{_NEAR}\b{_LENGTH}"),
    wording(
        r"\b(?:nous|je) (?:vous (?:le |la )?)?prome(?:ts|ttons)\b"
        r"|\b(?:vous avez|donn(?:e|ons)) (?:notre|ma) parole\b",
        "is a promise",
        PROMISE,
    ),
    wording(
        r"\b(?:votre|cette) adresse(?: (?:de )?courriel)? (?:n'est|est|n'était|était)"
        rf"(?: pas| déjà)? {_KNOWN}\b"
        r"|\b(?:votre|cette) adresse(?: (?:de )?courriel)?"
        r" (?:ne |n')?(?:correspond|appartient|figure|apparaît)\b.{0,40}?\b(?:comptes?|dossiers?)\b"
        rf"|\baucun compte (?:n'existe|ne correspond|n'utilise|n'(?:est|a été) {_KNOWN})\b"
        r"|\bil (?:n'y a|n'existe) (?:aucun|pas de) compte (?:pour|à|avec|associé)"
        r"|\bnous (?:n'avons|ne trouvons|ne voyons) (?:pas )?(?:trouvé )?"
        r"(?:aucun|pas de|pas|de|votre) ?compte\b"
        r"|\bne (?:re)?connaissons pas (?:votre|cette) adresse\b|\bvotre compte n'existe\b"
        r"|\bvous (?:n'avez pas de|avez déjà un) compte\b"
        r"|\bvous n'êtes pas (?:un de nos|notre|l'un de nos|une de nos)? ?clients?\b",
        "tells whether there is an account",
        SAME_FOR_ALL,
        unless=r"\b(?:si|s'il|lorsque|quand)\b",
        breaks=_BREAKS,
    ),
    wording(
        rf"\b{one_of('agissez, dépêchez, hâtez, ne tardez pas, offre limitée')}\b"
        rf"|\bn'attendez (?:pas|plus)\b|\b{one_of('dernière chance, dernier avis')}\b"
        r"|\bavant qu'il (?:ne )?soit trop tard\b",
        "presses the reader",
        CALM,
    ),
    wording(
        r"\bvotre (?:propre )?(?:faute|négligence|oubli|erreur(?! \d))\b"
        rf"|\bvous avez {one_of('brisé, cassé, causé, négligé, oublié, omis')}\b"
        r"|\bvous auriez dû\b",
        "blames the reader",
        NEUTRAL,
    ),
    wording(
        rf"\b{one_of('envoyez, donnez, dites, indiquez, fournissez, transmettez, confirmez')}"
        rf"(?:-nous)? {one_of('votre, le')} {one_of('mot de passe, nip, numéro de carte')}",
        "asks for a secret",
        SECRET,
        beside=r"\b(?:ne |n')\w+[^.]*",
    ),
)
