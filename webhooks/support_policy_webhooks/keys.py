"""The public keys, with which anybody can check the record of permissions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask, Response, jsonify


def add_keys(app: Flask, public_keys: Callable[[], Mapping[str, object]]) -> None:
    """Add the route of the keys, as a JWK set (RFC 7517)."""

    @app.get("/.well-known/jwks.json")
    def show_keys() -> Response:
        """The public keys, old ones too; the same for everybody."""
        return jsonify(public_keys())
