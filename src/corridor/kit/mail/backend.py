"""Django's way to send mail, which here owes the outbox a message: in the caller's transaction, or in one of its own when there is none."""

from base64 import b64encode
from collections.abc import Sequence
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address
from django.db import transaction

from corridor.kit.outbox import publish

TOPIC = "kit.mail"


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        owed = [message for message in email_messages if message.recipients()]
        with transaction.atomic():
            for message in owed:
                publish(TOPIC, [message.recipients()[0].lower()], letter(message))
        return len(owed)


def letter(message: EmailMessage) -> dict[str, object]:
    """What the relay needs to hand a mail over. The name is fixed here: a mail that is delivered twice is the same mail twice."""
    name = message.extra_headers.setdefault("Message-ID", make_msgid(domain=urlsplit(settings.CONFIG.base_url).hostname or "localhost"))
    content = message.message()
    encoding = message.encoding or settings.DEFAULT_CHARSET
    return {
        "name": name,
        "sender": sanitize_address(message.from_email, encoding),
        "recipients": [sanitize_address(each, encoding) for each in message.recipients()],
        "content": b64encode(content.as_bytes(linesep="\r\n")).decode(),  # type: ignore[call-arg]  # Django's messages know it
    }
