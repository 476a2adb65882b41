"""Changes that people make to their accounts, for pages and APIs alike."""

from dataclasses import asdict

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.db import transaction
from django.http import HttpRequest

from corridor.kit import clock

from . import rules
from .errors import Implausible, NoSuchChange, WrongPassword
from .forms import NewAddress
from .models import LegalAddress, Profile, User
from .records import Address, Details


@transaction.atomic
def tell_of_oneself(
    user: User,
    *,
    name: str | None = None,
    address: Address | None = None,
    details: Details | None = None,
    asked_more: bool | None = None,
) -> User:
    """Keep what a person tells; None leaves a part as it is. Raises Implausible, and then keeps nothing."""
    if name is not None:
        user.name = rules.personal_name(name)
        user.save(update_fields=["name", "updated_on"])
    if address is not None:
        LegalAddress.objects.update_or_create(user=user, defaults=asdict(rules.legal_address(address)))
    if details is not None:
        Profile.objects.update_or_create(user=user, defaults=asdict(rules.details(details, clock.now().year)))
    if asked_more is not None:
        Profile.objects.update_or_create(user=user, defaults={"addl_field_flag": asked_more})
    return user


@transaction.atomic
def begin_address_change(request: HttpRequest, *, email: str, password: str) -> None:
    """Write to the new address of whoever asks; it counts once it is confirmed. Raises WrongPassword and Implausible."""
    if not get_adapter(request).reauthenticate(request.user, password):
        raise WrongPassword
    form = NewAddress(user=request.user, data={"email": email})
    if not form.is_valid():
        raise Implausible("email", " ".join(map(str, form.errors["email"])), field="new_email")
    EmailAddress.objects.add_new_email(request, request.user, form.cleaned_data["email"])


@transaction.atomic
def confirm_address_change(request: HttpRequest, *, code: str) -> None:
    """Take the code of the letter. Raises NoSuchChange for a code that is old, used or somebody else's."""
    confirmation = EmailConfirmationHMAC.from_key(code)
    if confirmation is None or confirmation.email_address.user_id != request.user.pk or not confirmation.confirm(request):
        raise NoSuchChange
