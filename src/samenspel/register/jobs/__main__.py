"""The worker as a process: ``python -m samenspel.register.jobs``."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspel.web.settings")
    django.setup()
    from samenspel.register.jobs.worker import main

    main()
