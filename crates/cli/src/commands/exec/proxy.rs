//! The proxy of one child: it tunnels to one host and refuses every other (RFC 9110 §9.3.6).

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A proxy that runs for as long as the value is held.
pub(super) struct Proxy {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Returns what makes programs use it, in the spellings that are about.
    pub(super) fn variables(&self) -> impl Iterator<Item = (&'static str, String)> {
        let url = format!("http://{}", self.address);
        let proxies = PROXIES.iter().map(move |name| (*name, url.clone()));
        // What listens on this machine is not the instance's business.
        let direct =
            ["NO_PROXY", "no_proxy"].map(|name| (name, "localhost,127.0.0.1,::1".to_owned()));
        proxies.chain(direct)
    }

    /// Returns what makes Java use it, which reads none of those.
    pub(super) fn java_options(&self) -> String {
        let (host, port) = (self.address.ip(), self.address.port());
        format!(
            "-Dhttps.proxyHost={host} -Dhttps.proxyPort={port} -Dhttp.proxyHost={host} \
             -Dhttp.proxyPort={port} -Dhttp.nonProxyHosts=localhost|127.*|[::1]"
        )
    }
}

const PROXIES: [&str; 6] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Starts a proxy that leads `host` to `door`.
pub(super) async fn start(host: &str, door: SocketAddr) -> anyhow::Result<Proxy> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.context("the proxy finds no port")?;
    let address = listener.local_addr()?;
    let host = host.to_owned();
    let task = tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let host = host.clone();
            tokio::spawn(async move {
                // A client that goes away is not worth a word.
                let _ = serve(client, &host, door).await;
            });
        }
    });
    Ok(Proxy { address, task })
}

async fn serve(mut client: TcpStream, host: &str, door: SocketAddr) -> std::io::Result<()> {
    let Some(head) = head(&mut client).await? else {
        return Ok(());
    };
    let line = head.lines().next().unwrap_or_default();
    if target(line) != Some(host) {
        let asked = line.split(' ').nth(1).unwrap_or(line);
        eprintln!("snowglobe exec: refused {asked}: only https://{host} is reached from here");
        let said = format!("snowglobe exec reaches only https://{host}\n");
        let answer = format!(
            "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{said}",
            said.len()
        );
        return client.write_all(answer.as_bytes()).await;
    }
    let mut server = TcpStream::connect(door).await?;
    client
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// Reads the head of a request, to its empty line and no further.
async fn head(client: &mut TcpStream) -> std::io::Result<Option<String>> {
    let mut head = Vec::with_capacity(512);
    // Byte by byte: what follows the head is the tunnel's.
    while !head.ends_with(b"\r\n\r\n") {
        match client.read_u8().await {
            Ok(byte) if head.len() < LONGEST_HEAD => head.push(byte),
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8(head).ok())
}

/// Returns the host that a CONNECT asks for on the port of HTTPS.
fn target(line: &str) -> Option<&str> {
    let mut words = line.split(' ');
    let is_connect = words.next()? == "CONNECT";
    let host = words.next()?.strip_suffix(":443")?;
    is_connect.then_some(host)
}

const LONGEST_HEAD: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_tunnel_to_the_port_of_https_has_a_target() {
        assert_eq!(
            target("CONNECT dev12345.service-now.com:443 HTTP/1.1"),
            Some("dev12345.service-now.com")
        );
        for other in [
            "",
            "CONNECT dev12345.service-now.com:80 HTTP/1.1",
            "GET http://dev12345.service-now.com/ HTTP/1.1",
            "GET https://dev12345.service-now.com:443 HTTP/1.1",
            "connect dev12345.service-now.com:443 HTTP/1.1",
        ] {
            assert_eq!(target(other), None, "{other}");
        }
    }
}
