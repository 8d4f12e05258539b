"""Settings of the server, all from the environment, with defaults that are safe.

``SAMENSPEL_DATA``: the folder of the embedded database and of the secret key.
``SAMENSPEL_DATABASE``: ``postgresql://…`` for a database of one's own, else SQLite in that folder.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url

DATA = Path(os.environ.get("SAMENSPEL_DATA", "samenspel-data")).absolute()

SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(DATA / "samenspel.sqlite3"),
    "OPTIONS": {
        # A writer takes its turn at the start, so that no two find out half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}
DATABASE = os.environ.get("SAMENSPEL_DATABASE", "")
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(DATABASE, conn_max_age=600, conn_health_checks=True)
    if DATABASE
    else SQLITE
}

SECRET_KEY = os.environ.get("SAMENSPEL_SECRET_KEY", "") or "to be set"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "samenspel.register.apps.RegisterConfig",
]
AUTH_USER_MODEL = "register.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/Brussels"
LANGUAGE_CODE = "nl"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
