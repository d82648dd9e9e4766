//! Access tokens in JWT format (RFC 9068), ID tokens, userinfo and the key set.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use snowglobe_oauth::jose::{Algorithm, Jwt, KeySet, SigningKey};
use snowglobe_testkit::Answer;

use crate::world::{CLIENT_CREDENTIALS, Client, SERVICENOW, Tokens, World};

const API: &str = "/api/now/table/incident?sysparm_limit=1";

fn keys(world: &World) -> KeySet {
    KeySet::parse(world.http.get("/oauth2/jwks").body.as_bytes()).unwrap()
}

/// Header and claims of a JWT that a key of the instance signed.
fn read(world: &World, text: &str) -> (Value, Value) {
    let jwt = Jwt::parse(text).unwrap();
    jwt.verify(&keys(world), &Algorithm::PUBLIC)
        .expect("one of the published keys signed it");
    let mut parts = text.split('.');
    let mut part = || {
        let bytes = URL_SAFE_NO_PAD.decode(parts.next().unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    (part(), part())
}

/// The claims of a JWT, whoever signed it.
pub(crate) fn claims_of(text: &str) -> Value {
    let claims = text.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

fn jwt_client(world: &World, name: &str, more: Value) -> Client {
    let mut fields = json!({"token_format": "jwt"});
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more);
    }
    world.register(name, "s", fields)
}

fn password_grant(world: &World, client: &Client, scope: &str) -> Answer {
    let form = [
        ("grant_type", "password"),
        ("username", "itil"),
        ("password", world.password("itil")),
        ("scope", scope),
    ];
    world.grant(SERVICENOW, client, &form)
}

#[test]
fn the_key_set_is_public_and_may_be_kept_for_a_while() {
    let world = World::shared();
    for path in ["/oauth2/jwks", "/api/now/oauth/jwks"] {
        let answer = world.http.get(path);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let keys = answer.json()["keys"].as_array().cloned().unwrap();
        let algs: Vec<_> = keys
            .iter()
            .map(|key| key["alg"].as_str().unwrap())
            .collect();
        for alg in ["RS256", "ES256"] {
            assert!(algs.contains(&alg), "{algs:?}");
        }
        for key in &keys {
            assert_eq!(key["use"], json!("sig"));
            assert!(!key["kid"].as_str().unwrap().is_empty());
            // No private member of RFC 7518 §6.
            for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                assert_eq!(key.get(private), None, "{private}");
            }
            let bits = key["n"]
                .as_str()
                .map(|n| URL_SAFE_NO_PAD.decode(n).unwrap().len() * 8);
            assert!(bits.is_none_or(|bits| bits >= 2048));
        }
    }
}

#[test]
fn rfc9068_2_an_access_token_says_who_may_do_what_where() {
    let world = World::shared();
    let client = jwt_client(world, "jwt.plain", json!({"sub_claim": "user_name"}));
    let Tokens { access, refresh } = world.tokens(&client, "itil", world.password("itil"));
    let (header, claims) = read(world, &access);
    assert_eq!(
        (&header["typ"], &header["alg"]),
        (&json!("at+jwt"), &json!("RS256"))
    );
    for (name, expected) in [
        ("iss", json!(world.url)),
        ("sub", json!("itil")),
        ("aud", json!(world.url)),
        ("client_id", json!("jwt.plain")),
        ("scope", json!("useraccount")),
    ] {
        assert_eq!(claims[name], expected, "{name}");
    }
    let number = |name: &str| claims[name].as_u64().unwrap();
    assert_eq!(number("exp") - number("iat"), 1800);
    assert_eq!(refresh.len(), 86, "refresh tokens stay opaque");
    assert_eq!(world.as_bearer(&access).get(API).status, 200);

    // RFC 7662: the same token, so the same claims.
    let answer = world.grant("/oauth2/introspect", &client, &[("token", &access)]);
    let told = answer.json();
    for name in [
        "iss",
        "sub",
        "aud",
        "client_id",
        "scope",
        "exp",
        "iat",
        "jti",
    ] {
        assert_eq!(told[name], claims[name], "{name}");
    }
    // §2.0 of inbound-oauth.md: the same token again, to the letter.
    let again = world.tokens(&client, "itil", world.password("itil"));
    assert_eq!(again, Tokens { access, refresh });
}

