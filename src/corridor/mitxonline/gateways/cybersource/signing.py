"""The signature of Secure Acceptance: HMAC-SHA256 over `name=value` pairs joined by commas, in the order that the message names.

Nothing is escaped, so that one text can be cut into pairs in more than one way: a payer who names himself `,decision=ACCEPT,…` could
have a declined payment read as an accepted one. A message that can be cut in another way is not believed, and we send none.
"""

import hmac
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence

NAMES, UNSIGNED, SIGNATURE = "signed_field_names", "unsigned_field_names", "signature"


def signature(fields: Mapping[str, str], names: Sequence[str], secret: str) -> str:
    text = ",".join(f"{name}={fields[name]}" for name in names)
    return b64encode(hmac.digest(secret.encode(), text.encode(errors="surrogatepass"), "sha256")).decode()


def signed(fields: Mapping[str, str], secret: str) -> dict[str, str]:
    """The form with its signature over every field."""
    names = sorted({*fields, NAMES, UNSIGNED})
    form = {**fields, UNSIGNED: "", NAMES: ",".join(names)}
    return form | {SIGNATURE: signature(form, names, secret)}


def is_signed(fields: Mapping[str, str], names: Sequence[str], secret: str) -> bool:
    given = fields.get(SIGNATURE, "").encode(errors="surrogatepass")
    return hmac.compare_digest(signature(fields, names, secret).encode(), given)


def is_ambiguous(fields: Mapping[str, str], names: Sequence[str], known: Collection[str] = ()) -> bool:
    """Whether a value holds what looks like the beginning of a field, of the message's own or of the `known` ones."""
    beginnings = [f",{name}=" for name in {*names, *known}]
    return any(beginning in fields[name] for name in names if name != NAMES for beginning in beginnings)
