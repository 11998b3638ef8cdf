"""Pieces that are repeated to a body's length: what a careless reader would choke on."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha512

_BASE64 = b64encode(b"".join(sha512(bytes([each])).digest() for each in range(60))).decode()

HOSTILE = {
    "one word": "a",
    "one word with accents": "é",
    "dots": ".",
    "opening brackets": "(",
    "quotes in quotes": ">>>> ",
    "quoted lines": ">>>> > > it was\n",
    "blanks": " ",
    "blank lines": " \n",
    "digits": "1234567890",
    "numbers": "12 345 6.7 ",
    "one line of base64": _BASE64,
    "lines of base64": "\n".join(_BASE64[at : at + 76] for at in range(0, len(_BASE64), 76)) + "\n",
    "tags never closed": "<div><b><table><td>",
    "tags never ended": "<a href='",
    "comments never ended": "<p><!-- ",
    "html soup": "</p><p style=x>a<br/>&amp;&lt;<<b</i>\n",
    "entities": "&amp;&#x3c;&nbsp;&bogus",
    "labels of a host": "a.b-c.",
    "at signs": "a@b@",
    "addresses": "http://a.example/b?c=d ",
    "apostrophes": "l'a-",
    "dashes": "-- \n",
    "header lines": "From: a\nSent: b\n",
    "attributions": "On Monday, a wrote\n",
    "signatures": "Thanks,\nDana\n",
    "disclaimers": "This message is confid",
    "unseen characters": "a\u200b\u202e",
    "accents on accents": "e\u0301\u0301\u0301",
    "look-alike letters": "раypаl ",
    "other scripts": "漢字かなعربيעברית",
    "the same fault again and again": "My website is down and not working. ",
    "faults and negations, no full stop": "website not down email not working if it works again ",
}
