//! An API that answers what a test tells it, and remembers what it was asked.

use std::{
    collections::VecDeque,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// What it answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) status: u16,
    /// Lines, each with its end.
    pub(crate) headers: &'static str,
    /// An `echo` answers with all that was asked.
    pub(crate) body: &'static str,
    pub(crate) delay_ms: u64,
}

/// What it was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Method and path.
    pub(crate) line: String,
    /// Lines, the names in small letters.
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.headers.iter();
        let mut pairs = lines.filter_map(|line| line.split_once(": "));
        pairs.find(|(it, _)| *it == name).map(|(_, value)| value)
    }
}

/// The API; its thread ends with the process.
pub(crate) struct Api {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    told: VecDeque<Told>,
    asked: Vec<Asked>,
}

impl Api {
    /// Starts one that answers 200 unless it is told otherwise.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || drop(serve(&stream, &shared)));
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Says what the next calls are answered with.
    pub(crate) fn tell(&self, told: impl IntoIterator<Item = Told>) {
        self.state.lock().unwrap().told.extend(told);
    }

    /// Says the statuses of the next calls.
    pub(crate) fn tell_statuses(&self, statuses: &[u16]) {
        let told = |status: &u16| Told {
            status: *status,
            ..Told::default()
        };
        self.tell(statuses.iter().map(told));
    }

    /// Returns what it was asked, and forgets it.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.state.lock().unwrap().asked)
    }
}

fn serve(mut stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let (mut headers, mut length) = (Vec::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        let name = name.to_ascii_lowercase();
        if name == "content-length" {
            length = value.parse().unwrap();
        }
        headers.push(format!("{name}: {value}"));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let asked = Asked {
        line: line.trim_end().trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    };
    let told = {
        let mut state = state.lock().unwrap();
        state.asked.push(asked.clone());
        state.told.pop_front()
    };
    let told = told.unwrap_or(Told {
        status: 200,
        ..Told::default()
    });
    thread::sleep(Duration::from_millis(told.delay_ms));
    let body = match told.body {
        "echo" => format!("{asked:?}"),
        other => other.to_owned(),
    };
    write!(
        stream,
        "HTTP/1.1 {} Said\r\n{}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        told.status,
        told.headers,
        body.len(),
    )
}
