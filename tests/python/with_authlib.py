"""Drives an instance with Authlib; the environment is described in README.md."""

import os

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

URL = os.environ["SNOW_URL"]
TOKEN_URL = URL + "/oauth_token.do"
STRICT_TOKEN_URL = URL + "/oauth2/token"
STRICT_REVOCATION_URL = URL + "/oauth2/revoke"
CLIENT_ID = os.environ["SNOW_CLIENT_ID"]
CLIENT_SECRET = os.environ["SNOW_CLIENT_SECRET"]
USER = os.environ["SNOW_USER"]
PASSWORD = os.environ["SNOW_PASSWORD"]
INCIDENTS = URL + "/api/now/table/incident"
WAYS = ["client_secret_basic", "client_secret_post"]


def check(what, holds):
    assert holds, what
    print("ok", what)


def session(way, secret=CLIENT_SECRET):
    return OAuth2Session(
        CLIENT_ID,
        secret,
        token_endpoint_auth_method=way,
        revocation_endpoint_auth_method=way,
    )


def works(client):
    return client.get(INCIDENTS, params={"sysparm_limit": 1}).status_code == 200


def same_token_inside_the_lifetime():
    for way in WAYS:
        client = session(way)
        first = dict(client.fetch_token(TOKEN_URL, grant_type="client_credentials"))
        second = client.fetch_token(TOKEN_URL, grant_type="client_credentials")
        check(f"{way}: the same token", first["access_token"] == second["access_token"])
        check(f"{way}: no more time left", second["expires_in"] <= first["expires_in"] <= 1799)
        check(f"{way}: it works", works(client))


def rotation_in_the_strict_dialect():
    for way in WAYS:
        client = session(way)
        granted = dict(client.fetch_token(TOKEN_URL, username=USER, password=PASSWORD))
        kept = client.refresh_token(TOKEN_URL, refresh_token=granted["refresh_token"])
        check(f"{way}: the refresh token stays", kept["refresh_token"] == granted["refresh_token"])
        rotated = client.refresh_token(STRICT_TOKEN_URL, refresh_token=granted["refresh_token"])
        check(f"{way}: the refresh token rotates", rotated["refresh_token"] != granted["refresh_token"])
        check(f"{way}: it works", works(client))
        revoke(client, way, rotated)


def revoke(client, way, token):
    revoked = client.revoke_token(STRICT_REVOCATION_URL, token=token["refresh_token"])
    check(f"{way}: revoked", revoked.status_code == 200)
    try:
        client.refresh_token(STRICT_TOKEN_URL, refresh_token=token["refresh_token"])
    except OAuthError as error:
        check(f"{way}: revoked tokens are not refreshed", error.error == "invalid_grant")
    else:
        raise AssertionError("a revoked token was refreshed")


def wrong_secret():
    for way in WAYS:
        try:
            session(way, "wrong").fetch_token(STRICT_TOKEN_URL, grant_type="client_credentials")
        except OAuthError as error:
            check(f"{way}: wrong secret", error.error == "invalid_client")
        else:
            raise AssertionError("a wrong secret got a token")


same_token_inside_the_lifetime()
rotation_in_the_strict_dialect()
wrong_secret()
