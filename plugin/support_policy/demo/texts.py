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
