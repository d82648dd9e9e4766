//! For each check a server that is broken in its point.

use serde_json::json;

use super::broken::{Fault, answer, with, without};

pub(crate) const AUTHORIZE: &str = "/oauth2/authorize";
pub(crate) const TOKEN: &str = "/oauth2/token";
pub(crate) const JWKS: &str = "/oauth2/jwks";
const USERINFO: &str = "/oauth2/userinfo";
const LOGOUT: &str = "/oauth2/logout";
const REVOKE: &str = "/oauth2/revoke";
const INTROSPECT: &str = "/oauth2/introspect";
const DEVICE: &str = "/oauth2/device_authorization";
const DISCOVERY: &str = "/.well-known/openid-configuration";
const METADATA: &str = "/.well-known/oauth-authorization-server";

/// Every check by its name, and what breaks its server.
pub(crate) const FAULTS: &[(&str, Fault)] = &[
    // Configuration.
    ("discovery names its issuer", |server, request| {
        server.json(DISCOVERY, request, |body| {
            body["issuer"] = "https://other.example".into();
        })
    }),
    ("discovery has every required member", |server, request| {
        server.json(DISCOVERY, request, |body| {
            body.as_object_mut()
                .unwrap()
                .remove("subject_types_supported");
        })
    }),
    (
        "RFC 8414's metadata says the same as discovery",
        |server, request| {
            server.json(METADATA, request, |body| {
                body["grant_types_supported"] = json!(["implicit"]);
            })
        },
    ),
    (
        "nothing is advertised that is not there",
        |server, request| {
            let nowhere = format!("{}/nowhere", server.target.issuer_text());
            server.json(DISCOVERY, request, |body| {
                body["registration_endpoint"] = nowhere.into();
            })
        },
    ),
    (
        "PKCE with S256 is announced, and plain is not",
        |server, request| {
            server.json(DISCOVERY, request, |body| {
                body["code_challenge_methods_supported"] = json!(["S256", "plain"]);
            })
        },
    ),
    ("iss in answers is announced", |server, request| {
        server.json(DISCOVERY, request, |body| {
            body["authorization_response_iss_parameter_supported"] = false.into();
        })
    }),
    (
        "published keys are public, named and for signatures",
        |server, request| server.json(JWKS, request, |body| body["keys"][0]["d"] = "AQAB".into()),
    ),
    // The authorization response.
    ("state comes back byte for byte", |server, request| {
        server.callback(request, |pairs| {
            for (_, value) in pairs.iter_mut().filter(|(name, _)| name == "state") {
                *value = value.replace('+', " ");
            }
        })
    }),
    ("iss comes with a code", |server, request| {
        server.callback(request, |pairs| without(pairs, "iss"))
    }),
    ("iss comes with an error", |server, request| {
        server.callback(request, |pairs| with(pairs, "iss", "https://other.example"))
    }),
    (
        "a person who denies is told to the client",
        |server, request| server.callback(request, |pairs| without(pairs, "error")),
    ),
    (
        "a redirect URI that is not registered gets a page",
        |server, request| {
            let uri = request.parameter("redirect_uri");
            if uri.is_some_and(|uri| uri != server.target.redirect_uri) {
                return Ok(server.leads_to(&request, &[("code", "x")]));
            }
            server.pass(request)
        },
    ),
    ("an unknown client gets a page", |server, request| {
        server.refuse(request, "client_id", "unauthorized_client")
    }),
    ("a missing response type is refused", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| {
            with(pairs, "response_type", "code");
        })
    }),
    ("an unknown response type is refused", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| {
            with(pairs, "response_type", "code");
        })
    }),
    ("an unknown scope is refused", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| with(pairs, "scope", "openid"))
    }),
    ("a repeated parameter is refused", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| with(pairs, "scope", "openid"))
    }),
    ("redirects use 303 or 302, never 307", |server, request| {
        let mut response = server.pass(request)?;
        if matches!(response.status, 302 | 303) {
            response.status = 307;
        }
        Ok(response)
    }),
    // Parameters that are optional for an issuer.
    ("an unknown parameter is ignored", |server, request| {
        server.refuse(request, "extra", "invalid_request")
    }),
    ("display=page does no harm", |server, request| {
        server.refuse(request, "display", "invalid_request")
    }),
    ("display=popup does no harm", |server, request| {
        server.refuse(request, "display", "invalid_request")
    }),
    ("ui_locales does no harm", |server, request| {
        server.refuse(request, "ui_locales", "invalid_request")
    }),
    ("claims_locales does no harm", |server, request| {
        server.refuse(request, "claims_locales", "invalid_request")
    }),
    ("acr_values does no harm", |server, request| {
        server.refuse(request, "acr_values", "invalid_request")
    }),
    ("login_hint does no harm", |server, request| {
        server.refuse(request, "login_hint", "invalid_request")
    }),
    ("another order of scopes is the same", |server, request| {
        server.refuse(request, "scope", "invalid_scope")
    }),
    ("a request without a nonce succeeds", |server, request| {
        if request.parameter("nonce").is_none() {
            return server.refuse(request, "response_type", "invalid_request");
        }
        server.pass(request)
    }),
    ("a request without a state succeeds", |server, request| {
        if request.parameter("state").is_none() {
            return server.refuse(request, "response_type", "invalid_request");
        }
        server.pass(request)
    }),
    (
        "an unsigned request object is refused, not ignored",
        |server, request| server.ask(AUTHORIZE, request, |pairs| without(pairs, "request")),
    ),
    // Prompts.
    ("prompt=login asks again", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| without(pairs, "prompt"))
    }),
    (
        "prompt=none asks nobody who is not signed in",
        |server, request| server.ask(AUTHORIZE, request, |pairs| without(pairs, "prompt")),
    ),
    (
        "prompt=none shows no page to who is signed in",
        |server, request| server.refuse(request, "prompt", "login_required"),
    ),
    (
        "a login older than max_age asks again",
        |server, request| server.ask(AUTHORIZE, request, |pairs| without(pairs, "max_age")),
    ),
    (
        "a login younger than max_age is enough, and auth_time tells",
        |server, request| {
            server.id_token(request, |claims| {
                claims.as_object_mut().unwrap().remove("auth_time");
            })
        },
    ),
    (
        "an id_token_hint finds the person signed in",
        |server, request| server.refuse(request, "id_token_hint", "login_required"),
    ),
    // Codes.
    ("a code becomes tokens", |server, request| {
        server.json(TOKEN, request, |body| {
            body.as_object_mut().unwrap().remove("id_token");
        })
    }),
    ("token answers are not kept by caches", |server, request| {
        server.answer(TOKEN, request, |response| {
            response.headers.retain(|(name, _)| name != "cache-control");
        })
    }),
    ("a code is good once", |server, request| {
        server.again(TOKEN, request)
    }),
    (
        "a second use ends what the first gave",
        |server, request| server.again(USERINFO, request),
    ),
    ("a code is bound to its client", |server, request| {
        server.as_first_client(request)
    }),
    ("a code is bound to its redirect URI", |server, request| {
        let uri = server.target.redirect_uri.clone();
        server.ask(TOKEN, request, |pairs| with(pairs, "redirect_uri", &uri))
    }),
    ("an unknown grant is refused", |server, request| {
        server.json(TOKEN, request, |body| {
            body["error"] = "invalid_request".into();
        })
    }),
    (
        "a repeated token parameter is refused",
        |server, request| server.ask(TOKEN, request, Vec::dedup),
    ),
    // PKCE.
    ("the right verifier is taken", |server, request| {
        server.ask(TOKEN, request, |pairs| {
            with(pairs, "code_verifier", &"x".repeat(43));
        })
    }),
    ("a wrong verifier is refused", |server, request| {
        let ignores = |pairs: &mut Vec<(String, String)>| {
            pairs.retain(|(name, _)| !name.starts_with("code_"));
        };
        if request.url.path() == TOKEN {
            return server.ask(TOKEN, request, ignores);
        }
        server.ask(AUTHORIZE, request, ignores)
    }),
    (
        "a verifier that is left out is refused",
        |server, request| {
            server.ask(AUTHORIZE, request, |pairs| {
                pairs.retain(|(name, _)| !name.starts_with("code_"));
            })
        },
    ),
    (
        "a verifier without a challenge is refused",
        |server, request| server.ask(TOKEN, request, |pairs| without(pairs, "code_verifier")),
    ),
    ("a public client has to use PKCE", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| {
            with(
                pairs,
                "code_challenge",
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            );
            with(pairs, "code_challenge_method", "S256");
        })
    }),
    ("the method plain is refused", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| {
            pairs.retain(|(name, _)| !name.starts_with("code_"));
        })
    }),
    // Client authentication.
    ("client_secret_basic is taken", |server, request| {
        if request
            .headers
            .iter()
            .any(|(name, _)| *name == "authorization")
        {
            return Ok(answer(401, &json!({"error": "invalid_client"})));
        }
        server.pass(request)
    }),
    ("client_secret_post is taken", |server, request| {
        if request.form.iter().any(|(name, _)| name == "client_secret") {
            return Ok(answer(401, &json!({"error": "invalid_client"})));
        }
        server.pass(request)
    }),
    ("a wrong secret is refused", |server, request| {
        server.as_first_client(request)
    }),
    (
        "a confidential client has to prove itself",
        |server, request| server.as_first_client(request),
    ),
    ("two methods at once are refused", |server, request| {
        server.as_first_client(request)
    }),
    ("private_key_jwt is taken", |server, request| {
        if request
            .form
            .iter()
            .any(|(name, _)| name == "client_assertion")
        {
            return Ok(answer(401, &json!({"error": "invalid_client"})));
        }
        server.pass(request)
    }),
    (
        "an assertion for another server is refused",
        |server, request| server.as_first_client(request),
    ),
    ("an assertion that is over is refused", |server, request| {
        server.as_first_client(request)
    }),
    (
        "an assertion of another client is refused",
        |server, request| server.as_first_client(request),
    ),
    ("an assertion counts once", |server, request| {
        server.as_first_client(request)
    }),
    (
        "an assertion that was tampered with is refused",
        |server, request| server.as_first_client(request),
    ),
    // ID tokens.
    (
        "an ID token is signed by a published key",
        |server, request| {
            server.json(TOKEN, request, |body| {
                let token = body["id_token"].as_str().unwrap_or_default();
                let unsigned = token
                    .rsplit_once('.')
                    .map(|(signed, _)| format!("{signed}.AAAA"));
                body["id_token"] = unsigned.into();
            })
        },
    ),
    ("an ID token names the issuer", |server, request| {
        server.id_token(request, |claims| {
            claims["iss"] = "https://other.example".into();
        })
    }),
    ("an ID token is for its client alone", |server, request| {
        server.id_token(request, |claims| {
            let client = claims["aud"].clone();
            claims["aud"] = json!([client, "another"]);
        })
    }),
    ("an ID token is fresh and ends", |server, request| {
        server.id_token(request, |claims| claims["exp"] = 1.into())
    }),
    ("the nonce comes back", |server, request| {
        server.id_token(request, |claims| claims["nonce"] = "another".into())
    }),
    ("no nonce comes that was not sent", |server, request| {
        server.id_token(request, |claims| claims["nonce"] = "another".into())
    }),
    ("at_hash is that of the access token", |server, request| {
        server.id_token(request, |claims| {
            claims["at_hash"] = "77QmUPtjPfzWtF2AnpK9RQ".into();
        })
    }),
    ("without openid there is no ID token", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| with(pairs, "scope", "openid"))
    }),
    // Userinfo.
    (
        "userinfo answers GET about the same person",
        |server, request| server.json(USERINFO, request, |body| body["sub"] = "another".into()),
    ),
    (
        "userinfo answers POST about the same person",
        |server, request| {
            if request.method == "POST" && request.url.path() == USERINFO {
                return Ok(answer(405, &json!({})));
            }
            server.pass(request)
        },
    ),
    ("userinfo refuses what is no token", |server, request| {
        server.answer(USERINFO, request, |response| response.status = 200)
    }),
    ("the scope email gives its claims", |server, request| {
        server.json(USERINFO, request, |body| body["email"] = json!(null))
    }),
    ("the scope profile gives its claims", |server, request| {
        server.json(USERINFO, request, |body| body["name"] = json!(null))
    }),
    ("all scopes together give all claims", |server, request| {
        server.json(USERINFO, request, |body| body["email"] = json!(null))
    }),
    (
        "the scope openid alone tells nothing but who",
        |server, request| {
            server.json(USERINFO, request, |body| {
                body["email"] = "a@example.com".into();
            })
        },
    ),
    // Refresh tokens.
    (
        "a refresh token gives a working access token",
        |server, request| {
            let is_refresh = request.parameter("grant_type").as_deref() == Some("refresh_token");
            server.json(TOKEN, request, |body| {
                if is_refresh {
                    body["access_token"] = "nonsense".into();
                }
            })
        },
    ),
    (
        "a refresh token is bound to its client",
        |server, request| server.as_first_client(request),
    ),
    ("a refresh may not widen the scope", |server, request| {
        server.ask(TOKEN, request, |pairs| without(pairs, "scope"))
    }),
    (
        "a public client's refresh token changes with each use",
        |server, request| {
            let old = request.parameter("refresh_token");
            server.json(TOKEN, request, |body| {
                if let Some(old) = old {
                    body["refresh_token"] = old.into();
                }
            })
        },
    ),
    // Revocation and introspection.
    ("a revoked token is dead", |server, request| {
        if request.url.path() == REVOKE {
            return Ok(answer(200, &json!({})));
        }
        server.pass(request)
    }),
    ("revoking the unknown succeeds", |server, request| {
        server.answer(REVOKE, request, |response| response.status = 400)
    }),
    ("introspection tells of a live token", |server, request| {
        server.json(INTROSPECT, request, |body| body["active"] = false.into())
    }),
    (
        "introspection tells nothing of the unknown",
        |server, request| server.json(INTROSPECT, request, |body| body["sub"] = "somebody".into()),
    ),
    ("introspection asks who asks", |server, request| {
        if request.url.path() == INTROSPECT {
            return Ok(answer(200, &json!({"active": true})));
        }
        server.pass(request)
    }),
    // Resource indicators.
    (
        "a token says which resource it is for",
        |server, request| {
            server.json(INTROSPECT, request, |body| {
                body["aud"] = "https://other.example".into();
            })
        },
    ),
    ("an unknown resource is refused", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| without(pairs, "resource"))
    }),
    (
        "a token request may not widen its resources",
        |server, request| server.ask(TOKEN, request, |pairs| without(pairs, "resource")),
    ),
    // Devices.
    ("a device is told all it needs", |server, request| {
        server.json(DEVICE, request, |body| {
            body.as_object_mut().unwrap().remove("user_code");
        })
    }),
    (
        "a device waits for its person, and then has its tokens",
        |server, request| instead_of(server, request, "authorization_pending", "invalid_grant"),
    ),
    (
        "a device that asks too often is told to slow down",
        |server, request| instead_of(server, request, "slow_down", "authorization_pending"),
    ),
    (
        "a person who denies a device is told to it",
        |server, request| instead_of(server, request, "access_denied", "authorization_pending"),
    ),
    ("a device code is bound to its client", |server, request| {
        server.as_first_client(request)
    }),
    ("a device code is good once", |server, request| {
        server.again(TOKEN, request)
    }),
    ("an unknown device code is refused", |server, request| {
        instead_of(server, request, "invalid_grant", "authorization_pending")
    }),
    // Answers in a form.
    ("form_post brings the code in a form", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| without(pairs, "response_mode"))
    }),
    ("form_post brings errors in a form", |server, request| {
        server.ask(AUTHORIZE, request, |pairs| without(pairs, "response_mode"))
    }),
    // Logging out.
    (
        "a logout ends the session and comes back with the state",
        |server, request| {
            if request.url.path() == LOGOUT {
                let state = request.parameter("state").unwrap_or_default();
                return Ok(server.leads_to(&request, &[("state", &state)]));
            }
            server.pass(request)
        },
    ),
    (
        "a logout comes back without a state, too",
        |server, request| {
            server.callback(request, |pairs| {
                pairs.push(("state".to_owned(), "x".to_owned()));
            })
        },
    ),
    (
        "a logout goes nowhere that is not registered",
        leads_anywhere,
    ),
    (
        "a query added to a registered place makes another place",
        leads_anywhere,
    ),
    (
        "a hint that was tampered with leads nowhere",
        leads_anywhere,
    ),
    ("a logout without parameters gets a page", leads_anywhere),
];

/// The token endpoint says another error.
fn instead_of(
    server: &super::broken::Broken<'_>,
    request: snowglobe_conform::Request,
    error: &str,
    other: &str,
) -> anyhow::Result<snowglobe_conform::Response> {
    server.json(TOKEN, request, |body| {
        if body["error"] == error {
            body["error"] = other.into();
        }
    })
}

fn leads_anywhere(
    server: &super::broken::Broken<'_>,
    request: snowglobe_conform::Request,
) -> anyhow::Result<snowglobe_conform::Response> {
    if request.url.path() == LOGOUT {
        return Ok(server.leads_to(&request, &[]));
    }
    server.pass(request)
}
