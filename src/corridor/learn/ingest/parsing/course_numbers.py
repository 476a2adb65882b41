"""What a course's number or key says of its department."""

import re

_DEPARTMENT = re.compile(r"(\d{1,2}[A-Z]?|[A-Z]{2,4}(?:-[A-Z])?)\..+", re.IGNORECASE)
_SAME = {"21W": "CMS-W", "CMS": "CMS-W"}


def department_of(number: str) -> str:
    """The department id that leads a number: 6 of 6.042J, CMS-W of 21W.735; "" where it has none."""
    match = _DEPARTMENT.fullmatch(number.strip())
    found = match[1].upper().lstrip("0") if match else ""
    return _SAME.get(found, found)


def number_of_key(key: str) -> str:
    """The number in an Open edX course key: 18.03.1x of course-v1:MITxT+18.03.1x and of MITx+18.03.1x; "" of another."""
    parts = key.split("+")
    return parts[1].strip() if len(parts) > 1 else ""
