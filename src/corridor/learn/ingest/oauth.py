"""OAuth2's client credentials, as the catalogues behind a sign-on ask for."""

from dataclasses import dataclass, field

from .source import Fetcher, FetchFailed


@dataclass(frozen=True)
class Client:
    """Who we are at a token endpoint."""

    token_address: str
    client_id: str
    client_secret: str = field(repr=False)
    scheme: str = "Bearer"  # the word before the token; edX says JWT

    def headers(self, fetcher: Fetcher) -> dict[str, str]:
        """The Authorization header with a fresh token. Raises FetchFailed when none is given."""
        form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.client_secret}
        if self.scheme == "JWT":
            form["token_type"] = "jwt"  # noqa: S105  the name of a kind
        answer = fetcher.post(self.token_address, form)
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token or not token.isprintable() or " " in token:
            raise FetchFailed(f"{self.token_address} gave no access token")
        return {"Authorization": f"{self.scheme} {token}"}
