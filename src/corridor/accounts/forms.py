"""Forms of sign-up, sign-in and passwords: labels instead of placeholders, each password asked for once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin.forms.auth import LoginForm as ConsoleLoginForm

from .errors import Implausible
from .models import User
from .passwords import HELP
from .rules import personal_name

EMAIL = "Email address"


@contextmanager
def as_validation() -> Iterator[None]:
    """What a rule refuses is said at the field."""
    try:
        yield
    except Implausible as refused:
        raise ValidationError(str(refused), code=refused.code) from refused


class Plain(forms.Form):
    """A form without placeholders, which vanish as soon as one types."""

    labels: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if field.widget.attrs.get("autocomplete") == "new-password":
                field.help_text = HELP


class SignUp(Plain, allauth.SignupForm):
    labels = {"email": EMAIL}
    field_order = ["name", "email", "password1"]
    account_already_exists: bool

    name = forms.CharField(
        label="Your name",
        max_length=255,
        help_text="As it is to stand on certificates. You can change it later.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        with as_validation():
            return personal_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        password, name = cleaned.get("password1"), cleaned.get("name")
        if password and name and "password1" not in self.errors:
            try:
                password_validation.validate_password(password, User(name=name))
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def try_save(self, request: HttpRequest) -> Any:
        """As for a new account where there is one already, in the time that it takes to hash a password, too."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:  # two of one moment: the database knows
            self.account_already_exists = True
            return super().try_save(request)


class SignIn(Plain, allauth.LoginForm):
    labels = {"login": EMAIL}


class SignInAgain(Plain, allauth.ReauthenticateForm):
    pass


class NewAddress(Plain, allauth.AddEmailForm):
    labels = {"email": "New email address"}


class ChangePassword(Plain, allauth.ChangePasswordForm):
    labels = {"oldpassword": "Current password", "password1": "New password"}


class SetPassword(Plain, allauth.SetPasswordForm):
    labels = {"password1": "New password"}


class ForgottenPassword(Plain, allauth.ResetPasswordForm):
    labels = {"email": EMAIL}


class NewPassword(Plain, allauth.ResetPasswordKeyForm):
    labels = {"password1": "New password"}


class ConsoleSignIn(ConsoleLoginForm):
    """The console's own door: the same accounts, the same limits; who has a second step goes through the main one."""

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name is not None and password:
            self.user_cache = get_adapter(self.request).authenticate(self.request, username=name, password=password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return dict(self.cleaned_data)

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if is_mfa_enabled(user):
            address = f"{reverse('account_login')}?next={reverse('wagtailadmin_home')}"
            raise ValidationError(
                format_html('Your account has a second step. <a href="{}">Sign in there</a>.', address), code="second_step"
            )
