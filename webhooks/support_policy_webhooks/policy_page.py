"""The policy in force, for whoever is asked to pay by it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from support_policy_webhooks.page import asked_language, gone, render


def add_policy(app: Flask, version: str, texts: Mapping[str, str]) -> None:
    """Add the route of the policy's text; only this version is known here."""
    # Markup in a policy's text is shown as it is written, and does nothing.
    markdown = MarkdownIt("commonmark", {"html": False})
    pages = {language: Markup(markdown.render(text)) for language, text in texts.items()}  # noqa: S704

    @app.get("/policy/<asked>")
    def show_policy(asked: str) -> Response:
        """The text, the same for everybody."""
        if asked != version:
            return gone()
        language = asked_language()
        return render(
            "permission_policy.html", language, {"text": pages[language], "edition": version}
        )
