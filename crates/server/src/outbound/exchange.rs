//! One request and the head of its answer, by whichever way the configuration says.
//!
//! | way | who connects to the other side |
//! |---|---|
//! | direct | this machine, to an address that was checked |
//! | proxy, `https` | the proxy, told that address by `CONNECT` ([`super::tunnel`]); TLS is with the other side by its name |
//! | proxy, `http` | the proxy, told that address as the URL of the request |
//!
//! So a proxy does not evade the guard: it learns a name only where the configuration leaves names to it.

use std::{error::Error, sync::Arc, time::Duration};

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use reqwest::{Body, Client, ClientBuilder, Request, Response, Url, header, redirect};
use tokio::sync::OnceCell;
use tokio_rustls::rustls::{self, ClientConfig, crypto::aws_lc_rs, pki_types::CertificateDer};

use super::{
    reach::{Forbidden, Reach, address, is_here},
    resolve::{Guarded, Names, OfProxy, OutOfReach, SystemNames},
    tunnel::{ProxyRefused, Tunnel},
};
use crate::config::{self, HostPattern, Proxy};

/// Sends requests, within its reach.
#[derive(Debug)]
pub(crate) struct Outbound {
    guarded: Guarded,
    way: Way,
    /// Made when they are first needed: reading the machine's root certificates takes a while.
    direct: OnceCell<Over<HttpConnector<Guarded>>>,
    forward: OnceCell<Client>,
    tunnel: OnceCell<Over<Tunnel>>,
}

/// Requests over connections that this makes; TLS is with the other side.
type Over<C> = legacy::Client<HttpsConnector<C>, Body>;

/// How requests leave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    proxy: Option<Proxy>,
    /// The hosts that are reached without it.
    direct: Vec<HostPattern>,
    /// Names are left to it.
    proxy_resolves: bool,
    /// Certificates that are trusted beside the machine's.
    roots: Vec<CertificateDer<'static>>,
}

impl Way {
    pub(crate) fn new(config: &config::Outbound, roots: Vec<CertificateDer<'static>>) -> Self {
        Self {
            proxy: config.proxy.clone(),
            direct: config.direct.clone(),
            proxy_resolves: config.proxy_resolves,
            roots,
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Forbidden(Forbidden),
    /// The request cannot be written.
    Request,
    /// Nobody is there, so nothing arrived.
    Unreachable,
    /// The proxy did not connect, so nothing arrived.
    Proxy,
    TimedOut,
    /// The connection broke; what was sent may have arrived.
    Broken,
}

impl Outbound {
    pub(crate) fn new(reach: Reach, way: Way) -> Self {
        Self::with_names(reach, way, Arc::new(SystemNames))
    }

    pub(super) fn with_names(reach: Reach, way: Way, names: Arc<dyn Names>) -> Self {
        Self {
            guarded: Guarded { names, reach },
            way,
            direct: OnceCell::new(),
            forward: OnceCell::new(),
            tunnel: OnceCell::new(),
        }
    }

    /// Sends a request and returns the head of the answer, with the body still to be read.
    pub(super) async fn exchange(&self, mut request: Request) -> Result<Response, Failure> {
        let url = request.url();
        self.guarded.reach.check(url).map_err(Failure::Forbidden)?;
        let agent = header::HeaderValue::from_static(USER_AGENT);
        let through = self.way.proxy.as_ref().filter(|_| !self.is_direct(url));
        let scheme = url.scheme().to_owned();
        let headers = request.headers_mut();
        headers.entry(header::USER_AGENT).or_insert(agent);
        let any = header::HeaderValue::from_static("*/*");
        headers.entry(header::ACCEPT).or_insert(any);
        match (through, &*scheme) {
            (None, _) => {
                let client = self.direct.get_or_try_init(|| async { self.connecter() });
                let client = client.await.map_err(|_| Failure::Unreachable)?;
                asked(client, request).await
            }
            (Some(proxy), "http") => self.forwarded(proxy, request).await,
            (Some(proxy), _) => self.tunnelled(proxy, request).await,
        }
    }

    fn is_direct(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        is_here(url) || self.way.direct.iter().any(|it| it.matches(host))
    }

    /// Connects to addresses that were checked.
    fn connecter(&self) -> Result<Over<HttpConnector<Guarded>>, rustls::Error> {
        let mut connector = HttpConnector::new_with_resolver(self.guarded.clone());
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT));
        connector.set_keepalive(Some(KEEP_ALIVE));
        let https = HttpsConnectorBuilder::new().with_tls_config(self.tls()?);
        let https = https.https_or_http().enable_http1();
        Ok(over(https.wrap_connector(connector)))
    }

    fn builder(&self) -> ClientBuilder {
        let roots = self.way.roots.iter();
        let roots = roots.filter_map(|root| reqwest::Certificate::from_der(root).ok());
        Client::builder()
            // Whoever answers must not send us elsewhere.
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            .tls_certs_merge(roots)
    }

