//! Somebody whom alerts are posted to.

#![expect(
    clippy::expect_used,
    reason = "a test fails here when the world is not as it needs it"
)]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use serde_json::Value;

/// Takes whatever JSON is posted, and keeps it in order.
#[derive(Debug)]
pub struct Webhook {
    url: String,
    bodies: Receiver<Value>,
}

impl Webhook {
    /// Starts one that answers 503 to the first so many.
    #[must_use]
    pub fn start(mut fails: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (send, bodies) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let body = answer(stream.expect("a connection"), fails > 0);
                if fails > 0 {
                    fails -= 1;
                } else if send.send(body).is_err() {
                    return;
                }
            }
        });
        Self {
            url: format!("http://{address}/hook?key=canary-hook"),
            bodies,
        }
    }

    /// Returns where to post to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for what is posted next.
    #[must_use]
    pub fn next(&self) -> Value {
        let body = self.bodies.recv_timeout(Duration::from_mins(1));
        body.expect("nothing was posted")
    }

    /// Returns what came and nobody looked at.
    #[must_use]
    pub fn waiting(&self) -> Vec<Value> {
        self.bodies.try_iter().collect()
    }
}

fn answer(stream: TcpStream, fails: bool) -> Value {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).expect("a head");
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("a body");
    let status = if fails { "503 Later" } else { "204 Thanks" };
    let answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    // Whoever posted may be gone.
    let _gone = stream.get_mut().write_all(answer.as_bytes());
    serde_json::from_slice(&body).expect("JSON")
}
