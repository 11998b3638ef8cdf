"""The policy in force, for whoever is asked to pay by it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from support_policy_webhooks.page import asked_language, page_address, render, root


def add_policy(app: Flask, version: str, texts: Mapping[str, str]) -> None:
    """Add the route of the policy's text; only this version is known here."""
    # Markup in a policy's text is shown as it is written, and does nothing.
    markdown = MarkdownIt("commonmark", {"html": False})
    pages = {language: Markup(markdown.render(text)) for language, text in texts.items()}  # noqa: S704

    @app.get("/policy/<asked>", strict_slashes=False)
    def show_policy(asked: str) -> Response:
        """The text, the same for everybody; in the language there is, where it is in one alone."""
        language = asked_language()
        if asked != version:
            return _another(version, language)
        written = language if language in pages else next(iter(pages))
        values = {"text": pages[written], "written": written, "edition": version}
        return render("permission_policy.html", language, values, here=page_address())


def _another(version: str, language: str) -> Response:
    """Where a version is asked for that is not in force: links to it stand in older messages."""
    values = {"edition": version, "in_force": f"{root()}policy/{version}"}
    return render("permission_policy_other.html", language, values, here=page_address(), status=404)
