#!/bin/sh
# Scenario E: posts a code, one -d per parameter, an extra state among them, and prints the JSON.
# usage: redeem.sh CODE
set -eu
curl -sS --noproxy '*' -X POST \
  -d grant_type=authorization_code \
  -d "code=$1" \
  -d redirect_uri=https://localhost/test \
  -d "client_id=$SNOW_CLIENT_ID" \
  -d "client_secret=$SNOW_CLIENT_SECRET" \
  -d state=123 \
  "$SNOW_URL/oauth_token.do"
