"""The server as a Django app: its one table, and what it listens to."""

from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    name = "samenspel.web"
    label = "web"

    def ready(self) -> None:
        from samenspel.web import auditing

        # This app has no models, so migrations do not tell it that they are done.
        post_migrate.connect(make_cache, sender=apps.get_app_config("register"))
        auditing.listen()


def make_cache(using: str, **_said: Any) -> None:
    """Make the table in which attempts to sign in are counted, where it is not there yet."""
    call_command("createcachetable", database=using, verbosity=0)
