"""Authlib as a client that signs with its secret, for HS256 to HS512, with the lifetime it has when nobody asks for another."""

import os

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT

URL = os.environ["SNOW_URL"]
TOKEN_URL = URL + "/oauth2/token"


def check(what, holds):
    assert holds, what
    print("ok", what)


session = OAuth2Session(
    os.environ["SNOW_JWT_CLIENT_ID"],
    os.environ["SNOW_JWT_CLIENT_SECRET"],
    token_endpoint_auth_method="client_secret_jwt",
)
for alg in ["HS256", "HS384", "HS512"]:
    session.register_client_auth_method(ClientSecretJWT(TOKEN_URL, alg=alg))
    token = session.fetch_token(TOKEN_URL, grant_type="client_credentials")
    check(f"{alg}: a token", token["token_type"] == "Bearer")
    told = session.introspect_token(URL + "/oauth2/introspect", token=token["access_token"])
    check(f"{alg}: it is alive", told.json()["active"] is True)
    ended = session.revoke_token(URL + "/oauth2/revoke", token=token["access_token"])
    check(f"{alg}: revoked", ended.status_code == 200)