#[test]
fn security_44_a_clients_own_subject_is_no_persons() {
    let world = World::shared();
    let sys_id = world.admin().sys_id("sys_user", "user_name=itil");
    // A client that calls itself as a person is called.
    let client = jwt_client(world, &sys_id, json!({}));
    let (_, claims) = read(world, &world.access_token(&client));
    assert_eq!(claims["sub"], json!(format!("client:{sys_id}")));
    // And a person who calls himself as a client is called.
    let liar = format!("client:{sys_id}");
    let by_name = jwt_client(world, "jwt.liar", json!({"sub_claim": "user_name"}));
    let liar_id = world.person(&liar, "Right-1!", json!({}));
    let Tokens { access, .. } = world.tokens(&by_name, &liar, "Right-1!");
    assert_eq!(read(world, &access).1["sub"], json!(liar_id));
}

#[test]
fn a_subject_claim_never_shows_a_secret() {
    let world = World::shared();
    for field in ["user_password", "no_such_field", ""] {
        let name = format!("jwt.sub.{field}");
        let client = jwt_client(world, &name, json!({"sub_claim": field}));
        let Tokens { access, .. } = world.tokens(&client, "itil", world.password("itil"));
        let itil = world.admin().sys_id("sys_user", "user_name=itil");
        assert_eq!(read(world, &access).1["sub"], json!(itil), "{field}");
    }
    let client = jwt_client(world, "jwt.sub.email", json!({"sub_claim": "email"}));
    let person = json!({"email": "jwt.sub@example.com"});
    world.person("jwt.sub", "Right-1!", person);
    let Tokens { access, .. } = world.tokens(&client, "jwt.sub", "Right-1!");
    assert_eq!(read(world, &access).1["sub"], json!("jwt.sub@example.com"));
}

#[test]
fn security_31_a_jwt_dies_as_every_token_does() {
    let world = World::shared();
    let client = jwt_client(world, "jwt.dead", json!({}));
    let opens = |token: &str| world.as_bearer(token).get(API).status;
    let active = |token: &str| {
        let answer = world.grant("/oauth2/introspect", &client, &[("token", token)]);
        answer.json()["active"] == json!(true)
    };
    for path in ["/oauth2/revoke", "/oauth_revoke_token.do"] {
        let token = world.access_token(&client);
        assert_eq!((opens(&token), active(&token)), (200, true));
        assert_eq!(world.grant(path, &client, &[("token", &token)]).status, 200);
        assert_eq!((opens(&token), active(&token)), (401, false), "{path}");
    }
    let Tokens { access, refresh } = world.tokens(&client, "itil", world.password("itil"));
    let form = [("token", refresh.as_str())];
    assert_eq!(world.grant("/oauth2/revoke", &client, &form).status, 200);
    assert_eq!((opens(&access), active(&access)), (401, false), "family");

    let person = world.person("jwt.dead.user", "Right-1!", json!({}));
    let Tokens { access, .. } = world.tokens(&client, "jwt.dead.user", "Right-1!");
    let change = json!({"user_password": "Other-1!"});
    world.admin().change("sys_user", &person, &change);
    assert_eq!((opens(&access), active(&access)), (401, false), "password");

    let short = json!({"access_token_lifespan": "0"});
    let short = jwt_client(world, "jwt.short", short);
    assert_eq!(opens(&world.access_token(&short)), 401, "expired");

    let off = jwt_client(world, "jwt.off", json!({}));
    let token = world.access_token(&off);
    let change = json!({"active": "false"});
    world.admin().change("oauth_entity", &off.sys_id, &change);
    assert_eq!(opens(&token), 401, "its client is off");
}

fn with_header(text: &str, header: &Value) -> String {
    let (_, rest) = text.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
}

