"""A small OpenID provider, made of Authlib's own server parts, on a port of this machine.

Whoever comes is `person`, without being asked. `spoil` changes the claims of the next id token, and `forge` puts another token in its
place, to see that it is refused.
"""

from __future__ import annotations

import base64
import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import uvicorn
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "ringfinder", "a secret of the client"
ALGORITHM = "RS256"


class Asked(OAuth2Request):  # type: ignore[misc]
    def __init__(self, request: Request, form: Mapping[str, Any]) -> None:
        super().__init__(request.method, str(request.url), headers=request.headers)
        values = {**request.query_params, **form}
        self.payload = BasicOAuth2Payload(values)
        self._form = dict(form)

    args = property(lambda self: self.payload.data)
    form = property(lambda self: self._form)


@dataclass
class Client(ClientMixin):  # type: ignore[misc]
    redirect_uri: str
    id_token_signed_response_alg: str = ALGORITHM

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    user: str
    asked: dict[str, str]
    code_challenge: str
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        return self.asked["redirect_uri"]

    def get_scope(self) -> str:
        return self.asked["scope"]

    def get_nonce(self) -> str:
        return self.asked["nonce"]

    def get_auth_time(self) -> None:
        return None

    get_acr = get_amr = get_auth_time


@cache
def key_of(name: str, kid: str = "one") -> Any:
    """A key, made once: that takes a second."""
    return RSAKey.generate_key(2048, {"kid": kid})


@dataclass
class Provider:
    """Who comes, and how the next token is spoilt."""

    url: str
    redirect_uri: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    spoil: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: key_of("one"))
    codes: dict[str, Code] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)  # more of what it tells of itself
    forge: Callable[[dict[str, Any]], str | None] | None = None  # from the claims; None: no id token
    left: list[dict[str, str]] = field(default_factory=list)  # with what somebody logged out


class Server(AuthorizationServer):  # type: ignore[misc]
    """What Authlib leaves to those who use it."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self.provider = provider
        made = BearerTokenGenerator(lambda *_, **__: secrets.token_urlsafe(20))
        self.register_token_generator("default", made)
        self.register_grant(CodeGrant, [CodeChallenge(required=True), Tokens(provider)])

    def query_client(self, client_id: str) -> Client | None:
        return Client(self.provider.redirect_uri) if client_id == CLIENT else None

    def save_token(self, token: object, request: object) -> None:
        """Nothing is ever asked with it."""

    def send_signal(self, name: str, *_: object, **__: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Asked) -> Asked:
        return request

    def handle_response(self, status: int, payload: Any, headers: Any) -> Response:
        body = json.dumps(payload) if isinstance(payload, dict) else payload
        return Response(body, status, dict(headers))


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: Asked) -> None:
        asked = request.payload.data
        self.server.provider.codes[code] = Code(request.user, asked, asked["code_challenge"])

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        found: Code | None = self.server.provider.codes.get(code)
        return found

    def delete_authorization_code(self, authorization_code: Code) -> None:
        codes = self.server.provider.codes
        self.server.provider.codes = {name: one for name, one in codes.items() if one is not authorization_code}

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user


class Tokens(OpenIDCode):  # type: ignore[misc]
    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=True)
        self.provider = provider

    def exists_nonce(self, nonce: str, request: Asked) -> bool:
        return any(code.get_nonce() == nonce for code in self.provider.codes.values())

    def resolve_client_private_key(self, client: Client) -> Any:
        return self.provider.key

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": self.provider.url, "aud": [CLIENT]}

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        return UserInfo(**self.provider.person, **self.provider.spoil)


def app_of(provider: Provider) -> Starlette:
    """Discovery, keys, authorization, token."""
    server = Server(provider)

    async def discovery(request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": provider.url,
                "authorization_endpoint": f"{provider.url}/authorize",
                "token_endpoint": f"{provider.url}/token",
                "jwks_uri": f"{provider.url}/keys",
                "id_token_signing_alg_values_supported": [ALGORITHM],
                **provider.offers,
            }
        )

    async def keys(request: Request) -> Response:
        return JSONResponse({"keys": [provider.key.as_dict(private=False)]})

    async def authorize(request: Request) -> Response:
        asked = Asked(request, {})
        grant = server.get_consent_grant(asked, end_user="somebody")
        made: Response = server.create_authorization_response(asked, grant_user="somebody", grant=grant)
        return made

    async def logout(request: Request) -> Response:
        asked = dict(request.query_params)
        provider.left.append(asked)
        back = f"{asked['post_logout_redirect_uri']}?{urlencode({'state': asked['state']})}"
        return Response(status_code=302, headers={"location": back})

    async def token(request: Request) -> Response:
        made: Response = server.create_token_response(Asked(request, dict(await request.form())))  # type: ignore[arg-type]
        return made if provider.forge is None else forged(made, provider.forge)

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discovery),
            Route("/keys", keys),
            Route("/authorize", authorize),
            Route("/logout", logout),
            Route("/token", token, methods=["POST"]),
        ]
    )


def forged(made: Response, forge: Callable[[dict[str, Any]], str | None]) -> Response:
    """The answer with another id token."""
    content = json.loads(made.body)
    body = content.pop("id_token").split(".")[1]
    token = forge(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
    return JSONResponse(content | ({} if token is None else {"id_token": token}))


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers from a thread of this process."""
    with socket.create_server(("127.0.0.1", 0)) as open_socket:
        provider = Provider(f"http://127.0.0.1:{open_socket.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(app_of(provider), log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([open_socket],))
        thread.start()
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join()
