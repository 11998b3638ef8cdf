"""The notices that companies set below every mail."""

from __future__ import annotations

import re

_OPENING = re.compile(
    r"\W{0,6}(?:(?:this|the) (?:e-?mail|message|communication|transmission)\b"
    r"|confidentiality(?: (?:notice|note|warning))?|confidential\b|disclaimer\b"
    r"|(?:the )?information (?:contained|in this)"
    r"|if you (?:are not|have received|received)|please consider the environment"
    r"|think before you print"
    r"|(?:scanned|virus-free|checked)\b|ce (?:message|courriel|mail|courrier|document)\b"
    r"|avis\b(?: de confidentialite)?"
    r"|confidentialite\b|avertissement\b|(?:l'information|les informations"
    r"|les renseignements) (?:contenu|dans)"
    r"|si vous (?:n'etes pas|avez recu|recevez)|(?:s'il vous plait |svp )?(?:pensez"
    r"|penser) a l'environnement"
    r"|sans virus|l'absence de virus|devez-vous vraiment imprimer)"
)
_SIGNS = re.compile(
    r"\b(?:confident|privileg|intended|recipient|addressee|received this|delet|destroy|notify"
    r"|sender"
    r"|unauthori[sz]|prohibit|disclos|dissemin|distribut|virus|environment|print|attachments?"
    r"|destinat|destine|recu|supprim|detrui|expediteur|non autoris|interdit|divulg|diffusion"
    r"|imprim|pieces jointes)"
)
# A notice that says who can be bound, or anything of this request, is for a person to read.
_NOT_IN_ONE = re.compile(
    r"[$?€]|\b(?:i|i'm|i'll|my|we'll|je|j'|j'ai|blocks?|blocs?|fees?|frais|starts?|begin"
    r"|commenc\w*|waits?|attend\w*"
    r"|until|jusqu\w*|hold|declin\w*|refus\w*|withdr\w*|retir\w*|cancel\w*|annul\w*|prices?|prix"
    r"|costs?|couts?"
    r"|budget|approv\w*|approu\w*|bind\w*|bound|contract\w*|contrat\w*|contractu\w*|agree\w*"
    r"|entente|engag\w*"
    r"|lier?|oblig\w*|offers?|offres?|accept\w*|authority|purchase|bon de commande|commande|mais"
    r"|but|however"
    r"|toutefois|cependant|unless|proceed|procede\w*|work|travail|travaux|permission|consent\w*"
    r"|ps|hours?|heures?|minutes?|half|moitie|max|maximum|amounts?|montants?|dollars?"
    r"|tickets?|billets?|yes|oui|conditional\w*|conditions?|conditionnel\w*|reserv\w*"
    r"|valid|valide|valable|void|invalid|tomorrow|demain|later|ulterieur\w*|today|signatures?"
    r"|signed|signe|tentative|provisional\w*|provisoire\w*|charg\w*|bill\w*|factur\w*|pay\w*"
    r"|paie\w*|prior|first|joke|blague|pending|estimate\w*|quotes?|devis|soumission)\b"
)
_SENTENCES = re.compile(r"[.!;:](?:\s|$)")
_SCANNED = re.compile(r"(?:virus-free|sans virus)[ .]{0,3}(?:www\.)?(?:avast|avg)\.com(?: ?<.*>)?")
_FEWEST_SIGNS = 2
_LONGEST = 6_000


def is_disclaimer(paragraph: str) -> bool:
    """Whether a paragraph, in plain small letters, is such a notice and nothing else."""
    if len(paragraph) > _LONGEST or not _OPENING.match(paragraph) or not paragraph.isascii():
        return False
    if _NOT_IN_ONE.search(paragraph):
        return False
    if len(set(_SIGNS.findall(paragraph))) < _FEWEST_SIGNS and "confident" not in paragraph:
        return bool(_SCANNED.fullmatch(paragraph))
    sentences = [each.strip(" *_-#") for each in _SENTENCES.split(paragraph)]
    return all(_belongs(each) for each in sentences if each)


def _belongs(sentence: str) -> bool:
    titles = ("avis", "notice", "disclaimer", "avertissement", "thank you", "thanks", "merci")
    return bool(_SIGNS.search(sentence)) or sentence in titles
