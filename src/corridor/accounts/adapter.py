"""What allauth asks the site: who may sign up, what people are called, how mail and failures are worded."""

import secrets
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


def new_username() -> str:
    """A name for machines that tells nothing of the person."""
    return f"learner-{secrets.token_hex(5)}"


class Accounts(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is switched off. Write to us if you think it should not be.",
        "duplicate_email": "This is your address already.",
        "email_password_mismatch": "Address and password do not belong together. Check both, or set a new password.",
        "email_taken": "Another account has this address.",
        "enter_current_password": "This is not your current password.",
        "incorrect_code": "This code is not right. Codes of an app change every half minute; take the one that it shows now.",
        "incorrect_password": "This is not your password.",
        "invalid_password_reset": "This link has been used, or is too old.",
        "rate_limited": "Too many attempts. Wait a few minutes, then try again.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then try again, or set a new password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.CONFIG.sign_up == "open")

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        user.username = user.username or new_username()

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data.get("name", user.name)
        return super().save_user(request, user, form, commit=commit)

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links in mail lead to the site's own address, whatever host name the request carried."""
        links = {name: ours(str(value)) for name, value in context.items() if name.endswith("_url") and value}
        super().send_mail(
            template_prefix, email, {**context, **links, "site": settings.WAGTAIL_SITE_NAME, "origin": settings.CONFIG.base_url}
        )


def ours(address: str) -> str:
    """The address, on this site."""
    parts = urlsplit(address)
    return f"{settings.CONFIG.base_url}{parts.path}{f'?{parts.query}' if parts.query else ''}"
