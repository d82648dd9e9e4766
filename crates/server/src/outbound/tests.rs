//! The guard, from its door: every way that a request may leave by, and what comes back.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use snowglobe_oauth::secret::Secret;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

use super::{
    FormPost, Outbound, Reach, SendFault, Way, fetch::FetchFault, resolve::Answer, resolve::Names,
};
use crate::config;

/// Names whose addresses are another each time they are asked for.
#[derive(Debug)]
struct Rebinding(Mutex<Vec<Vec<IpAddr>>>);

impl Names for Rebinding {
    fn addresses(&self, _name: &str) -> Answer {
        let mut answers = self.0.lock().expect("no panic");
        let next = answers.pop();
        Box::pin(async move { next.ok_or_else(|| io::Error::other("no such name")) })
    }
}

fn outbound(reach: Reach, answers: Vec<Vec<IpAddr>>) -> Outbound {
    through(reach, Way::default(), answers)
}

fn through(reach: Reach, way: Way, answers: Vec<Vec<IpAddr>>) -> Outbound {
    Outbound::with_names(reach, way, Arc::new(Rebinding(Mutex::new(answers))))
}

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[tokio::test]
async fn ssrf_a_name_that_leads_inside_is_not_followed() {
    let inside = vec![vec![HERE, "10.0.0.1".parse().expect("an address")]];
    let outbound = outbound(Reach::default(), inside);
    let fetched = outbound.json("https://rebound.example/jwks").await;
    assert_eq!(fetched, Err(FetchFault::OutOfReach));
}

#[tokio::test]
async fn ssrf_a_name_that_changes_its_mind_is_checked_each_time() {
    // The last answer comes first: this machine where it may be reached, then the metadata service of a cloud.
    let cloud = vec!["169.254.169.254".parse().expect("an address")];
    let outbound = outbound(Reach::of_development(), vec![cloud, vec![HERE]]);
    let first = outbound.json("https://rebound.example:1/jwks").await;
    assert_eq!(
        first,
        Err(FetchFault::Unreachable),
        "nobody listens on port 1"
    );
    let second = outbound.json("https://rebound.example:1/jwks").await;
    assert_eq!(second, Err(FetchFault::OutOfReach));
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_unreachable() {
    let outbound = outbound(Reach::default(), Vec::new());
    let fetched = outbound.json("https://unknown.example/").await;
    assert_eq!(fetched, Err(FetchFault::Unreachable));
}

#[tokio::test]
async fn what_is_here_is_fetched_in_development_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let serving = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _asked = stream.read(&mut [0; 1024]).await;
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/jwk-set+json\r\ncontent-length: 2\r\n\r\n{}";
            let _gone = stream.write_all(answer.as_bytes()).await;
        }
    });
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("http://{host}:{port}/");
        let development = Outbound::new(Reach::of_development(), Way::default());
        assert_eq!(development.json(&url).await, Ok(b"{}".to_vec()), "{url}");
        let production = Outbound::new(Reach::default(), Way::default());
        assert_eq!(production.json(&url).await, Err(FetchFault::Url), "{url}");
    }
    serving.abort();
}

/// Somebody who answers with these bytes, whoever asks; keeps what was asked.
struct Other {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Other {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Other {
    async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer: Vec<u8> = answer.into();
        Self::start(move |mut stream, _| {
            let answer = answer.clone();
            tokio::spawn(async move {
                let _gone = stream.write_all(&answer).await;
                // What was not asked for yet is not cut off.
                tokio::time::sleep(Duration::from_secs(5)).await;
            });
        })
        .await
    }

    /// A proxy that leads every `CONNECT` to one door, and answers what it is asked plainly.
    async fn proxying(door: SocketAddr) -> Self {
        Self::start(move |mut stream, head| {
            let tunnel = head.starts_with("CONNECT ");
            tokio::spawn(async move {
                if !tunnel {
                    let _gone = stream.write_all(JSON.as_bytes()).await;
                    return;
                }
                let mut other = TcpStream::connect(door).await.expect("a door");
                let said = b"HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n";
                let _gone = stream.write_all(said).await;
                let _gone = tokio::io::copy_bidirectional(&mut stream, &mut other).await;
            });
        })
        .await
    }

    async fn start(answer: impl Fn(TcpStream, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let heads = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heads);
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = stream.read_u8().await else {
                        break;
                    };
                    head.push(byte);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                noted.lock().expect("no panic").push(head.clone());
                answer(stream, head);
            }
        });
        Self {
            address,
            heads,
            task,
        }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no panic").clone()
    }
}

const JSON: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
const PUBLIC: &str = "93.184.216.34";

