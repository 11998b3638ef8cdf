"""What the demo says to the person at the terminal, in English and French."""

from __future__ import annotations

import os
from typing import Final

TEXTS: Final = {
    "en": {
        "starting": "Starting the help desk and the add-on ...",
        "opening": "Opening tickets",
        "title": "{count} tickets opened over HTTP, and what the policy made of them",
        "columns": "Ticket|Via|Subject|Priority|Expected by|Tags|Why|s",
        "priorities": "1 critical|2 high|3 normal|4 low|5 very low",
        "none": "none",
        "right": "All {count} tickets are as written by hand; the slowest took {slowest:.2f} s.",
        "wrong": "{count} of {all} tickets are not as written by hand:",
        "desk": "Help desk",
        "addon": "Add-on",
        "login": "Log in as",
        "password": "password",
        "stop": "Press Ctrl-C to stop everything.",
        "stopping": "Stopping ...",
        "died": "{name} has ended by itself; its last words:",
        "failed": "The demo could not run:",
        "not_empty": "{folder} is not empty: choose another folder.",
        "zendesk.double": "A double of Zendesk, written from its manuals, is on this machine;"
        " its rate windows run {speed} times faster than Zendesk's.",
        "zendesk.opening": "Opening {count} tickets; {lost} of the webhooks never come, and"
        " {doubled} come twice.",
        "zendesk.storm": "For {seconds} s the account answers 429 to everything.",
        "zendesk.faults": "{dropped} webhooks were lost; {refused} requests were answered 429.",
        "zendesk.right": "All {count} tickets are as written by hand, each written exactly once;"
        " {lost} were found by a sweep.",
        "zendesk.wrong": "Not all of the {count} tickets are as written by hand; {lost} were found"
        " by a sweep.",
        "zendesk.drift": "An admin switches a trigger off and deletes a view.",
        "zendesk.removed": "Everything is removed; the tickets are as they were.",
        "zendesk.left": "{count} things of ours are left, or a ticket was changed.",
        "zendesk.stay": "Zendesk double: {desk}; add-on: {addon}/readyz. Ctrl-C stops everything.",
        "permission.title": "Permission for paid help, from the macro to the proof",
        "permission.columns": "Step|Seen|As it must be",
        "permission.opened": "A customer opened a ticket",
        "permission.requested": "An agent asked for 2 blocks; the customer got the request",
        "permission.accepted": "The customer accepted fewer blocks, and got a receipt",
        "permission.started": "The agent confirmed and started to work",
        "permission.capped": "75 minutes later (the demo's clock was moved)",
        "permission.stopped": "Counted up to the cap; staff were told to stop",
        "permission.more": "The agent asked for another block",
        "permission.declined": "The customer declined",
        "permission.completed": "The agent ended the work",
        "permission.summed": "The customer got a summary",
        "permission.ready": "Ready to bill: blocks, amount, at most",
        "permission.billed": "Billed",
        "permission.once": "Left to bill",
        "permission.exceptions": "Exceptions",
        "permission.verified": "The packet verified elsewhere, with our keys",
        "permission.unsigned": "The packet verified elsewhere, without them",
        "permission.changed": "One byte of a record changed",
        "permission.failed": "The story ended early",
        "permission.packet": "The signed record: {file}",
    },
    "fr": {
        "starting": "Démarrage du centre d'assistance et du module ...",
        "opening": "Ouverture des billets",
        "title": "{count} billets ouverts par HTTP, et ce que la politique en a fait",
        "columns": "Billet|Voie|Sujet|Priorité|Prévu pour|Étiquettes|Pourquoi|s",
        "priorities": "1 critique|2 élevée|3 normale|4 basse|5 très basse",
        "none": "aucune",
        "right": "Les {count} billets sont tels qu'écrits à la main; le pire : {slowest:.2f} s.",
        "wrong": "{count} billets sur {all} ne sont pas tels qu'écrits à la main :",
        "desk": "Centre d'assistance",
        "addon": "Module",
        "login": "Compte",
        "password": "mot de passe",
        "stop": "Ctrl-C arrête tout.",
        "stopping": "Arrêt ...",
        "died": "{name} s'est arrêté de lui-même; ses derniers mots :",
        "failed": "La démonstration n'a pas pu se faire :",
        "not_empty": "{folder} n'est pas vide : choisissez un autre dossier.",
        "zendesk.double": "Un double de Zendesk, écrit d'après ses manuels, est sur cette machine;"
        " ses fenêtres de débit passent {speed} fois plus vite que celles de Zendesk.",
        "zendesk.opening": "Ouverture de {count} billets; {lost} des webhooks n'arrivent jamais,"
        " {doubled} arrivent deux fois.",
        "zendesk.storm": "Pendant {seconds} s, le compte répond 429 à tout.",
        "zendesk.faults": "{dropped} webhooks perdus; {refused} requêtes ont reçu un 429.",
        "zendesk.right": "Les {count} billets sont tels qu'écrits à la main, chacun écrit une seule"
        " fois; {lost} retrouvés par un balayage.",
        "zendesk.wrong": "Les {count} billets ne sont pas tous tels qu'écrits à la main; {lost}"
        " retrouvés par un balayage.",
        "zendesk.drift": "Un administrateur désactive un déclencheur et supprime une vue.",
        "zendesk.removed": "Tout est retiré; les billets sont restés tels quels.",
        "zendesk.left": "Il reste {count} de nos objets, ou un billet a changé.",
        "zendesk.stay": "Double de Zendesk : {desk}; module : {addon}/readyz. Ctrl-C arrête tout.",
        "permission.title": "La permission pour de l'aide payante, de la macro à la preuve",
        "permission.columns": "Étape|Constaté|Comme il se doit",
        "permission.opened": "Un client a ouvert un billet",
        "permission.requested": "Un agent a demandé 2 blocs; le client a reçu la demande",
        "permission.accepted": "Le client a accepté moins de blocs et a reçu un reçu",
        "permission.started": "L'agent a confirmé et commencé le travail",
        "permission.capped": "75 minutes plus tard (l'horloge de la démonstration a été avancée)",
        "permission.stopped": "Compté jusqu'au maximum; le personnel doit arrêter",
        "permission.more": "L'agent a demandé un autre bloc",
        "permission.declined": "Le client a refusé",
        "permission.completed": "L'agent a terminé le travail",
        "permission.summed": "Le client a reçu un sommaire",
        "permission.ready": "Prêt à facturer : blocs, montant, au plus",
        "permission.billed": "Facturé",
        "permission.once": "Reste à facturer",
        "permission.exceptions": "Exceptions",
        "permission.verified": "Le dossier vérifié ailleurs, avec nos clés",
        "permission.unsigned": "Le dossier vérifié ailleurs, sans elles",
        "permission.changed": "Un octet d'un enregistrement changé",
        "permission.failed": "L'histoire s'est arrêtée trop tôt",
        "permission.packet": "Le dossier signé : {file}",
    },
}


def terminal_language() -> str:
    """The language of the person's terminal, French or else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "fr" if value.startswith("fr") else "en"
    return "en"


def text(key: str, **values: object) -> str:
    """One text in the terminal's language."""
    return TEXTS[terminal_language()][key].format(**values)
