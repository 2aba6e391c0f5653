"""The server's entry point (WSGI)."""

import importlib
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knutepunkt.config.settings")
application = get_wsgi_application()
# Every address is known before the first visitor comes, who would otherwise wait for the imports.
importlib.import_module(settings.ROOT_URLCONF)
