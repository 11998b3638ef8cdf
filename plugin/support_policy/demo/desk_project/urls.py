"""Addresses of the demo's help desk."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.urls import include, path, re_path

urlpatterns = [
    path("admin/", admin.site.urls),
    # Static files straight from the packages: no collectstatic, no web server in front.
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("helpdesk.urls", namespace="helpdesk")),
]