    /// RFC 9112 §3.2.2: the proxy is told the whole URL, with the address that was checked in place of the name.
    async fn forwarded(&self, proxy: &Proxy, mut request: Request) -> Result<Response, Failure> {
        let url = request.url();
        if let Some(name) = url.host_str().filter(|_| address(url).is_none())
            && !self.way.proxy_resolves
        {
            let host = match url.port() {
                Some(port) => format!("{name}:{port}"),
                None => name.to_owned(),
            };
            let host = header::HeaderValue::try_from(host).map_err(|_| Failure::Request)?;
            let checked = self.guarded.addresses(name).await;
            let checked = checked.map_err(|fault| failure(&*fault))?;
            let first = checked.first().ok_or(Failure::Unreachable)?;
            let pinned = request.url_mut().set_ip_host(*first);
            pinned.map_err(|()| Failure::Request)?;
            request.headers_mut().insert(header::HOST, host);
        }
        // An address in place of the proxy's name is asked of no resolver.
        if proxy
            .address()
            .is_some_and(|it| !self.guarded.reach.allows_proxy(it))
        {
            return Err(Failure::Proxy);
        }
        let client = self
            .forward
            .get_or_try_init(|| async { self.forwarder(proxy) });
        let client = client.await.map_err(|_| Failure::Unreachable)?;
        client.execute(request).await.map_err(|it| failure(&it))
    }

    fn forwarder(&self, proxy: &Proxy) -> reqwest::Result<Client> {
        let mut through = reqwest::Proxy::http(format!("http://{}:{}", proxy.host, proxy.port))?;
        if let Some((name, password)) = &proxy.credentials {
            through = through.basic_auth(name, password);
        }
        let builder = self
            .builder()
            .dns_resolver(Arc::new(OfProxy(self.guarded.clone())));
        builder.proxy(through).build()
    }

    async fn tunnelled(&self, proxy: &Proxy, request: Request) -> Result<Response, Failure> {
        let client = self
            .tunnel
            .get_or_try_init(|| async { self.tunneller(proxy) });
        let client = client.await.map_err(|_| Failure::Unreachable)?;
        asked(client, request).await
    }

    fn tunneller(&self, proxy: &Proxy) -> Result<Over<Tunnel>, rustls::Error> {
        let tunnel = Tunnel::new(proxy, self.guarded.clone(), self.way.proxy_resolves);
        let https = HttpsConnectorBuilder::new().with_tls_config(self.tls()?);
        let https = https.https_only().enable_http1();
        Ok(over(https.wrap_connector(tunnel)))
    }

    fn tls(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = rustls_platform_verifier::Verifier::new_with_extra_roots(
            self.way.roots.iter().cloned(),
            Arc::clone(&provider),
        )?;
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(tls)
    }
}

/// Nobody is followed elsewhere, and no proxy of the environment resolves a name again: this does neither.
fn over<C: legacy::connect::Connect + Clone>(connector: C) -> legacy::Client<C, Body> {
    legacy::Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .build(connector)
}

async fn asked<C: legacy::connect::Connect + Clone + Send + Sync + 'static>(
    client: &legacy::Client<C, Body>,
    request: Request,
) -> Result<Response, Failure> {
    let request = http::Request::<Body>::try_from(request).map_err(|_| Failure::Request)?;
    match client.request(request).await {
        Ok(answer) => Ok(Response::from(answer.map(Body::wrap))),
        Err(error) if error.is_connect() => Err(match failure(&error) {
            Failure::Broken => Failure::Unreachable,
            other => other,
        }),
        Err(error) => Err(failure(&error)),
    }
}

/// Tells what an error of any of the ways comes from.
pub(super) fn failure(error: &(dyn Error + 'static)) -> Failure {
    let mut cause = Some(error);
    let mut found = Failure::Broken;
    while let Some(error) = cause {
        if error.is::<OutOfReach>() {
            return Failure::Forbidden(Forbidden::Address);
        }
        if error.is::<ProxyRefused>() {
            return Failure::Proxy;
        }
        if let Some(error) = error.downcast_ref::<reqwest::Error>() {
            found = match found {
                Failure::Broken if error.is_connect() => Failure::Unreachable,
                Failure::Broken if error.is_timeout() => Failure::TimedOut,
                Failure::Broken if error.is_builder() => Failure::Request,
                known => known,
            };
        }
        cause = error.source();
    }
    found
}

const USER_AGENT: &str = concat!("Snowglobe/", env!("CARGO_PKG_VERSION"));
/// How long a connection may take.
pub(super) const CONNECT: Duration = Duration::from_secs(3);
/// After so long a connection that nobody uses is asked whether the other side is there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
