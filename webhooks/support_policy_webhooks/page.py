"""What the pages behind secret links have in common: language, headers, origin."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from flask import Flask, Response, make_response, render_template, request

from support_policy.permissions import Trace
from support_policy.texts import LANGUAGES, load_texts
from support_policy_webhooks.static_files import static_version

PLACES = ("/permission/", "/paid-help/", "/policy/", "/.well-known/")

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the address is the key
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def add_headers(app: Flask) -> None:
    """Let every answer at these places, errors too, keep the address to itself."""

    @app.after_request
    def keep_to_itself(response: Response) -> Response:
        if request.path.startswith(PLACES):
            response.headers.update(HEADERS)
        return response


def asked_language(default: str | None = None) -> str:
    """The language of ``?lang=``, else the default, else the first one that the browser names."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    # The browser's first wish, be it ``fr-CA``: werkzeug prefers a later one that is spelled alike.
    wished = (each.partition("-")[0].lower() for each in request.accept_languages.values())
    return default or next((each for each in wished if each in LANGUAGES), "en")


def other_language(language: str) -> str:
    """The language that the page can be switched to."""
    return next(each for each in LANGUAGES if each != language)


def render(
    template: str,
    language: str,
    values: Mapping[str, object],
    *,
    here: str = "",
    status: int = 200,
) -> Response:
    """A page in a language.

    ``here`` is the page's own address, relative to the one that was asked for. Where the page is
    the answer to a form, ``again`` among the values are the fields that bring it anew in the other
    language, at the address ``again_at`` below it.
    """
    other = other_language(language)
    page = render_template(
        template,
        **{
            "language": language,
            "other_language": other,
            "say": load_texts(language).say,
            "say_other": load_texts(other).say,
            "here": here,
            "root": root(),
            "version": static_version(),
            **values,
        },
    )
    return make_response(page, status)


def page_address() -> str:
    """The page behind the link that was asked for, whatever stands after it; empty without one."""
    token = request.path.split("/")[2]
    return "../" * (request.path.count("/") - 2) + quote(token, safe="") if token else ""


def root() -> str:
    """The way up to where the service stands, which may be below a path of somebody's proxy."""
    return "../" * (request.path.count("/") - 1)


def moved(here: str, language: str) -> Response:
    """Go and look at what is recorded; to load that page again repeats nothing."""
    return Response(status=303, headers={"Location": f"{here}?lang={language}"})


def trace() -> Trace:
    """From where this request came."""
    return Trace(address=request.remote_addr or "", agent=request.user_agent.string)


def came_from_elsewhere(public_url: str) -> bool:
    """Whether the browser says that somebody else's page sent this form.

    Our pages send no referrer, and browsers then call their origin ``null``.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    ours = {request.host, urlsplit(public_url).netloc}
    return origin != "null" and urlsplit(origin).netloc not in ours
