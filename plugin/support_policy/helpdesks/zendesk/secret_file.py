"""The file that holds the webhook's signing secrets: one a line, the newest first."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from support_policy.errors import SecretError

_KEPT = 2  # deliveries that were signed with the one before must still pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretFile:
    """A file of the admin's that only its owner can read."""

    path: Path

    def secrets(self) -> tuple[str, ...]:
        """What is in it; nothing when there is no file. Raises SecretError."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise SecretError(f"{self.path.name} cannot be read ({type(error).__name__})") from None
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    def holds(self, secret: str) -> bool:
        """Whether this is the newest one."""
        return self.secrets()[:1] == (secret,)

    def keep(self, secret: str) -> None:
        """Make it the newest one; readers see the old file or the new one, never half of it."""
        known = self.secrets()
        if known[:1] == (secret,):
            return
        kept = (secret, *(each for each in known if each != secret))[:_KEPT]
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)  # of a run that was cut short
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("".join(f"{each}\n" for each in kept))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def remove(self) -> None:
        """Delete the file."""
        self.path.unlink(missing_ok=True)
