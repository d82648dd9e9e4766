#!/bin/sh
# Scenario E: turns a refresh token into an access token and prints the JSON.
# usage: refresh.sh REFRESH_TOKEN
set -eu
curl -sS --noproxy '*' -X POST \
  -d grant_type=refresh_token \
  -d "refresh_token=$1" \
  -d "client_id=$SNOW_CLIENT_ID" \
  -d "client_secret=$SNOW_CLIENT_SECRET" \
  "$SNOW_URL/oauth_token.do"
