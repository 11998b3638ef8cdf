"""The sentences people read, one file for each language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from support_policy.core.explain import Texts

LANGUAGES = ("en", "fr")


@cache
def load_texts(language: str) -> Texts:
    """The texts of ``en`` or ``fr``."""
    source = files("support_policy").joinpath("locales", f"{language}.toml")
    return Texts(language=language, messages=tomllib.loads(source.read_text(encoding="utf-8")))
