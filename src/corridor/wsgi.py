import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.settings")
application = get_wsgi_application()
# Loads every view now instead of during the first request. What is loaded stays: the collector need not look through it again.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
# Thousands of objects come and go with an answer, and next to none of them refer to one another in a circle.
gc.set_threshold(20_000, 20, 50)