/// `api.example` with TLS, and the certificate to trust.
async fn api_example() -> (SocketAddr, CertificateDer<'static>, JoinHandle<()>) {
    let made = rcgen::generate_simple_self_signed(["api.example".to_owned()]).expect("made");
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(aws_lc_rs::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("a certificate");
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let _asked = stream.read(&mut [0; 4096]).await;
            let _gone = stream.write_all(JSON.as_bytes()).await;
        }
    });
    (address, certificate, task)
}

fn by(proxy: SocketAddr, more: &str, roots: Vec<CertificateDer<'static>>) -> (Reach, Way) {
    let text = format!("proxy = \"http://jo:p%40ss@{proxy}\"\n{more}");
    let config: config::Outbound = toml::from_str(&text).expect("a section");
    (Reach::of_production(&config), Way::new(&config, roots))
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[tokio::test]
async fn ssrf_a_proxy_is_told_the_address_that_was_checked_and_tls_is_with_the_name() {
    let (door, root, serving) = api_example().await;
    let proxy = Other::proxying(door).await;
    let (reach, way) = by(proxy.address, "", vec![root]);
    let outbound = through(reach, way, vec![vec![address("10.0.0.1"), address(PUBLIC)]]);
    let fetched = outbound.json("https://api.example/jwks").await;
    assert_eq!(fetched, Ok(b"{}".to_vec()));
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1);
    assert!(
        heads[0].starts_with("CONNECT 93.184.216.34:443 HTTP/1.1\r\n"),
        "{heads:?}"
    );
    // jo:p@ss
    assert!(heads[0].contains("\r\nProxy-Authorization: Basic am86cEBzcw==\r\n"));
    serving.abort();
}

#[tokio::test]
async fn a_proxy_that_leads_elsewhere_is_caught_by_tls() {
    let (door, _root, serving) = api_example().await;
    let proxy = Other::proxying(door).await;
    let (reach, way) = by(proxy.address, "", Vec::new());
    let outbound = through(reach, way, vec![vec![address(PUBLIC)]]);
    let fetched = outbound.json("https://api.example/jwks").await;
    assert_eq!(fetched, Err(FetchFault::Unreachable));
    serving.abort();
}

#[tokio::test]
async fn ssrf_a_proxy_does_not_evade_the_guard() {
    let proxy = Other::proxying(SocketAddr::from(([127, 0, 0, 1], 1))).await;
    let (reach, way) = by(
        proxy.address,
        "plain_http = [\"plain.example\"]",
        Vec::new(),
    );
    // The last answer comes first.
    let inside = vec![vec![address("10.0.0.1")], vec![address("169.254.169.254")]];
    let outbound = through(reach, way, inside);
    for url in [
        "https://rebound.example/",
        "http://plain.example/",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00::1]/",
        "https://127.0.0.1/",
    ] {
        let fetched = outbound.json(url).await;
        assert_eq!(fetched, Err(FetchFault::OutOfReach), "{url}");
    }
    assert_eq!(proxy.heads(), [""; 0], "it was told of none");
}

#[tokio::test]
async fn a_proxy_resolves_names_only_where_it_is_told_to_and_only_listed_ones() {
    let (door, root, serving) = api_example().await;
    let proxy = Other::proxying(door).await;
    let more = "proxy_resolves = true\nhosts = [\"api.example\"]\n";
    let (reach, way) = by(proxy.address, more, vec![root]);
    let outbound = through(reach, way, Vec::new());
    let fetched = outbound.json("https://api.example:8443/").await;
    assert_eq!(fetched, Ok(b"{}".to_vec()));
    let other = outbound.json("https://other.example/").await;
    assert_eq!(other, Err(FetchFault::Host));
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1);
    assert!(
        heads[0].starts_with("CONNECT api.example:8443 "),
        "{heads:?}"
    );
    serving.abort();
}

#[tokio::test]
async fn ssrf_a_proxy_whose_name_leads_where_none_may_stand_is_not_asked() {
    for scheme in ["https", "http"] {
        let text = "proxy = \"http://proxy.example:3128\"\nplain_http = [\"api.example\"]\n";
        let config: config::Outbound = toml::from_str(text).expect("a section");
        // The last answer comes first: of the other side, then of the proxy.
        let cloud = vec![address("169.254.169.254")];
        let answers = vec![cloud, vec![address(PUBLIC)]];
        let (reach, way) = (Reach::of_production(&config), Way::new(&config, Vec::new()));
        let outbound = through(reach, way, answers);
        let posted = post(&outbound, &format!("{scheme}://api.example/token"), 10_000).await;
        let expected = if scheme == "https" {
            SendFault::Proxy
        } else {
            SendFault::OutOfReach
        };
        assert_eq!(posted, Err(expected), "{scheme}");
    }
}

