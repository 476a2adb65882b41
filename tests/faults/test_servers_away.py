"""Pages and the API while the database cannot be reached: who asks is told to come back, not that we made a mistake."""

import json
import os
import subprocess
import sys

from tests.fixtures.site import free_port

ASKED = """
import json, django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
answers = [client.get(path) for path in ("/accounts/login/", "/api/v1/topics/", "/api/v1/learning_resources/1/")]
print(json.dumps([[each.status_code, each.headers.get("Retry-After"), each.headers["Content-Type"], each.content.decode()] for each in answers]))
"""


def test_an_unreachable_database_is_a_service_that_is_back_soon() -> None:
    environment = {**os.environ, "DATABASE_URL": f"postgresql://somebody:secret@127.0.0.1:{free_port()}/nothing", "LOG_LEVEL": "ERROR"}
    done = subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    asked = [answer for answer in answers if answer[0] != 200]  # some pages need no database at all
    assert len(asked) >= 2
    assert {(status, again) for status, again, _, _ in asked} == {(503, "60")}
    assert "secret" not in json.dumps(answers)
    assert json.loads(answers[2][3])["code"] == "unavailable"
