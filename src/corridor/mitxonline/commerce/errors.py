"""What can be wrong with a cart, a checkout, an order or a refund."""

from corridor.kit.errors import Problem


class ProductNotFound(Problem):
    """There is no such product, or it is not sold."""

    code = "product_not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"Nothing with the number {key} is sold here. Choose it on its page.")


class OrderNotFound(Problem):
    """There is no such order, or it is somebody else's."""

    code = "order_not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no order {key} of yours. Your order history lists those that there are.")


class BasketNotFound(Problem):
    """There is no such basket, or it is somebody else's."""

    code = "basket_not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__("There is no such cart of yours. Add something, and there is one.")


class CheckoutRefused(Problem):
    """The cart cannot be bought as it is; it stays. `error` is the published API's word for why."""

    code = "checkout_refused"
    status = 409
    error = ""

    def __init__(self, message: str) -> None:
        self.members = {"error": self.error}
        super().__init__(message)


class CountryBlocked(CheckoutRefused):
    code = "country_blocked"
    error = "enroll-blocked"

    def __init__(self, title: str) -> None:
        super().__init__(f"{title} cannot be sold to the country of your address. Take it out of the cart, or correct your address.")


class BoughtAlready(CheckoutRefused):
    code = "bought_already"
    error = "enroll-duplicated"

    def __init__(self, title: str) -> None:
        super().__init__(f"You have bought {title} already. Take it out of the cart; your dashboard leads to it.")


class PaymentInReview(CheckoutRefused):
    code = "payment_in_review"
    error = "enroll-duplicated"

    def __init__(self, title: str) -> None:
        super().__init__(f"Your payment for {title} is being reviewed. You need not pay again; we write to you when it is decided.")


class UpgradeClosed(CheckoutRefused):
    code = "upgrade_closed"
    error = "course-non-upgradable"

    def __init__(self, title: str) -> None:
        super().__init__(f"The verified track of {title} can no longer be bought. Take it out of the cart.")


class DiscountGone(CheckoutRefused):
    code = "discount_gone"
    error = "discount-invalid"

    def __init__(self) -> None:
        super().__init__("The discount of your cart does not apply any more. Look at the new price, then check out again.")


class BasketEmpty(CheckoutRefused):
    code = "basket_empty"
    error = "basket-empty"

    def __init__(self) -> None:
        super().__init__("Your cart is empty. Add a course or a program first.")


class AttemptNotFound(Problem):
    """There is no such way to pay, or it is somebody else's, or over."""

    code = "attempt_not_found"
    status = 404

    def __init__(self) -> None:
        super().__init__("This way to pay is over. Check out again from your cart.")


class RefundRefused(Problem):
    """So much cannot be given back."""

    code = "refund_refused"
    status = 409


class RefundNotEligible(Problem):
    """An order that a learner can no longer ask their money back for."""

    code = "refund_not_eligible"

    def __init__(self) -> None:
        super().__init__(
            "The time to ask for this money back is over: it is 7 days from the payment, or from the start of the course. Write to us."
        )


class RequestOpen(Problem):
    code = "refund_request_open"
    status = 409

    def __init__(self) -> None:
        super().__init__("You have asked for this money back already. We write to you when it is decided.")


class RequestNotFound(Problem):
    """There is no such request, or it is decided."""

    code = "refund_request_not_found"
    status = 404

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no open refund request {key}.")
