"""What a password must be, in words that say what to do."""

from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator, UserAttributeSimilarityValidator

HELP = "At least 10 characters. Three or four words that do not belong together are easy to keep in mind and hard to guess."


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"Choose a password of at least {self.min_length} characters."

    def get_help_text(self) -> str:
        return HELP


class NotYourName(UserAttributeSimilarityValidator):
    def __init__(self) -> None:
        super().__init__(user_attributes=("name", "email", "username"))

    def get_error_message(self) -> str:
        return "This password is too much like your name or address. Choose another."

    def get_help_text(self) -> str:
        return ""


class NotCommon(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "This password is among the first that others would try. Choose another."

    def get_help_text(self) -> str:
        return ""
