"""What can be wrong with what people tell of themselves."""

from corridor.kit.errors import Problem


class Implausible(Problem):
    """A value that cannot be true or that other services refuse. `field` names it where there are several."""

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.members = {"field": field} if field else {}


class WrongPassword(Problem):
    code = "wrong_password"
    status = 403

    def __init__(self) -> None:
        super().__init__("This is not your password.")


class NoSuchChange(Problem):
    code = "no_such_change"
    status = 404

    def __init__(self) -> None:
        super().__init__("This code is older than a day, was used before, or belongs to another account. Ask for a new one.")


class NoSuchPerson(Problem):
    code = "no_such_person"
    status = 404

    def __init__(self) -> None:
        super().__init__("There is no such person, or they are not for you to see.")


class ProofMissing(Problem):
    code = "proof_missing"

    def __init__(self) -> None:
        super().__init__("The system that sent you did not say how it proves itself (PKCE with S256). Tell those who run it.")
