"""What the environment says to the server, read and checked, and the key that it keeps."""

import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from samenspel.errors import InputError
from samenspel.language import _

KEY = "secret-key"
LEAST_KEY = 32  # signs of a secret key (status: choice)
NAME = re.compile(r"[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?")  # of a machine, or IPv4
ADDRESSES = ("[::1]",)
MOST_DAYS = 36_500  # a century, which a date can hold
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def answered(name: str, otherwise: bool) -> bool:
    """What the environment answers to the question ``name``, else ``otherwise``. Raises InputError
    for another word than yes or no."""
    word = os.environ.get(name, "").strip().lower()
    if not word:
        return otherwise
    if word in YES:
        return True
    if word in NO:
        return False
    raise InputError(_("{name} is “{word}”; write 1 or 0.").format(name=name, word=word))


def stored_key(data: Path) -> str:
    """The secret key that is kept in the folder ``data``; empty where there is none. Raises
    InputError where it cannot be read, or is none that the server made."""
    try:
        found = (data / KEY).read_text("ascii").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            _("{file} cannot be read as a secret key; put it back, or take it away and everybody "
              "signs in again.").format(file=data / KEY)
        ) from error  # fmt: skip
    return found


def given_key(environment: Mapping[str, str]) -> str:
    """The secret key that the environment gives; empty where it gives none. Raises InputError for
    one that could be guessed, since who knows it makes links of an administrator."""
    key = environment.get("SAMENSPEL_SECRET_KEY", "").strip()
    if key and len(key) < LEAST_KEY:
        raise InputError(
            _("SAMENSPEL_SECRET_KEY is too short; give at least {least} signs by chance, or none "
              "and the server makes one.").format(least=LEAST_KEY)
        )  # fmt: skip
    return key


def database(environment: Mapping[str, str]) -> dict[str, Any] | None:
    """The PostgreSQL database that the environment names, as Django wants it; None where it names
    none. Raises InputError for an address that is none; it may hold a password, so it is not
    told."""
    address = environment.get("SAMENSPEL_DATABASE", "").strip()
    if not address:
        return None
    try:
        found = dj_database_url.parse(address, conn_max_age=600, conn_health_checks=True)
    except ValueError:
        found = {}
    if found.get("ENGINE") != "django.db.backends.postgresql":
        raise InputError(
            _("SAMENSPEL_DATABASE is no address of a PostgreSQL database; write it as "
              "postgresql://name@machine/database, with %XX for special signs in a password.")
        )  # fmt: skip
    return dict(found)


def hosts(environment: Mapping[str, str]) -> list[str]:
    """The names by which others reach the server. Raises InputError for what is no name of a
    machine: links are made of it, and cookies trust it."""
    names = [name.strip() for name in environment.get("SAMENSPEL_HOSTS", "").split(",")]
    for name in names:
        if name and not (NAME.fullmatch(name) or name in ADDRESSES):
            raise InputError(
                _("SAMENSPEL_HOSTS holds “{name}”; write names alone, such as samenspel.example, "
                  "without https://, port or asterisk.").format(name=name)
            )  # fmt: skip
    return [name for name in names if name]


def proxy(environment: Mapping[str, str]) -> str:
    """The address of the proxy in front; empty where there is none. Raises InputError for what is
    no address, which no request would ever come from."""
    word = environment.get("SAMENSPEL_PROXY", "").strip()
    try:
        return str(ipaddress.ip_address(word)) if word else ""
    except ValueError as error:
        raise InputError(
            _("SAMENSPEL_PROXY is “{word}”; write the address of the web server in front, such as "
              "127.0.0.1.").format(word=word)
        ) from error  # fmt: skip


