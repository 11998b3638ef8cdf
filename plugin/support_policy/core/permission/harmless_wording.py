"""Words that may stand below an exact answer, and words that make it a question.

All are in small letters without accents, as ``plain`` gives them.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALARMS = _words(
    """
    abord above accept accepte accepted accepting actually after against agree agreed agreement
    also alternative although annule annuler annulez another another's apologies appeler appelez
    approbation approuve approval approve approved apres argent arnaque arreter arretez ask
    asking attendez attendre attends aucun aucune aujourd aussi autre avant avis back because
    before believe below besoin beyond bill billed billing binding blague bloc block blocks
    blocs bof boss bound brouillon btw budget but cad call can cancel cancelled cannot cant cap
    cdn cependant change changed changement changer charge charged charges cheap cher cinq
    clarify coercion come comment complaint completed condition conditional conditionally
    conditions confirm confirmer contract contrainte contrat contrecoeur cost costs could cout
    couts crois day days debut decide decline declined decu decue defer delay demain demander
    demi depasse depasser desole desolee deux devez dimanche disagree disagreed disagrees
    discount discuss discussion discuter dispute disregard dix do doesnt doit dollar dollars don
    done dont draft droits duress eh eight engage erreur error espere essai estimate estimation
    etre evidemment exceed except expensive explain expliquer extorsion extortion facture
    facturer farce faut fee fees final finalement first five follow forced four frais fraud free
    friday furious get give gratuit guess haha half halt happy hesitant hesitante heure heures
    hier hmm hold hope hour hours how however huit hum hypothetical hypothetically idiot if
    ignore ignorer ignorez instead invoice isnt jamais jeudi joke joking jour jours jusqu jusque
    just kidding know later less let limit limite limited lmao lol lundi maintenant mais
    malheureusement mardi max maximum may maybe mdr me meh mercredi might min mind minimum
    minute minutes mistake moins mois moitie monday money month months more must n nah nb ne
    need needs neither neuf never ni nine no non none nope nor not note nothing now obviously ok
    okay only oppose opposes or other ou ouais oui outrageous over paid paiement parce partially
    pas patience patienter pause pay paye payer payment pending pense perhaps peut plafond
    plaisante please plus plutot possible possibly postpone pourquoi pourtant pourvu prejudice
    price prices pricing principe principle prix probablement probably protest protestation
    protet provided providing provisionally ps psych quand quatre question questions qui quoi
    quoique quote rappelez rather reason reasonable reconsider reflechir refund refuse refused
    refuser refuses refusons regarde reject reluctantly remarque rembourse reporter require
    required requires reserve reserved reserves reserving retire retirer revert review revoir
    revoke ridicule ridiculous rien right rights robbery samedi sarcasm saturday sauf say scam
    second see semaine semaines send sept seulement seven should shouldnt si sign signature
    signed sike simulation since six soon sorry soumission sous starting stop stupid subject
    suggest sunday sure t talk tard tell temporarily ten tentative tentatively than theft
    theorie theory thieves think though thought three thursday till today tomorrow tonight too
    toutefois trial trois tuesday two ugh un undecided under undo une unfortunately unhappy
    unless unsure until us usd validation valider vendredi verifier verify verra verrons voir
    vol vole voleurs wait wednesday week weeks what whatever when where whether which who why
    withdraw withdrawn within without wonder wont would wrong yeah yes yesterday
    """
)
GROUPS = _words(
    """
    all team everyone everybody support there sir madam folks both tous toutes equipe l'equipe
    tout_le_monde madame monsieur
    """
)
CONNECTORS = _words(
    """
    of and the for in at to de des du la le les et en a aux au d l & von van
    """
)
TITLES = _words(
    """
    director owner finance finances department departement president cpa eng mba phd prof dr mr
    mrs ms mme mlle president vice ceo cto cfo coo cio manager accountant bookkeeper
    administrator admin developer webmaster coordinator supervisor consultant engineer
    technician assistant partner founder co-founder officer executive designer lawyer attorney
    professor doctor secretary treasurer operations marketing sales accounting principal
    directeur directrice gerant gerante proprietaire presidente adjoint adjointe comptable
    responsable chef technicien technicienne administrateur administratrice coordonnateur
    coordonnatrice conseiller conseillere associe associee fondateur fondatrice ingenieur
    ingenieure developpeur developpeuse analyste analyst tresorier tresoriere secretaire avocat
    avocate communications informatique ti it rh hr ventes comptabilite direction generale
    general web
    """
)
COMPANIES = _words(
    """
    inc ltd ltee llc llp corp corporation company co enr senc gmbh sarl sas group groupe
    solutions services consulting consultants conseil conseils studio studios boutique
    restaurant cafe clinique clinic boulangerie garage construction immobilier realty hotel
    auberge association foundation fondation universite university college ecole school church
    editions media agency agence entreprises enterprises industries technologies technology
    systems systemes
    """
)
PLACES = _words(
    """
    montreal quebec laval gatineau longueuil sherbrooke levis saguenay trois-rivieres terrebonne
    toronto ottawa vancouver calgary edmonton winnipeg halifax moncton fredericton regina
    saskatoon victoria hamilton london mississauga ontario alberta manitoba canada qc on bc ab
    mb sk ns nb nl pe pei yt nt nu brossard blainville repentigny drummondville granby rimouski
    chicoutimi
    """
)
STREETS = _words(
    """
    street st avenue ave av road rd boul boulevard blvd rue chemin ch drive dr lane ln way court
    crt place suite ste bureau unit unite apt app floor etage rang route montee cote square
    crescent cres highway hwy box
    """
)
DEVICES = _words(
    """
    iphone ipad ipod android samsung galaxy blackberry outlook yahoo gmail proton protonmail
    mobile phone smartphone cellphone telephone cellulaire portable tablette tablet huawei pixel
    windows mail courrier bell rogers telus videotron fido koodo spark device appareil
    thunderbird aol handheld
    """
)
DEVICE_BEGINS = (
    "sent from ", "sent via ", "sent with ", "sent using ", "get outlook for ", "envoye de ",
    "envoye depuis ", "envoye a partir de ", "envoye a partir d'", "envoye avec ", "envoye par ",
    "envoye d'", "envoyee de ", "envoye via ", "obtenez outlook pour ", "obtenir outlook pour ",
    "telecharger outlook pour ", "telechargez outlook pour ", "provenance : ", "get bluemail for ",
)  # fmt: skip
_HELP = (
    r"(?:help|assistance|time|support|patience|work|explanations?|information|details|update|service"
    r"|(?:quick|prompt|fast) (?:reply|response|answer|help))"
)
_AIDE = (
    r"(?:aide|assistance|soutien|support|patience|temps|rapidite|reponse(?: rapide)?|suivi|travail"
    r"|explications?|informations?|precisions)"
)
_NOW = r"(?: now| right away| immediately| asap| as soon as possible| at once)?"
_TOUT_DE_SUITE = r"(?: maintenant| tout de suite| des maintenant| immediatement| des que possible)?"
_WORK = r"(?: the work| with the work| with it| with this| working| work)?"
_TRAVAIL = r"(?: le travail| les travaux| a travailler)?"
POLITE = re.compile(
    r"(?:(?:many )?thanks?(?: you)?(?: very much| so much| a lot| again| in advance| kindly)?"
    rf"(?: for (?:your|the) {_HELP})?|thx|cheers|much appreciated|all the best|best wishes"
    r"|(?:(?:kind|best|warm|kindest|warmest|with kind|with best|with) )?regards|best"
    r"|sincerely(?: yours)?"
    r"|yours(?: truly| sincerely| faithfully)?|respectfully|take care"
    r"|have a (?:great|good|nice|lovely) (?:day|evening|afternoon|weekend|one|night)|good day"
    rf"|(?:un )?(?:grand |mille )?mercis?(?: beaucoup| bien| encore| infiniment| a vous"
    rf"| d'avance| a l'avance"
    rf"| par avance)?(?: (?:pour|de) (?:votre|vos|l'|le|la) ?{_AIDE})?"
    r"|(?:bien |tres |le tout )?(?:cordialement|sincerement|respectueusement)|cdt|bien a vous"
    r"|amicalement"
    r"|(?:mes |nos )?(?:meilleures |sinceres |cordiales )?salutations(?: distinguees| cordiales)?"
    r"|(?:passez une |une )?(?:bonne|belle|excellente) (?:fin de )?(?:journee|soiree|semaine"
    r"|apres-midi)(?: a vous| a toi| a tous)?"
    r"|a bientot|au plaisir)"
)
GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut|allo|cher"
    r"|chere)"
)
ADDRESSED = re.compile(
    rf"(?:{GREETING.pattern}|thanks?(?: you)?|thank you|merci(?: a)?(?: toute)?) (.{{1,60}})"
)
GO_AHEAD = re.compile(
    rf"(?:(?:so |and )?(?:please |kindly )?(?:go ahead|proceed|start"
    rf"|begin){_WORK}{_NOW}(?: please)?"
    rf"|you (?:may|can) (?:go ahead|proceed|start|begin){_WORK}{_NOW}"
    rf"|(?:alors )?allez-y{_TOUT_DE_SUITE}(?: svp| s'il vous plait)?"
    rf"|vous pouvez (?:y aller|commencer|proceder|debuter"
    rf"|aller de l'avant){_TRAVAIL}{_TOUT_DE_SUITE}"
    rf"|(?:veuillez|merci de) (?:commencer|proceder|debuter"
    rf"|aller de l'avant){_TRAVAIL}{_TOUT_DE_SUITE}"
    r"|svp|s'il vous plait)"
)
