//! What no client means to send: an error each time, and the server is there afterwards.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;

use fastrand::Rng;
use snowglobe_testkit::{Answer, Http, Instance};

use crate::world::{Credentials, SERVICENOW, STRICT, launch};

const FORM: &str = "application/x-www-form-urlencoded";
const SEED: u64 = 0x5107_91BE;
const BODIES: usize = 10_000;
const SENDERS: usize = 8;

fn post(http: &Http, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
    Answer::of(
        http.request("POST", path)
            .header("Content-Type", content_type)
            .body(body),
    )
}

fn is_an_error_of_the_client(answer: &Answer) -> bool {
    (400..500).contains(&answer.status)
}

fn still_serves(instance: &Instance) {
    assert_eq!(instance.http().get("/_sg/health").status, 200);
    Credentials::of_demo_client(instance).access_token(instance.http());
}

#[test]
fn ten_thousand_random_bodies_are_errors() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    std::thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (http, client) = (instance.http().clone(), &client);
            scope.spawn(move || {
                let mut random = Rng::with_seed(SEED + sender as u64);
                for number in 0..BODIES / SENDERS {
                    let body = body(&mut random, client);
                    let path = if number % 2 == 0 { SERVICENOW } else { STRICT };
                    let answer = post(&http, path, FORM, body.clone());
                    let shown = String::from_utf8_lossy(&body);
                    assert!(
                        is_an_error_of_the_client(&answer),
                        "{path} {} {shown}",
                        answer.status
                    );
                }
            });
        }
    });
    still_serves(&instance);
}

/// Noise, a form of known names and noise, or a good form with some bytes changed; none of them
/// has a secret that is right.
fn body(random: &mut Rng, client: &Credentials) -> Vec<u8> {
    const NAMES: [&str; 10] = [
        "grant_type",
        "client_id",
        "client_secret",
        "username",
        "password",
        "refresh_token",
        "scope",
        "state",
        "code",
        "%00",
    ];
    const GRANTS: [&str; 4] = [
        "client_credentials",
        "password",
        "refresh_token",
        "\u{202e}",
    ];
    match random.u8(..3) {
        0 => noise(random, 300),
        1 => {
            let mut form = format!("grant_type={}", random.choice(GRANTS).unwrap()).into_bytes();
            for _ in 0..random.usize(..12) {
                form.extend(format!("&{}=", random.choice(NAMES).unwrap()).into_bytes());
                form.extend(noise(random, 40));
            }
            form
        }
        _ => {
            let grant = random.choice(GRANTS).unwrap();
            let form = format!(
                "grant_type={grant}&client_id={}&client_secret=wrong",
                client.id
            );
            let mut form = form.into_bytes();
            for _ in 0..random.usize(1..6) {
                let at = random.usize(..form.len());
                form[at] = random.u8(..);
            }
            form
        }
    }
}

fn noise(random: &mut Rng, most: usize) -> Vec<u8> {
    let length = random.usize(..most);
    std::iter::repeat_with(|| random.u8(..))
        .take(length)
        .collect()
}

#[test]
fn a_mebibyte_is_too_much() {
    let instance = launch().start();
    let mut body = b"grant_type=client_credentials&client_id=".to_vec();
    body.resize(1 << 20, b'a');
    for path in [SERVICENOW, STRICT] {
        let answer = post(instance.http(), path, FORM, body.clone());
        assert!(
            is_an_error_of_the_client(&answer),
            "{path} {}",
            answer.status
        );
    }
    still_serves(&instance);
}

#[test]
fn a_thousand_parameters_are_too_many() {
    let instance = launch().start();
    let body = "state=a&".repeat(1000).into_bytes();
    for path in [SERVICENOW, STRICT] {
        assert!(
            is_an_error_of_the_client(&post(instance.http(), path, FORM, body.clone())),
            "{path}"
        );
    }
}

#[test]
fn other_content_types_are_refused() {
    let instance = launch().start();
    let client = Credentials::of_demo_client(&instance);
    let good = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        client.id, client.secret
    );
    let types = [
        "",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json",
        "\"",
        "a/b/c",
    ];
    for content_type in types {
        for path in [SERVICENOW, STRICT] {
            let answer = post(
                instance.http(),
                path,
                content_type,
                good.clone().into_bytes(),
            );
            assert!(
                is_an_error_of_the_client(&answer),
                "{path} {content_type} {}",
                answer.status
            );
        }
    }
    let with_charset = format!("{FORM}; charset=UTF-8");
    assert_eq!(
        post(instance.http(), STRICT, &with_charset, good.into_bytes()).status,
        200
    );
}

#[test]
fn text_that_is_no_utf8_is_refused() {
    let instance = launch().start();
    for body in [
        &b"grant_type=\xff\xfe"[..],
        b"grant_type=%FF%FE",
        b"\xc3\x28=password",
    ] {
        for path in [SERVICENOW, STRICT] {
            let answer = post(instance.http(), path, FORM, body.to_vec());
            assert!(
                is_an_error_of_the_client(&answer),
                "{path} {body:?} {}",
                answer.status
            );
        }
    }
}

#[test]
fn broken_http_does_not_end_the_server() {
    let instance = launch().start();
    let address = instance.url().trim_start_matches("http://").to_owned();
    let requests: [&[u8]; 5] = [
        b"POST /oauth_token.do HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /oauth_token.do HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /oauth_token.do HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\ngrant_type=",
        b"GET /oauth_token.do?\x00\xff HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ];
    for request in requests {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(request).unwrap();
        // The server may have hung up already.
        let _hung_up = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _cut_off = stream.read_to_end(&mut answer);
        assert!(
            !answer.starts_with(b"HTTP/1.1 5"),
            "{}",
            String::from_utf8_lossy(&answer)
        );
    }
    still_serves(&instance);
}

#[test]
fn hostile_table_requests_are_errors_or_empty() {
    let instance = launch().start();
    let token = Credentials::of_demo_client(&instance).access_token(instance.http());
    let mut random = Rng::with_seed(SEED);
    for _ in 0..500 {
        let mut query = String::new();
        for byte in noise(&mut random, 60) {
            write!(query, "%{byte:02X}").unwrap();
        }
        let path = format!("/api/now/table/incident?sysparm_limit=1&sysparm_query={query}");
        let answer = Answer::of(instance.http().bearer(&token, "GET", &path));
        assert!(
            answer.status < 500,
            "{path}: {} {}",
            answer.status,
            answer.body
        );
    }
    for path in [
        "/api/now/table/%00",
        "/api/now/table/incident%27%3B--",
        "/api/now/table/",
    ] {
        let answer = Answer::of(instance.http().bearer(&token, "GET", path));
        assert!(
            is_an_error_of_the_client(&answer),
            "{path}: {}",
            answer.status
        );
    }
    still_serves(&instance);
}
