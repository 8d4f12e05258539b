"""The register as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from samenspel.register import guards


class RegisterConfig(AppConfig):
    name = "samenspel.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(make_guards, sender=self)


def make_guards(using: str, **_said: Any) -> None:
    """Make the guards anew for the tables as they are now."""
    guards.make(connections[using])
