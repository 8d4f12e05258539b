"""The web process: ``python -m samenspel.web.server``, on a socket that its parent opened."""

import logging
import os
import signal
import socket
from types import FrameType
from typing import Any

THREADS = 8  # pages made at once (status: choice)


def stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def options() -> dict[str, Any]:
    """What the server is told by the settings."""
    from django.conf import settings

    found: dict[str, Any] = {
        "threads": THREADS,
        "max_request_body_size": settings.MOST_SENT,
        "url_scheme": "https" if settings.HTTPS else "http",
        "ident": None,
        "clear_untrusted_proxy_headers": True,
    }
    if settings.PROXY:
        found |= {"trusted_proxy": settings.PROXY, "trusted_proxy_headers": {"x-forwarded-for"}}
    return found


def main() -> None:
    """Serve pages until the process is told to end."""
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and tells
    application = get_wsgi_application()
    opened = socket.socket(fileno=int(os.environ["SAMENSPEL_SOCKET"]))
    server = create_server(application, sockets=[opened], **options())
    logging.getLogger("samenspel.web").info("serving")
    server.run()


if __name__ == "__main__":
    main()
