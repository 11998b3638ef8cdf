"""What can go wrong, named by who must act."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file, with enough for its author to mend it."""

    file: str
    where: str
    what: str
    suggestion: str = ""

    def __str__(self) -> str:
        place = f"{self.file}: {self.where}" if self.where else self.file
        stop = "" if self.what.endswith((".", "?", "!")) else "."
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{place}: {self.what}{stop}{hint}"


class SupportPolicyError(Exception):
    """The base of every error this package raises on purpose."""


class _ProblemsError(SupportPolicyError):
    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class PolicyError(_ProblemsError):
    """The policy's author must mend the policy; every problem is listed at once."""


class SettingsError(_ProblemsError):
    """The admin must mend the settings; every problem is listed at once."""


class SecretError(SupportPolicyError):
    """A secret's file cannot be read; the message names the file and not what is in it."""


class DeliveryError(SupportPolicyError):
    """The sender of a webhook must mend the request; nothing of it was kept."""


class SignatureError(DeliveryError):
    """The request does not prove that it comes from the help desk."""


class StaleError(DeliveryError):
    """The request was signed too long ago, or in the future."""


class MalformedError(DeliveryError):
    """The request comes from the help desk but cannot be read."""


class HelpDeskError(SupportPolicyError):
    """The help desk did not do what it was asked."""


class UnavailableError(HelpDeskError):
    """The help desk cannot be reached or is broken; the same request may work later."""


class RateLimitedError(UnavailableError):
    """The help desk asks for patience.

    ``after`` is the number of seconds it asked us to wait.
    """

    def __init__(self, message: str, *, after: float) -> None:
        super().__init__(message)
        self.after = after


class LoginError(UnavailableError):
    """The help desk does not know our log-in, or knows it no longer."""


class ForbiddenError(UnavailableError):
    """The help desk knows our log-in and does not allow it this: its rights, or the desk's plan."""


class BusyError(HelpDeskError):
    """This ticket cannot be written just now; others can.

    ``after`` is the number of seconds after which it may.
    """

    def __init__(self, message: str, *, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class ConflictError(BusyError):
    """The ticket was changed since it was read: read it again and decide anew."""


class RefusedError(HelpDeskError):
    """The help desk understood and said no: repeating the request will not help."""


class GoneError(HelpDeskError):
    """The ticket does not exist (any more, or not yet)."""


class ConsentError(SupportPolicyError):
    """Something about a permission cannot be done as things stand.

    ``reason`` is a short word that pages turn into a sentence: ``expired``, ``answered``,
    ``changed``, ``closed``, ``started``, ``blocks``, ``incomplete``, ``not_entitled``,
    ``already_asked``, ``unconfirmed``, ``capped``, ``running``, ``resting``, ``unfinished``,
    ``nothing_charged``, ``billed``, ``waived``, ``disputed``, ``too_often``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"this cannot be done: {reason}")
        self.reason = reason


class UnknownLinkError(SupportPolicyError):
    """Nobody was ever given this link."""

    def __init__(self) -> None:
        super().__init__("there is no such page")
