"""Drives an instance with requests-oauthlib; the environment is described in README.md."""

import os

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback

from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient, OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

URL = os.environ["SNOW_URL"]
TOKEN_URL = URL + "/oauth_token.do"
STRICT_TOKEN_URL = URL + "/oauth2/token"
CLIENT_ID = os.environ["SNOW_CLIENT_ID"]
CLIENT_SECRET = os.environ["SNOW_CLIENT_SECRET"]
USER = os.environ["SNOW_USER"]
PASSWORD = os.environ["SNOW_PASSWORD"]
INCIDENTS = URL + "/api/now/table/incident"


def check(what, holds):
    assert holds, what
    print("ok", what)


def client_credentials(token_url, **how):
    session = OAuth2Session(client=BackendApplicationClient(client_id=CLIENT_ID))
    return session, session.fetch_token(token_url, **how)


def same_token_inside_the_lifetime():
    ways = {
        "basic": {"auth": HTTPBasicAuth(CLIENT_ID, CLIENT_SECRET)},
        "body": {"client_secret": CLIENT_SECRET, "include_client_id": True},
    }
    for name, how in ways.items():
        _, first = client_credentials(TOKEN_URL, **how)
        session, second = client_credentials(TOKEN_URL, **how)
        check(f"{name}: the same token", first["access_token"] == second["access_token"])
        check(f"{name}: no more time left", second["expires_in"] <= first["expires_in"] <= 1799)
        check(f"{name}: no refresh token", "refresh_token" not in second)
        check(f"{name}: it works", session.get(INCIDENTS, params={"sysparm_limit": 1}).status_code == 200)


def fresh_tokens_in_the_strict_dialect():
    how = {"auth": HTTPBasicAuth(CLIENT_ID, CLIENT_SECRET)}
    _, first = client_credentials(STRICT_TOKEN_URL, **how)
    _, second = client_credentials(STRICT_TOKEN_URL, **how)
    check("strict: another token", first["access_token"] != second["access_token"])


def password_grant_and_automatic_refresh():
    kept = []
    session = OAuth2Session(
        client=LegacyApplicationClient(client_id=CLIENT_ID),
        auto_refresh_url=TOKEN_URL,
        auto_refresh_kwargs={"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
        token_updater=kept.append,
    )
    granted = session.fetch_token(
        TOKEN_URL, username=USER, password=PASSWORD, client_id=CLIENT_ID, client_secret=CLIENT_SECRET
    )
    check("password: a refresh token", bool(granted["refresh_token"]))
    created = session.post(INCIDENTS, json={"short_description": "by requests-oauthlib"})
    check("password: an incident is created", created.status_code == 201)
    # The library refreshes before a call when it believes that the token is over.
    session.token = {**granted, "expires_at": 1}
    check("refresh: the call goes on", session.get(created.headers["Location"]).status_code == 200)
    check("refresh: once", len(kept) == 1)
    check("refresh: the refresh token stays", kept[0]["refresh_token"] == granted["refresh_token"])


def wrong_secret():
    try:
        client_credentials(TOKEN_URL, client_secret="wrong", include_client_id=True)
    except OAuth2Error as error:
        check("wrong secret: refused as ServiceNow does", error.error == "server_error")
    else:
        raise AssertionError("a wrong secret got a token")


same_token_inside_the_lifetime()
fresh_tokens_in_the_strict_dialect()
password_grant_and_automatic_refresh()
wrong_secret()
