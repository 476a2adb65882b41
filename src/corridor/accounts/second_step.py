"""What allauth asks about second steps and passkeys: names, words, and how secrets are kept."""

from base64 import urlsafe_b64encode
from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from .forms import Plain


def _cipher() -> MultiFernet:
    """Writes with the key of today, reads with those before it, too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(HKDF(SHA256(), 32, None, b"second steps").derive(key.encode()))) for key in keys])


class SecondStep(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right. Codes of an app change every half minute; take the one that it shows now.",
        "unverified_email": "Confirm your address first.",
        "add_email_blocked": "This account has a second step: take that off before you change the address.",
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def _get_site_name(self) -> str:
        return str(settings.WAGTAIL_SITE_NAME)


class SecondStepCode(Plain, base.AuthenticateForm):
    labels = {"code": "Code"}


class CodeAgain(Plain, base.ReauthenticateForm):
    labels = {"code": "Code"}


class NewApp(Plain, ActivateTOTPForm):
    labels = {"code": "Code that the app shows"}


class NewKey(Plain, webauthn.AddWebAuthnForm):
    labels = {"name": "Name", "passwordless": "Opens my account without a password"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True
        self.fields[
            "passwordless"
        ].help_text = "Needs a device that checks it is you: by finger, face or PIN. Otherwise the key is a second step."


class RenamedKey(Plain, webauthn.EditWebAuthnForm):
    labels = {"name": "Name"}
