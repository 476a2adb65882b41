"""Values of people as actions take them and queries give them. Empty text and None mean: not told."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Address:
    first_name: str
    last_name: str
    country: str
    state: str = ""
    street_address_1: str = ""
    street_address_2: str = ""
    city: str = ""
    postal_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Details:
    year_of_birth: int | None = None
    gender: str = ""
    highest_education: str = ""
    company: str = ""
    job_title: str = ""
    industry: str = ""
    job_function: str = ""
    company_size: int | None = None
    years_experience: int | None = None
    leadership_level: str = ""
    type_is_student: bool | None = None
    type_is_professional: bool | None = None
    type_is_educator: bool | None = None
    type_is_other: bool | None = None
