"""What can be wrong with a grade, a certificate or a request for one."""

from corridor.kit.errors import Problem


class CertificateNotFound(Problem):
    code = "not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no certificate {key}. Look whether the address is the whole one.")


class CredentialNotFound(Problem):
    """A credential that there is not, or a status list."""

    code = "not_found"
    status = 404

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"There is no {what} {key}.")


class CertificateRevoked(Problem):
    """A file of a certificate that was revoked is asked for."""

    code = "certificate_revoked"
    status = 410

    def __init__(self) -> None:
        super().__init__("This certificate was revoked, so there is no file of it any more.")


class AlreadyRevoked(Problem):
    code = "already_revoked"
    status = 409

    def __init__(self) -> None:
        super().__init__("This certificate was revoked before. Issue it anew if the person is to have one.")


class AlreadyReplaced(Problem):
    code = "already_replaced"
    status = 409

    def __init__(self) -> None:
        super().__init__("Another certificate took the place of this one. Open that one.")


class ReasonMissing(Problem):
    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__("Say why: the reason stays with the certificate.")


class GradeRefused(Problem):
    code = "grade_refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


class NotYours(Problem):
    """Somebody without the permission changes a grade or a certificate."""

    code = "forbidden"
    status = 403

    def __init__(self, what: str) -> None:
        super().__init__(f"Your account may not change {what}. Ask for the role that may.")
