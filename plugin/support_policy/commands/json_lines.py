"""Lines of JSON as the commands that read and write them agree on."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

# What is no character, and what many readers of lines take for the end of one.
_ESCAPED = re.compile("[\x85\u2028\u2029\ud800-\udfff]")


def finite(number: str) -> float | None:
    """JSON has no infinity, but Python reads 1e999 as one."""
    value = float(number)
    return value if math.isfinite(value) else None


def written(row: Mapping[str, Any]) -> str:
    """The row as one line of JSON, whatever was in the ticket's id or words."""
    try:
        line = json.dumps(row, ensure_ascii=False)
    except RecursionError:  # an id within brackets within brackets
        return written({**row, "id": None})
    return json.dumps(row) if _ESCAPED.search(line) else line