def kept_key(data: Path) -> str:
    """The secret key in the folder ``data``, made there if there is none, readable by its owner
    alone. Of two processes that make it at once both get the same one."""
    if not stored_key(data):
        number, made = tempfile.mkstemp(prefix=f"{KEY}.", dir=data)  # for its owner alone
        with os.fdopen(number, "w") as out:
            out.write(secrets.token_urlsafe(50))
            out.flush()
            os.fsync(out.fileno())
        try:
            with suppress(FileExistsError):
                os.link(made, data / KEY)
        finally:
            Path(made).unlink()
    return stored_key(data)


@dataclass(frozen=True)
class Oidc:
    """Where else somebody may sign in, by OpenID Connect. ``name``: what its button says."""

    issuer: str
    client_id: str
    secret: str
    name: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def app(self) -> dict[str, Any]:
        """The settings as django-allauth wants them."""
        return {
            "provider_id": "oidc",
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.secret,
            "settings": {"server_url": self.issuer},
        }


def oidc(environment: Mapping[str, str]) -> Oidc | None:
    """Where else somebody may sign in; None where the environment names no issuer. Raises
    InputError where it says only half, or the issuer is not reached by https."""
    issuer = environment.get("SAMENSPEL_OIDC_ISSUER", "").strip().rstrip("/")
    if not issuer:
        return None
    if not issuer.startswith("https://"):
        raise InputError(
            _("SAMENSPEL_OIDC_ISSUER is “{issuer}”; it has to begin with https://.").format(
                issuer=issuer
            )
        )
    found = {name: environment.get(name, "").strip() for name in (
        "SAMENSPEL_OIDC_CLIENT_ID", "SAMENSPEL_OIDC_CLIENT_SECRET_FILE"
    )}  # fmt: skip
    for name, value in found.items():
        if not value:
            raise InputError(
                _("SAMENSPEL_OIDC_ISSUER is set and {name} is not; set both or neither.").format(
                    name=name
                )
            )
    file = Path(found["SAMENSPEL_OIDC_CLIENT_SECRET_FILE"])
    try:
        secret = file.read_text("utf-8").strip()
    except OSError as error:
        raise InputError(
            _("SAMENSPEL_OIDC_CLIENT_SECRET_FILE: {file} cannot be read ({error}).").format(
                file=file, error=error.strerror
            )
        ) from error
    except UnicodeDecodeError:
        secret = ""
    if not secret:
        raise InputError(
            _("SAMENSPEL_OIDC_CLIENT_SECRET_FILE: {file} holds no secret as text.").format(
                file=file
            )
        )
    name = environment.get("SAMENSPEL_OIDC_NAME", "").strip() or urlsplit(issuer).netloc
    return Oidc(issuer, found["SAMENSPEL_OIDC_CLIENT_ID"], secret, name)


PACES = ("poll", "beat", "keep", "sweep", "limit")


def days(name: str, otherwise: int) -> int:
    """The number of days that the environment gives for ``name``, else ``otherwise``. Raises
    InputError for what is no whole number of days, at least one."""
    word = os.environ.get(name, "").strip()
    if not word:
        return otherwise
    if not word.isdecimal() or len(word) > 9 or not 0 < int(word) <= MOST_DAYS:
        raise InputError(
            _("{name} is “{word}”; write a number of days, 1 or more.").format(name=name, word=word)
        )
    return int(word)


def paces(environment: Mapping[str, str]) -> dict[str, float]:
    """The seconds that the environment names for the worker of jobs, as ``SAMENSPEL_JOBS_POLL`` and
    so on. Raises InputError for what is no number of seconds; only the first two must be above
    0."""
    found = {}
    for name in PACES:
        variable = f"SAMENSPEL_JOBS_{name.upper()}"
        word = environment.get(variable, "").strip()
        if not word:
            continue
        try:
            found[name] = float(word)
        except ValueError:
            found[name] = -1.0
        if not (0 <= found[name] < float("inf")) or (not found[name] and name in PACES[:2]):
            raise InputError(
                _("{name} is “{word}”; write a number of seconds.").format(name=variable, word=word)
            )
    return found
