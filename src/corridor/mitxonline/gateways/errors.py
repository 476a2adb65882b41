"""What can go wrong between us and a payment gateway."""

from corridor.kit.errors import Problem


class NoticeRefused(Problem):
    """A message that claims to come from a gateway and is not believed. `code` says why: staff see it, the sender a 4xx."""

    status = 403

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NoticeUnneeded(Problem):
    """A genuine message about something that does not concern orders; it is answered as received and has no effect."""

    code = "notice_unneeded"
    status = 200


class GatewayUnavailable(Problem):
    """The gateway gave no usable answer; the same call may be made again, with the same ids."""

    code = "gateway_unavailable"
    status = 503


class GatewayUnknown(Problem):
    """There is no such gateway, or it has no settings here."""

    code = "gateway_unknown"
    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"The payment gateway {name or '(none)'} is not set up here. Set its keys, as docs/payments.md tells.")
