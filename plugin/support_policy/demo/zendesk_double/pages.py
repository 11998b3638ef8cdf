"""Lists in pages, by cursor."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from flask import request

from support_policy.demo.zendesk_double.people import whole
from support_policy.demo.zendesk_double.records import Json
from support_policy.demo.zendesk_double.refusals import bad_parameter

LARGEST: Final = 100


def page(name: str, records: Sequence[Any]) -> Json:
    """The asked-for page of a list; the whole of it, counted, where no page was asked for."""
    size = request.args.get("page[size]")
    if size is None:
        # Offset paging: what fits on one page is all that the double's small lists need.
        shown = list(records)[:LARGEST]
        return {name: shown, "count": len(records), "next_page": None, "previous_page": None}
    number = whole(size)
    if number is None or not 0 < number <= LARGEST:
        raise bad_parameter(f"page[size] must be between 1 and {LARGEST}")
    start = opened(request.args.get("page[after]"))
    shown = list(records)[start : start + number]
    end = start + len(shown)
    more = end < len(records)
    after = closed(end)
    query = {**request.args.to_dict(), "page[size]": size, "page[after]": after}
    # Zendesk shows its own public address; the double's callers reach it where they called it.
    link = f"{request.base_url}?{urlencode(query)}"
    return {
        name: shown,
        "meta": {"has_more": more, "after_cursor": after if more else None, "before_cursor": None},
        "links": {"next": link if more else None, "prev": None},
    }


def closed(position: int) -> str:
    """A cursor: nothing that a caller should read."""
    return base64.urlsafe_b64encode(f"o|{position}".encode()).decode()


def opened(cursor: str | None) -> int:
    """The position in a cursor."""
    if not cursor:
        return 0
    try:
        kind, _, digits = base64.urlsafe_b64decode(cursor).decode().partition("|")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise bad_parameter("page[after] is not valid") from None
    if kind != "o" or not digits.isdecimal():
        raise bad_parameter("page[after] is not valid")
    return int(digits)
