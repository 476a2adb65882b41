"""Who asks."""

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.middleware.csrf import get_token

from corridor.accounts.models import User
from corridor.kit.api.parameters import Asked, Json
from corridor.kit.api.views import NEVER_KEPT, Reading

from .shapes.people import CurrentUser

# Groups whose members may do what is told of them, as staff may.
EDITORS = {"is_article_editor": "article_editors", "is_learning_path_editor": "learning_path_editors"}


class Me(Reading):
    """The person whose session it is. Gives browsers the token that later writes must carry."""

    shape: Any = CurrentUser
    cache_control: ClassVar[str] = NEVER_KEPT

    def tell(self, request: HttpRequest, asked: Asked, **path: Any) -> Any:
        return told(request)


def told(request: HttpRequest) -> Json:
    get_token(request)
    user = request.user
    return {
        "id": user.pk or 0,
        "username": user.get_username(),
        "global_id": str(user.global_id) if isinstance(user, User) else None,
        "email": user.email if isinstance(user, User) else "",
        "first_name": user.first_name if isinstance(user, User) else "",
        "last_name": user.last_name if isinstance(user, User) else "",
        **_editing(user),
        "is_authenticated": user.is_authenticated,
        "is_sso_user": isinstance(user, User) and not user.has_usable_password(),
    }


def _editing(user: User | AnonymousUser) -> dict[str, bool]:
    if not isinstance(user, User):
        return dict.fromkeys(EDITORS, False)
    groups = set(user.groups.filter(name__in=EDITORS.values()).values_list("name", flat=True))
    return {name: user.is_staff or group in groups for name, group in EDITORS.items()}
