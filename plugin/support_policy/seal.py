"""The seal of the record: ES256 keys in a folder of their own, and the check of what they signed.

A signature is a JWS with detached payload (RFC 7515, appendix F); a key's name is its thumbprint
(RFC 7638). No other algorithm is ever accepted.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk
from jose.exceptions import JOSEError

from support_policy.errors import SecretError, SupportPolicyError

ALGORITHM = "ES256"
KEYS_FILE = "signing-keys.json"
LINK_FILE = "link-secret"

_LINK_BYTES = 32
_SIGNATURE_BYTES = 64
_PUBLIC = ("alg", "crv", "kid", "kty", "use", "x", "y")
_OTHERS = 0o077
# What a damaged or forged key or signature may break in the libraries.
_BROKEN = (JOSEError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class SealError(SupportPolicyError):
    """A signature does not hold; the message says why, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """Keys that signatures are checked against, by their names."""

    keys: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, jwks: object) -> PublicKeys:
        """The keys of a JWK set. Raises SealError."""
        try:
            return cls({each["kid"]: _public_key(each) for each in jwks["keys"]})  # type: ignore[index]
        except _BROKEN:
            raise SealError("these are no public keys for ES256") from None

    def check(self, payload: bytes, signature: str) -> str:
        """The name of the key that signed this. Raises SealError."""
        head, _, tail = signature.partition("..")
        kid = _kid(_decoded(head))
        raw = _decoded(tail)
        if kid not in self.keys:
            raise SealError("it is signed with a key that is not among the known ones")
        signed = f"{head}.{_encoded(payload)}".encode("ascii")
        if len(raw) != _SIGNATURE_BYTES or not self.keys[kid].verify(signed, raw):
            raise SealError("its signature does not fit it")
        return kid


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in a folder that its owner alone can read.

    ``may_make`` says whether what is missing is made when it is first needed: it must be false once
    anything was signed, or a folder that is away for a moment would end every link and the proof of
    every record. Every method raises SecretError when the folder or a file in it is not as it must
    be; a damaged file is never replaced by a new one.
    """

    folder: Path
    may_make: bool = True

    def make(self) -> None:
        """Make what is missing of them, and leave what is there."""
        made = replace(self, may_make=True)
        made.public()
        made.link_secret()

    def sign(self, payload: bytes) -> str:
        """The signature of these bytes by the current key."""
        current = self._keys()[0]
        protected = _encoded(_canonical({"alg": ALGORITHM, "kid": current["kid"]}))
        signed = f"{protected}.{_encoded(payload)}".encode("ascii")
        return f"{protected}..{_encoded(jwk.construct(current, ALGORITHM).sign(signed))}"

    def public(self) -> dict[str, list[dict[str, str]]]:
        """The public keys as a JWK set, the current one first and then the ones before it."""
        return {"keys": [_public(each) for each in self._keys()]}

    def rotate(self) -> str:
        """Sign with a new key from now on; the old ones stay known. The new key's name."""
        self._keys()
        with _told(KEYS_FILE), self._alone():
            # What was signed stays checkable with the public half; nothing more will be signed.
            known = self._keys()
            fresh = _new_key()
            content = _canonical({"keys": [fresh, *map(_public, known)]})
            self._written(KEYS_FILE, content).replace(self.folder / KEYS_FILE)
        return fresh["kid"]

    def link_secret(self) -> bytes:
        """The 32 bytes that links are made from."""
        content = self._content(LINK_FILE)
        if len(content) != _LINK_BYTES:
            raise _damaged(LINK_FILE)
        return content

    def _keys(self) -> list[dict[str, str]]:
        """All keys, the current one first: it alone has its private half."""
        content = self._content(KEYS_FILE)
        try:
            keys: list[dict[str, str]] = json.loads(content)["keys"]
            PublicKeys.of({"keys": [_public(each) for each in keys]})
            jwk.construct(keys[0], ALGORITHM).sign(b"")  # its two halves belong together
        except (SealError, IndexError, *_BROKEN):
            raise _damaged(KEYS_FILE) from None
        return keys

    def _content(self, name: str) -> bytes:
        """What is in a file; of several processes that need it first, one makes it."""
        with _told(name):
            if self.may_make:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            elif not (self.folder / name).exists():
                raise _missing(name)
            self._must_be_private()
            if not (self.folder / name).exists():
                self._make(name, _first(name))
            return self._read(name)

    def _make(self, name: str, content: bytes) -> None:
        # A link is made whole or not at all, and never over what is there.
        whole = self._written(name, content)
        try:
            with suppress(FileExistsError):
                os.link(whole, self.folder / name)
        finally:
            whole.unlink()

    def _written(self, name: str, content: bytes) -> Path:
        """A new file beside the one of this name, on disk."""
        path = self.folder / f"{name}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return path

    def _read(self, name: str) -> bytes:
        with (self.folder / name).open("rb") as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                raise SecretError(f"{name} can be read by others: set its mode to 600")
            return file.read()

    def _must_be_private(self) -> None:
        if self.folder.stat().st_mode & _OTHERS:
            raise SecretError(
                f"the folder {self.folder.name} can be read by others: set its mode to 700"
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process changes the keys meanwhile: a key that was lost would prove nothing."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SecretError(f"{name}: {error.strerror or type(error).__name__}") from None


def check(payload: bytes, signature: str, jwks: object) -> str:
    """The name of the key of a JWK set that signed these bytes. Raises SealError."""
    return PublicKeys.of(jwks).check(payload, signature)


def thumbprint(key: Mapping[str, str]) -> str:
    """The name of a key by what it is (RFC 7638)."""
    needed = _canonical({name: key[name] for name in ("crv", "kty", "x", "y")})
    return _encoded(sha256(needed).digest())


def _first(name: str) -> bytes:
    """What a file holds when it is made."""
    if name == LINK_FILE:
        return secrets.token_bytes(_LINK_BYTES)
    return _canonical({"keys": [_new_key()]})


def _new_key() -> dict[str, str]:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key: dict[str, str] = jwk.construct(pem, ALGORITHM).to_dict()
    return {**key, "kid": thumbprint(key), "use": "sig"}


def _public(key: Mapping[str, str]) -> dict[str, str]:
    return {name: key[name] for name in _PUBLIC}


def _public_key(key: Mapping[str, str]) -> Any:
    """A key ready for use, after it was seen that it is one for ES256 and bears its own name."""
    usual = {"alg": ALGORITHM, "crv": "P-256", "kty": "EC", "kid": thumbprint(key), "use": "sig"}
    if {name: key[name] for name in usual} != usual or "d" in key:
        raise ValueError("no public key for ES256")
    return jwk.construct(dict(key), ALGORITHM)


def _kid(protected: bytes) -> str:
    try:
        kid = json.loads(protected)["kid"]
    except _BROKEN:
        kid = None
    if not isinstance(kid, str) or protected != _canonical({"alg": ALGORITHM, "kid": kid}):
        raise SealError("its signature is not one for ES256")
    return kid


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    """The bytes behind a text, which must be their one spelling: spare bits of it are nought."""
    try:
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        value = b""
    if not value or _encoded(value) != text:
        raise SealError("its signature is not spelled as it must be")
    return value


def _missing(name: str) -> SecretError:
    return SecretError(
        f"{name} is missing from the folder of the keys: put the folder back; "
        "no new one is made, for the record was signed with the old one"
    )


def _damaged(name: str) -> SecretError:
    return SecretError(f"{name} is damaged: bring it back from a backup; no new one is made for it")
