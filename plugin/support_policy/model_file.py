"""The model in a policy folder: tried beside the one in use, and put in its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from support_policy.errors import SupportPolicyError
from support_policy.reader.model import FILE, load_model

PREVIOUS = "model.previous.npz"
SHIPPED = "model.shipped.npz"
"""The model that the policy came with: kept for good when the first lesson replaces it."""
LEARNT = "learnt_from"
"""What a model tells about itself only when ``learn`` made it."""


class ModelUnwritableError(SupportPolicyError):
    """A model cannot be written where it should be; the message says why."""


@contextmanager
def with_model(folder: Path, content: bytes) -> Iterator[Path]:
    """The same policy with another model, in a temporary folder: what is tried can be written."""
    with TemporaryDirectory(prefix="support-policy-") as made:
        copy = Path(made) / folder.resolve().name
        left_out = shutil.ignore_patterns(".*", "*.npz")
        shutil.copytree(folder, copy, ignore=left_out, ignore_dangling_symlinks=True)
        (copy / FILE).write_bytes(content)
        yield copy


def replace_model(folder: Path, content: bytes) -> bool:
    """Put a model in the place of the one in use, which is kept beside it; whether there was one.

    At every moment the folder holds a whole model, the old one or the new one. Where ``FILE`` is a
    link, it stays one, and what it leads to is replaced.
    Raises ModelUnwritableError.
    """
    file = (folder / FILE).resolve()
    there = file.is_file()
    try:
        if there:
            _keep(folder, file)
        _write(file, content, like=file if there else folder / "support.toml")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelUnwritableError(f"{file} cannot be written: {reason}") from None
    return there


def _keep(folder: Path, file: Path) -> None:
    """Keep the model in use; the one that the policy came with also where no lesson takes it."""
    content = file.read_bytes()
    _write(folder / PREVIOUS, content, like=file)
    model, shipped = load_model(folder), folder / SHIPPED
    if model and LEARNT not in model.about and not os.path.lexists(shipped):
        _write(shipped, content, like=file)


def _write(path: Path, content: bytes, *, like: Path) -> None:
    """Write a file whole or not at all; whoever may read ``like`` may read it."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            owner = like.stat()
            with suppress(OSError):  # only root may give a file away
                os.chown(file.name, owner.st_uid, owner.st_gid)
            shutil.copymode(like, file.name)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
