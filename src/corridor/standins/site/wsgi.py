"""The stand-ins' site for the web server. The environment may name the settings of the site that they stand beside."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "corridor.standins.site.settings"
application = get_wsgi_application()

from .tables import make_tables  # noqa: E402 - needs Django set up

make_tables()
