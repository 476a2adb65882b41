"""What the courseware tells Corridor: who has joined a course, and who has earned a certificate. Signed, with a name of its own each."""

import hashlib
import hmac
import json
import time
from uuid import uuid4

import requests
from django.conf import settings

from .models import Enrollment, Notice

WAIT_SECONDS = 10


def tell(kind: str, enrollment: Enrollment) -> Notice:
    body = {
        "event_id": str(uuid4()),
        "email": enrollment.learner.email,
        "username": enrollment.learner.username,
        "course_id": enrollment.course.key,
    }
    notice = Notice.objects.create(kind=kind, body=body | ({"role": "student"} if kind == "enrollment" else {}))
    return send(notice)


def send(notice: Notice) -> Notice:
    """Send it; the answer is kept with it, and staff can send it again."""
    body = json.dumps(notice.body).encode()
    address = f"{settings.CONFIG.base_url}/mitxonline/api/openedx_webhook/{notice.kind}/"
    try:
        answer = requests.post(address, data=body, headers=_headers(body), timeout=WAIT_SECONDS)
        notice.answered = f"{answer.status_code} {answer.text[:150]}"
    except requests.RequestException as error:
        notice.answered = f"no answer: {type(error).__name__}"
    notice.save()
    return notice


def _headers(body: bytes) -> dict[str, str]:
    secret, now = settings.CONFIG.openedx_webhook_secret, str(int(time.time()))
    key = secret.get_secret_value().encode() if secret else b""
    signature = hmac.new(key, now.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Corridor-Signature": f"t={now},v1={signature}"}
