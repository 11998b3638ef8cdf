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
_HELP = (
    r"(?:help|assistance|time|support|patience|work|explanations?|information|details|update|service"
    r"|message|email|e-mail|consideration|understanding|following up|reaching out|offer"
    r"|(?:quick|prompt|fast) (?:reply|response|answer|help))"
)
_AIDE = (
    r"(?:aide|assistance|soutien|support|patience|temps|rapidite|reponse(?: rapide)?|suivi|travail"
    r"|explications?|informations?|precisions|collaboration|comprehension|bon travail|message"
    r"|courriel|service|disponibilite|offre)"
)
_NOW = r"(?: now| right away| immediately| asap| as soon as possible| at once)?"
_TOUT_DE_SUITE = r"(?: maintenant| tout de suite| des maintenant| immediatement| des que possible)?"
_WORK = r"(?: the work| with the work| with it| with this| working| work)?"
_TRAVAIL = r"(?: le travail| les travaux| a travailler)?"
_GOOD = r"(?:great|good|nice|lovely|wonderful|pleasant|excellent|happy|safe)"
_SPAN = r"(?:day|evening|afternoon|morning|weekend|long weekend|week|holiday|holidays|one|night)"
_FRENCH_SPAN = (
    r"(?:(?:fin|reste|debut) de )?(?:journee|soiree|semaine|apres-midi|fin de semaine|weekend"
    r"|week-end|conge|vacances|fetes?|nuit|matinee)"
)
_WISHES = (
    r"(?:(?:many )?thanks?(?: you)?(?: very much| so much| a lot| a million| again| in advance"
    rf"| kindly)?(?: for (?:all )?(?:your|the) {_HELP})?|th?xs?|tks|thks|much appreciated"
    r"|(?:(?:kind|best|warm|kindest|warmest|with kind|with best|with) )?regards|best|cheers"
    r"|sincerely(?: yours)?|all the best|best wishes|with thanks|with appreciation|warmly|cordially"
    r"|yours(?: truly| sincerely| faithfully)?|respectfully|take care"
    rf"|(?:please )?(?:have|enjoy|wishing you) (?:a|an|your|the) (?:{_GOOD} )?"
    rf"(?:rest of (?:the|your) )?{_SPAN}(?: everyone| all)?"
    r"|(?:good|happy|nice) (?:day|weekend|evening|holidays)"
    r"|(?:un )?(?:grand |gros |mille )?mercis?(?: beaucoup| bien| encore| infiniment)?"
    r"(?: a vous| a toi)?(?: tous| toutes)?(?: d'avance| a l'avance| par avance)?"
    rf"(?: (?:pour|de) (?:tout|(?:votre|vos|l'|le|la) ?{_AIDE}))?"
    r"|(?:bien |tres |le tout )?(?:cordialement|sincerement|respectueusement|chaleureusement)|cdt"
    r"|bien a vous|amicalement"
    r"|(?:mes |nos )?(?:meilleures |sinceres |cordiales )?salutations(?: distinguees| cordiales"
    r"| sinceres)?"
    rf"|(?:passez une |passez un |je vous souhaite une |une |un )?"
    rf"(?:bonne|belle|excellente|bon|beau|joyeuses) {_FRENCH_SPAN}(?: a vous| a toi)?"
    r"(?: a tous)?(?: tous| toutes)?"
    r"|a bientot|au plaisir)"
)
_MORE_WISHES = rf"(?:,? (?:and |et )?{_WISHES}){{0,2}}"
POLITE = re.compile(_WISHES + _MORE_WISHES)
# These thank for an offer that is not taken: below a permission they would be odd.
POLITE_REFUSAL = re.compile(
    r"(?:thanks|thank you)(?: all the same| anyway| anyhow| just the same| nonetheless"
    rf"| for (?:the offer|offering|asking)(?: all the same| anyway)?)"
    rf"|merci (?:quand meme|tout de meme|pareil|malgre tout)"
    rf"(?: (?:pour|de) (?:votre|l'|vos) ?{_AIDE})?"
)
EXCUSE = re.compile(
    r"(?:please )?(?:excuse|pardon|forgive) (?:any |the |my )?(?:brevity|typos|typing errors"
    r"|brevity and typos|typos and brevity)"
    r"|(?:veuillez )?(?:excuser|excusez|pardonner|pardonnez) (?:la |ma )?(?:brievete"
    r"|les fautes|mes fautes|les coquilles)"
)
GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut|allo|cher"
    r"|chere)"
)
ADDRESSED = re.compile(
    rf"(?:{GREETING.pattern}|thanks?(?: you)?(?: so much| again)?"
    r"|merci(?: a)?(?: toute)?) (.{1,60})"
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