/// security.md §2, 55: what the header of a token can be made to say.
#[test]
fn security_55_no_header_talks_the_api_into_another_key_or_algorithm() {
    let world = World::shared();
    let client = jwt_client(world, "jwt.confused", json!({}));
    let good = world.access_token(&client);
    assert_eq!(world.as_bearer(&good).get(API).status, 200);
    let (header, claims) = read(world, &good);
    let claims: Map<String, Value> = claims.as_object().cloned().unwrap();
    let change = |changes: Value| {
        let mut header = header.clone();
        if let (Value::Object(header), Value::Object(changes)) = (&mut header, changes) {
            header.extend(changes);
        }
        header
    };
    let keys = world.http.get("/oauth2/jwks").json();
    let jwk = keys["keys"].as_array().unwrap();
    let rsa = jwk.iter().find(|key| key["kid"] == header["kid"]).unwrap();
    let other = jwk.iter().find(|key| key["kid"] != header["kid"]).unwrap();
    let mut cases = Vec::new();
    for alg in ["none", "None", "HS256", "RS384", "PS256", "ES256", ""] {
        let text = with_header(&good, &change(json!({"alg": alg})));
        let unsigned = text.rsplit_once('.').unwrap().0.to_owned() + ".";
        cases.push((format!("alg {alg}"), text));
        cases.push((format!("alg {alg}, unsigned"), unsigned));
    }
    // The public key as a shared one.
    for secret in [rsa["n"].as_str().unwrap().to_owned(), rsa.to_string()] {
        let key = SigningKey::shared(
            Algorithm::Hs256,
            header["kid"].as_str().unwrap(),
            secret.as_bytes(),
        );
        cases.push((
            "HS with the RSA key".to_owned(),
            key.unwrap().sign("at+jwt", &claims).unwrap(),
        ));
    }
    // A key of the attacker's, named as ours, carried along, or to be fetched.
    let mine = SigningKey::generate(Algorithm::Rs256).unwrap();
    let named = SigningKey::from_pkcs8(Algorithm::Rs256, &mine.to_pkcs8().unwrap())
        .unwrap()
        .named(header["kid"].as_str().unwrap());
    for key in [&mine, &named] {
        let text = key.sign("at+jwt", &claims).unwrap();
        cases.push(("another key".to_owned(), text.clone()));
        for more in [
            json!({"jwk": mine.jwk()}),
            json!({"jku": "http://127.0.0.1:1/jwks"}),
            json!({"x5u": "http://127.0.0.1:1/certificate"}),
            json!({"kid": "../../../../dev/null"}),
            json!({"kid": other["kid"]}),
        ] {
            let name = more.to_string();
            cases.push((name, with_header(&text, &change(more))));
        }
    }
    for more in [
        json!({"kid": other["kid"]}),
        json!({"crit": ["b64"], "b64": false}),
        json!({"zip": "DEF"}),
        json!({"typ": "JWT"}),
    ] {
        cases.push((more.to_string(), with_header(&good, &change(more))));
    }
    for (case, token) in cases {
        let answer = world.as_bearer(&token).get(API);
        assert_eq!(answer.status, 401, "{case}");
        let told = world.grant("/oauth2/introspect", &client, &[("token", &token)]);
        assert_eq!(told.body, r#"{"active":false}"#, "{case}");
    }
    // Every byte counts.
    for at in (0..good.len()).step_by(37).chain([good.len() - 1]) {
        let old = good.as_bytes()[at];
        if old == b'.' {
            continue;
        }
        let new = if old == b'A' { "Q" } else { "A" };
        let mut tampered = good.clone();
        tampered.replace_range(at..=at, new);
        assert_eq!(world.as_bearer(&tampered).get(API).status, 401, "byte {at}");
    }
}

#[test]
fn es256_signs_where_the_client_asks_for_it() {
    let world = World::shared();
    let client = jwt_client(world, "jwt.es256", json!({"token_signing_alg": "ES256"}));
    let answer = password_grant(world, &client, "openid");
    let (header, _) = read(world, &answer.text("access_token"));
    assert_eq!(header["alg"], json!("ES256"));
    let (header, _) = read(world, &answer.text("id_token"));
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&json!("ES256"), &json!("JWT"))
    );
    let token = answer.text("access_token");
    assert_eq!(world.as_bearer(&token).get(API).status, 200);
}

