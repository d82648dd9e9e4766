//! The ceiling: what a request costs when only the unavoidable is done.
//!
//! | route | does |
//! |---|---|
//! | `POST /token` | parses the token form, hashes once, answers a token |
//! | `GET /bearer` | reads the `Authorization` header, hashes once, answers a small object |
//! | `GET /record?row=N` | one prepared statement by primary key |
//! | `GET /list`, `GET /list-and-count` | one prepared statement for 20 of 100,000, filtered and ordered; and another that counts |
//! | `POST /record` | one insert, committed in a group, on disk before the answer |
//! | `POST /whole-record` | the same of all columns that Snowglobe fills, with their indexes |
//!
//! It takes the arguments of `snowglobe up` and writes the same ready line, so that the bench starts
//! both in one way.

mod insert;
mod read;
mod rows;
mod token;

use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::{Context, Result};
use axum::Router;
use axum::routing::{get, post};

/// As in the product: the comparison is about what is done, not about who gives memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<()> {
    let started = Instant::now();
    let folder = data_folder().context("--data FOLDER is missing")?;
    let reader = Arc::new(Mutex::new(rows::open(&folder)?));
    let writer = |target| insert::Writer::start(&folder, target);
    let (narrow, whole) = (writer(&insert::NARROW)?, writer(&insert::WHOLE)?);
    let router = Router::new()
        .route("/token", post(token::post))
        .route("/bearer", get(token::bearer))
        .route("/record", get(read::record))
        .route("/list", get(read::list))
        .route("/list-and-count", get(read::list_and_count))
        .with_state(reader)
        .merge(inserts("/record", narrow))
        .merge(inserts("/whole-record", whole));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let ready = serde_json::json!({
        "url": format!("http://{}", listener.local_addr()?),
        "pid": std::process::id(),
        "ready_ms": started.elapsed().as_millis(),
    });
    writeln!(std::io::stdout().lock(), "{ready}")?;
    std::thread::spawn(leave_when_stdin_closes);
    axum::serve(listener, router).await?;
    Ok(())
}

fn inserts(path: &str, writer: insert::Writer) -> Router {
    Router::new()
        .route(path, post(insert::post))
        .with_state(writer)
}

fn data_folder() -> Option<PathBuf> {
    let mut arguments = std::env::args_os().skip_while(|argument| argument != "--data");
    arguments.nth(1).map(PathBuf::from)
}

fn leave_when_stdin_closes() {
    let _end = std::io::stdin().read_to_end(&mut Vec::new());
    std::process::exit(0);
}
