"""Django settings of the demo's help desk; what differs between desks comes from DESK_* variables.

django-helpdesk is set up as its manual says and with the lines of `support_policy_desk.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(os.environ["DESK_FOLDER"])

SECRET_KEY = os.environ["DESK_SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "support_policy.demo.desk_project.urls"
WSGI_APPLICATION = "support_policy.demo.desk_project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
SITE_ID = 1

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.humanize",
    "django.contrib.admin",
    "helpdesk",
    "rest_framework",
]
INSTALLED_APPS += ["support_policy_desk.SupportPolicyDesk"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "desk.sqlite3",
        # Four threads write: wait for each other instead of failing, readers beside a writer.
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
TIME_ZONE = "America/Toronto"
USE_TZ = True

STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = FOLDER / "media"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/tickets/"
# Mail goes nowhere, or into a folder where it can be read.
EMAIL_FILE_PATH = os.environ.get("DESK_MAIL_FOLDER") or None
EMAIL_BACKEND = (
    f"django.core.mail.backends.{'filebased' if EMAIL_FILE_PATH else 'dummy'}.EmailBackend"
)

# The demo's passwords are 128 random bits, which no slow hash makes stronger, and basic
# authentication hashes them again at every REST request (about 0.3 s each with the default).
PASSWORD_HASHERS = ["support_policy.demo.desk_project.hashers.RandomPasswordHasher"]

HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_SUBMIT_A_TICKET_PUBLIC = True
HELPDESK_VIEW_A_TICKET_PUBLIC = True


def HELPDESK_GET_NEW_TICKET_WEBHOOK_URLS() -> list[str]:  # noqa: N802 - the help desk's name
    """Where the help desk tells of a new ticket."""
    return os.environ.get("DESK_WEBHOOK_URLS", "").split()


def HELPDESK_GET_FOLLOWUP_WEBHOOK_URLS() -> list[str]:  # noqa: N802 - the help desk's name
    """Where the help desk tells of a follow-up."""
    return os.environ.get("DESK_FOLLOWUP_WEBHOOK_URLS", "").split()


HELPDESK_WEBHOOK_TIMEOUT = 3
HELPDESK_PRIVATE_FOLLOWUP_MEANS_NO_EMAILS = True
HELPDESK_SHOW_CUSTOM_FIELDS_FOLLOW_UP_LIST = ["none"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
