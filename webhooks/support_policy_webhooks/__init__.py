"""The HTTP edge that help desks call."""

from support_policy_webhooks.app import create_app

__all__ = ["create_app"]