#[tokio::test]
async fn plain_http_leaves_through_the_proxy_with_the_checked_address() {
    let proxy = Other::proxying(SocketAddr::from(([127, 0, 0, 1], 1))).await;
    let (reach, way) = by(
        proxy.address,
        "plain_http = [\"plain.example\"]",
        Vec::new(),
    );
    let outbound = through(reach, way, vec![vec![address(PUBLIC)]]);
    let fetched = outbound.json("http://plain.example:8080/x?y").await;
    assert_eq!(fetched, Ok(b"{}".to_vec()));
    let heads = proxy.heads();
    let head = heads[0].to_lowercase();
    assert!(
        head.starts_with("get http://93.184.216.34:8080/x?y http/1.1\r\n"),
        "{head}"
    );
    assert!(head.contains("\r\nhost: plain.example:8080\r\n"), "{head}");
    assert!(
        head.contains("\r\nproxy-authorization: basic am86cebzcw==\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn what_is_listed_as_direct_and_this_machine_need_no_proxy() {
    let here = Other::answering(JSON).await;
    let proxy = Other::proxying(here.address).await;
    let more =
        "direct = [\"near.example\"]\nallow = [\"127.0.0.1\"]\nplain_http = [\"near.example\"]\n";
    let (reach, way) = by(proxy.address, more, Vec::new());
    let outbound = through(reach, way, vec![vec![HERE]]);
    let port = here.address.port();
    for host in ["near.example", "127.0.0.1"] {
        let fetched = outbound.json(&format!("http://{host}:{port}/")).await;
        assert_eq!(fetched, Ok(b"{}".to_vec()), "{host}");
    }
    assert_eq!(proxy.heads(), [""; 0]);
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_from_the_other_side() {
    for answer in [
        "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\n\r\n",
        "SSH-2.0-x\r\n\r\n",
    ] {
        let proxy = Other::answering(answer).await;
        let (reach, way) = by(proxy.address, "", Vec::new());
        let outbound = through(reach, way, vec![vec![address(PUBLIC)]]);
        let posted = post(&outbound, "https://api.example/token", 10_000).await;
        assert_eq!(posted, Err(SendFault::Proxy), "{answer}");
    }
    assert!(!SendFault::Proxy.was_sent() && SendFault::Proxy.is_passing());
}

async fn post(outbound: &Outbound, url: &str, within_ms: u64) -> Result<u16, SendFault> {
    let form = Secret::new("grant_type=client_credentials".to_owned());
    let post = FormPost {
        url,
        form: &form,
        authorization: None,
        within: Duration::from_millis(within_ms),
    };
    outbound.post_form(post).await.map(|reply| reply.status)
}

#[tokio::test]
async fn ssrf_a_redirect_is_an_answer_and_not_a_way() {
    let elsewhere = Other::answering(JSON).await;
    let outbound = Outbound::new(Reach::of_development(), Way::default());
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let answer = format!(
            "HTTP/1.1 {status}\r\nlocation: http://{}/\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            elsewhere.address
        );
        let here = Other::answering(answer).await;
        let url = format!("http://{}/", here.address);
        let expected = status[..3].parse().expect("a status");
        assert_eq!(
            post(&outbound, &url, 10_000).await,
            Ok(expected),
            "{status}"
        );
        let fetched = outbound.json(&url).await;
        assert_eq!(fetched, Err(FetchFault::Status(expected)), "{status}");
    }
    assert_eq!(elsewhere.heads(), [""; 0]);
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_read_to_its_end() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
    let endless = [head.as_bytes(), &vec![b' '; 2 * 1024 * 1024]].concat();
    let here = Other::answering(endless).await;
    let outbound = Outbound::new(Reach::of_development(), Way::default());
    let url = format!("http://{}/", here.address);
    assert_eq!(
        post(&outbound, &url, 10_000).await,
        Err(SendFault::TooLarge)
    );
    assert_eq!(outbound.json(&url).await, Err(FetchFault::TooLarge));
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_not_waited_for() {
    let outbound = Outbound::new(Reach::of_development(), Way::default());
    // Nothing; a head that does not end; a body that does not.
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{",
    ] {
        let here = Other::answering(answer).await;
        let url = format!("http://{}/", here.address);
        let began = Instant::now();
        let posted = post(&outbound, &url, 200).await;
        assert_eq!(posted, Err(SendFault::TimedOut), "{answer}");
        assert!(began.elapsed() < Duration::from_secs(3), "{answer}");
    }
}
