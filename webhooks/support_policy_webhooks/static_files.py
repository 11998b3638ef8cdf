"""The files that pages load: named by their content, so that browsers may keep them for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@cache
def static_files() -> Mapping[str, tuple[bytes, str]]:
    """Content and type of every file that is served, by its path."""
    return dict(_found(files("support_policy_webhooks").joinpath("static"), ""))


@cache
def static_version() -> str:
    """Changes whenever one of the files does."""
    digest = sha256()
    for name, (content, _) in sorted(static_files().items()):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _found(folder: Traversable, prefix: str) -> Iterator[tuple[str, tuple[bytes, str]]]:
    for each in folder.iterdir():
        kind = KINDS.get("." + each.name.rpartition(".")[2])
        if each.is_dir():
            yield from _found(each, f"{prefix}{each.name}/")
        elif kind:  # licences and notes lie beside them
            yield prefix + each.name, (each.read_bytes(), kind)
