"""Records that are little more than the JSON that made them, kept in order and found by id."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from support_policy.demo.zendesk_double.clock import Clock
from support_policy.demo.zendesk_double.refusals import RefusedError, not_found

Json = dict[str, Any]

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST_ID = 36_000_000_001


class Ids:
    """New ids: large whole numbers, or ULIDs where Zendesk has those."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self._clock = clock
        self._last = _FIRST_ID
        self._random = random.Random(seed)  # noqa: S311 - made-up ids, repeatable by seed

    def number(self) -> int:
        """The next id; they leave gaps, as Zendesk's do."""
        self._last += self._random.randint(1, 90)
        return self._last

    def text(self) -> str:
        """The next id of the few resources whose ids are strings."""
        return str(self.number())

    def ulid(self) -> str:
        """26 signs: the time in milliseconds, then chance."""
        number = int(self._clock.exact().timestamp() * 1000) << 80 | self._random.getrandbits(80)
        return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))

    def secret(self, size: int = 32) -> bytes:
        """Bytes for a made-up secret."""
        return self._random.randbytes(size)


class Shelf:
    """One kind of record."""

    def __init__(
        self,
        clock: Clock,
        new_id: Callable[[], int | str],
        absent: Callable[[], RefusedError] = not_found,
    ) -> None:
        self._clock = clock
        self._new_id = new_id
        self._absent = absent
        self._records: dict[str, Json] = {}

    def __iter__(self) -> Iterator[Json]:
        """Every record, oldest first."""
        return iter(list(self._records.values()))

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, identifier: object) -> bool:
        return str(identifier) in self._records

    def add(self, values: Json) -> Json:
        """Keep a new record under a new id."""
        stamp = self._clock.stamp()
        record = {"id": self._new_id(), **values, "created_at": stamp, "updated_at": stamp}
        self._records[str(record["id"])] = record
        return record

    def get(self, identifier: object) -> Json:
        """The record of that id; refused when there is none."""
        try:
            return self._records[str(identifier)]
        except KeyError:
            raise self._absent() from None

    def change(self, identifier: object, values: Json) -> Json:
        """Replace these values of a record, but never its id or its birth."""
        record = self.get(identifier)
        fixed = {"id", "created_at"}
        record.update({name: value for name, value in values.items() if name not in fixed})
        record["updated_at"] = self._clock.stamp()
        return record

    def remove(self, identifier: object) -> None:
        """Forget a record."""
        self.get(identifier)
        del self._records[str(identifier)]
