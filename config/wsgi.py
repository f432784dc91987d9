import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Wake-ups sent by the web go to the app that is loaded here.
from config import celery  # noqa: F401

application = get_wsgi_application()