#[test]
fn openid_asks_servicenows_endpoint_for_an_id_token_and_keeps_the_api() {
    let world = World::shared();
    let client = world.register("openid.dialect", "s", json!({}));
    let answer = password_grant(world, &client, "openid");
    assert_eq!(answer.text("scope"), "openid useraccount");
    let access = answer.text("access_token");
    assert_eq!(world.as_bearer(&access).get(API).status, 200);
    let itil = world.admin().sys_id("sys_user", "user_name=itil");
    let (header, claims) = read(world, &answer.text("id_token"));
    assert_eq!(header["typ"], json!("JWT"));
    for (name, expected) in [
        ("iss", json!(world.url)),
        ("sub", json!(itil)),
        ("aud", json!("openid.dialect")),
        ("azp", json!("openid.dialect")),
        ("auth_time", claims["iat"].clone()),
        ("nonce", Value::Null),
        ("amr", json!(["pwd"])),
    ] {
        assert_eq!(claims[name], expected, "{name}");
    }
    // RFC 9068 §4: an ID token is no access token.
    let id_token = answer.text("id_token");
    assert_eq!(world.as_bearer(&id_token).get(API).status, 401);

    // OpenID Connect Core §12.2.
    let refresh = answer.text("refresh_token");
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
    let (_, later) = read(
        world,
        &world.grant(SERVICENOW, &client, &form).text("id_token"),
    );
    for name in ["iss", "sub", "aud"] {
        assert_eq!(later[name], claims[name], "{name}");
    }
    assert_eq!(
        (&later["nonce"], &later["auth_time"]),
        (&Value::Null, &Value::Null)
    );
    // Without `openid` there is none, and for a client alone there is no person.
    let plain = world.tokens(&client, "itil", world.password("itil"));
    assert_ne!(plain.access, access);
    let form = [CLIENT_CREDENTIALS, ("scope", "openid")];
    assert_eq!(world.grant(SERVICENOW, &client, &form).status, 401);
    let answer = world.grant(SERVICENOW, &client, &[CLIENT_CREDENTIALS]);
    assert_eq!(answer.json().get("id_token"), None);
}

#[test]
fn userinfo_tells_what_the_scope_opens() {
    let world = World::shared();
    let client = world.register("userinfo.client", "s", json!({}));
    let person = json!({
        "first_name": "Fred", "last_name": "Luddy", "email": "fred.l@example.com",
        "time_zone": "Europe/Paris",
    });
    let sys_id = world.person("userinfo.fred", "Right-1!", person);
    let token = |scope: &str| {
        let form = [
            ("grant_type", "password"),
            ("username", "userinfo.fred"),
            ("password", "Right-1!"),
            ("scope", scope),
        ];
        let answer = world.grant(SERVICENOW, &client, &form);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.text("access_token")
    };
    let get = |token: &str| world.as_bearer(token).get("/oauth2/userinfo");
    let bare = get(&token("openid"));
    assert_eq!(bare.json(), json!({"sub": sys_id}));
    assert_eq!(bare.header("cache-control"), "no-store");
    let profile = token("openid profile");
    let expected = json!({
        "sub": sys_id, "name": "Fred Luddy", "given_name": "Fred", "family_name": "Luddy",
        "preferred_username": "userinfo.fred", "zoneinfo": "Europe/Paris",
    });
    assert_eq!(get(&profile).json(), expected);
    let email = get(&token("openid email")).json();
    assert_eq!(email, json!({"sub": sys_id, "email": "fred.l@example.com"}));

    // OpenID Connect Core §5.3.1: GET and POST; RFC 6750 §2.2: in the form of a POST.
    let posted = world.as_bearer(&profile).send("POST", "/oauth2/userinfo");
    assert_eq!(posted.json(), expected);
    let form = [("access_token", profile.as_str())];
    assert_eq!(world.http.form("/oauth2/userinfo", &form).json(), expected);

    // security.md §2, 9: never in the URL.
    let url = format!("/oauth2/userinfo?access_token={profile}");
    assert_eq!(world.http.get(&url).status, 401);
    let without = get(&token("useraccount"));
    assert_eq!(without.status, 403);
    let challenge = without.header("www-authenticate").to_owned();
    assert!(
        challenge.contains("error=\"insufficient_scope\""),
        "{challenge}"
    );
}
