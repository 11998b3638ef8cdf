"""A file that is written whole or not at all, for its owner alone: it names persons."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from support_policy.errors import SupportPolicyError


class UnwritableError(SupportPolicyError):
    """A file cannot be written where it should be; the message says why."""


@contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """What to write into; it stands under its name once the block has ended well.

    Raises UnwritableError; what stood there before is then as it was.
    """
    if path.exists() and not path.is_file():
        # To put a file in the place of a device would take the device away from everybody.
        raise UnwritableError(f"{path} is not a file")
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnwritableError(f"{path} cannot be written: {reason}") from None
