//! The smallest web server: fixed answers by path, and a count of the questions.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

#[derive(Debug)]
pub(super) struct Server {
    url: String,
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    answers: Mutex<HashMap<String, String>>,
    asked: Mutex<HashMap<String, usize>>,
    stop: AtomicBool,
}

const NOT_FOUND: &str = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

impl Server {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                for stream in listener.incoming().flatten() {
                    if shared.stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let shared = Arc::clone(&shared);
                    std::thread::spawn(move || shared.respond(stream));
                }
            }
        });
        Self {
            url: format!("http://{address}"),
            address,
            shared,
            thread: Some(thread),
        }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn serve(&self, path: &str, answer: &str) {
        lock(&self.shared.answers).insert(path.to_owned(), answer.to_owned());
    }

    pub(super) fn take_down(&self, path: &str) {
        lock(&self.shared.answers).remove(path);
    }

    pub(super) fn asked(&self, path: &str) -> usize {
        lock(&self.shared.asked).get(path).copied().unwrap_or(0)
    }
}

impl Shared {
    /// A client that goes away early misses its answer, and nobody else's.
    fn respond(&self, mut stream: TcpStream) {
        let mut lines = BufReader::new(&stream).lines();
        let Some(Ok(first)) = lines.next() else {
            return;
        };
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        while lines
            .next()
            .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
        {}
        *lock(&self.asked).entry(path.clone()).or_default() += 1;
        let answer = lock(&self.answers).get(&path).cloned();
        let answer = answer.as_deref().unwrap_or(NOT_FOUND);
        let _gone = stream.write_all(answer.as_bytes());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for a connection.
        let _woken = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
