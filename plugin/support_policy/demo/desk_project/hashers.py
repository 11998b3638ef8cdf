"""The demo's password hash: quick, fit for random passwords only."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class RandomPasswordHasher(PBKDF2PasswordHasher):  # type: ignore[misc]
    """PBKDF2 with few rounds: a password of 128 random bits cannot be guessed anyway."""

    algorithm = "pbkdf2_random"
    iterations = 1000
