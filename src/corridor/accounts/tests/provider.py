"""An identity provider for tests: real keys, the real protocol, on this machine."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

CLIENT, SECRET, AUDIENCE = "corridor", "a secret", "corridor-gateway"


class Provider:
    """Signs what it is told to sign. `lies` changes what it says of itself."""

    def __init__(self) -> None:
        self.address = ""
        self.keys = {"first": generate_private_key(65537, 2048)}
        self.codes: dict[str, dict[str, Any]] = {}
        self.person: dict[str, Any] = {}
        self.told_otherwise: dict[str, Any] = {}
        self.asked: list[str] = []

    def token(self, *, kid: str = "first", key: Any = None, alg: str = "RS256", **claims: Any) -> str:
        now = int(time.time())
        body = {"iss": self.address, "aud": AUDIENCE, "iat": now, "exp": now + 60, **claims}
        return jwt.encode(
            {name: value for name, value in body.items() if value is not None}, self.keys[kid] if key is None else key, alg, {"kid": kid}
        )

    def let_in(self, address: str) -> dict[str, str]:
        """What the browser brings back to the site after a person signed in at the address to which it was sent."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        self.codes["code"] = asked
        return {"code": "code", "state": asked["state"]}

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
                return 200, {"issuer": self.address, "jwks_uri": f"{self.address}/keys"} | {
                    f"{name}_endpoint": f"{self.address}/{place}" for name, place in places.items()
                }
            case "/keys":
                as_jwk = jwt.algorithms.RSAAlgorithm.to_jwk
                return 200, {"keys": [json.loads(as_jwk(key.public_key())) | {"kid": kid, "use": "sig"} for kid, key in self.keys.items()]}
            case "/token":
                return self._tokens(form)
            case "/userinfo":
                return 200, self.person | self.told_otherwise
        return 404, {}

    def _tokens(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != proof or form.get("client_secret") != SECRET:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "t", "token_type": "Bearer", "id_token": self.token(aud=CLIENT, **self.person)}


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, body = provider.answer(urlsplit(self.path).path, {name: values[0] for name, values in parse_qs(form).items()})
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield provider
        server.shutdown()
