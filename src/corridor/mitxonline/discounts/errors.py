"""What can be wrong with a discount."""

from corridor.kit.errors import Problem

from .rules import Refusal

SENTENCES = {
    Refusal.WITHDRAWN: "The code {code} is no longer in use.",
    Refusal.NOT_YET: "The code {code} cannot be used yet. Try again from the day it is meant for.",
    Refusal.OVER: "The code {code} has expired.",
    Refusal.USED_UP: "The code {code} has been used as often as it can be. You can buy without it.",
    Refusal.USED_BY_YOU: "You have used the code {code} already; it is for one purchase by each person.",
    Refusal.FOR_OTHERS: "The code {code} is meant for somebody else.",
    Refusal.FOR_OTHER_PRODUCTS: "The code {code} is not for what is in your cart.",
}


class DiscountNotFound(Problem):
    """There is no discount of that number."""

    code = "discount_not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no discount {key}.")


class CodeUnknown(Problem):
    """Nobody can type this code: there is none, or it is financial aid, which is given to a person."""

    code = "discount_code_unknown"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no code {code}. Check its spelling; capital and small letters are the same.")


class CodeRefused(Problem):
    """The code lowers no price here, and why."""

    code = "discount_code_refused"

    def __init__(self, code: str, refusal: Refusal) -> None:
        self.refusal = refusal
        self.members = {"reason": refusal.value}
        super().__init__(SENTENCES[refusal].format(code=code))


class CodeNotBetter(Problem):
    """Another discount counts, which comes before the code or lowers the price further."""

    code = "discount_code_not_better"
    status = 409

    def __init__(self, code: str, kept: str) -> None:
        super().__init__(
            f"Your cart keeps the discount {kept}: it comes before the code {code} or saves you as much. One discount counts at a time."
        )


class CodeTaken(Problem):
    """Codes differ by more than capital and small letters."""

    code = "discount_code_taken"
    status = 409

    def __init__(self, code: str) -> None:
        super().__init__(f"There is a discount with the code {code} already. Choose another code, or edit that one.")


class LimitRefused(Problem):
    """A code that has been used cannot be limited so."""

    code = "discount_limit_refused"
    status = 409


class DiscountRefused(Problem):
    """What a discount is to be contradicts itself."""

    code = "discount_refused"


class LinkNotFound(Problem):
    """The discount has no such product, assignee or redemption."""

    code = "discount_link_not_found"
    status = 404

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"There is no {what} with the number {key}.")


class RedemptionKept(Problem):
    """Uses of codes come about by buying: they are not written by hand."""

    code = "redemption_kept"
    status = 409

    def __init__(self, message: str = "") -> None:
        super().__init__(message or "A code is used by buying with it. Assign the discount to the person instead, or give them a code.")
