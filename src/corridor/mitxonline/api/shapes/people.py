"""People."""

from rest_framework import serializers

from corridor.accounts.models import Profile as Kept

from .fields import Shape, flag, industry, language, length, maybe_text, moment, number, text


def told(longest: int) -> serializers.CharField:
    """Text that may be left out, or taken back."""
    return text(max_length=longest, required=False, allow_null=True, allow_blank=True)


def chosen(choices: type[object]) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices.choices, required=False, allow_null=True, allow_blank=True)  # type: ignore[attr-defined]  # Django's


def numbered(choices: type[object]) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices.choices, required=False, allow_null=True)  # type: ignore[attr-defined]  # Django's


def maybe_flag() -> serializers.BooleanField:
    return serializers.BooleanField(required=False, allow_null=True)


class LegalAddress(Shape):
    country = text(max_length=2)
    first_name = text(max_length=60, required=False, allow_blank=True)
    last_name = text(max_length=60, required=False, allow_blank=True)
    street_address_1 = text(max_length=255, required=False, allow_blank=True)
    street_address_2 = text(max_length=255, required=False, allow_blank=True)
    city = text(max_length=255, required=False, allow_blank=True)
    state = told(10)
    postal_code = text(max_length=20, required=False, allow_blank=True)


class UserProfile(Shape):
    gender = chosen(Kept.Gender)
    year_of_birth = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=9999)
    addl_field_flag = serializers.BooleanField(required=False)
    company = told(128)
    job_title = told(128)
    industry = told(60)
    job_function = told(60)
    company_size = numbered(Kept.CompanySize)
    years_experience = numbered(Kept.Experience)
    leadership_level = told(60)
    highest_education = chosen(Kept.Education)
    type_is_student = maybe_flag()
    type_is_professional = maybe_flag()
    type_is_educator = maybe_flag()
    type_is_other = maybe_flag()


class Variant(Shape):
    language = language()
    variant_length = length()
    variant_industry = industry()
    active = flag()
    b2b_only = flag()
    default_variant = flag()


class Contract(Shape):
    id = number()
    name = text()
    description = text()
    membership_type = text()
    organization = number()
    contract_start = serializers.DateField(allow_null=True)
    contract_end = serializers.DateField(allow_null=True)
    slug = text()
    welcome_message = text()
    welcome_message_extra = text()
    programs = serializers.ListField(child=number())
    variant_options = Variant(many=True)


class Organization(Shape):
    id = number()
    name = text()
    description = text()
    logo = text()
    slug = text()
    sso_organization_id = maybe_text()
    contracts = Contract(many=True)


class PublicUser(Shape):
    id = number()
    username = maybe_text()
    name = text()
    created_on = moment()
    updated_on = moment()


class User(Shape):
    """Somebody as they see themselves. Of somebody who is not signed in, `id` is 0 and dates are missing."""

    id = number()
    username = maybe_text()
    name = text()
    email = maybe_text()
    legal_address = LegalAddress(allow_null=True)
    user_profile = UserProfile(allow_null=True)
    is_anonymous = flag()
    is_authenticated = flag()
    is_editor = flag()
    is_staff = flag()
    is_superuser = flag()
    created_on = serializers.DateTimeField(allow_null=True)
    updated_on = serializers.DateTimeField(allow_null=True)
    grants = serializers.ListField(child=text())
    is_active = flag()
    b2b_organizations = Organization(many=True)
    global_id = maybe_text()
    compliance_missing_fields = serializers.ListField(child=text())


class UserChanges(Shape):
    """What people may change of themselves here. Addresses of mail have a command of their own."""

    name = text(max_length=255, required=False)
    legal_address = LegalAddress(required=False, allow_null=True)
    user_profile = UserProfile(required=False, allow_null=True)


class StaffDashboardUser(Shape):
    id = number()
    username = text()
    name = text()
    email = text()
    legal_address = LegalAddress(allow_null=True)
    is_staff = flag()
    is_superuser = flag()


class State(Shape):
    code = text()
    name = text()


class Country(Shape):
    code = text()
    name = text()
    states = State(many=True)


class NewAddress(Shape):
    new_email = serializers.EmailField(max_length=254)
    password = text(max_length=4096, trim_whitespace=False, write_only=True)


class Confirmation(Shape):
    confirmed = flag()
