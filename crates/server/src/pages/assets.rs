//! What pages load: each file under a name with a hash of its content in it, so that it may be kept for ever.

use std::sync::LazyLock;

use axum::{
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use crate::refusal;

/// A file of ours that browsers load.
#[derive(Debug)]
pub(crate) struct Asset {
    path: String,
    content_type: &'static str,
    content: &'static str,
}

/// The looks of every page.
pub(crate) static STYLESHEET: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../../assets/snowglobe.css");
    Asset::new("css", "text/css;charset=UTF-8", content)
});

/// The mark.
pub(crate) static ICON: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../../assets/snowglobe.svg");
    Asset::new("svg", "image/svg+xml", content)
});

/// What copies a text that a page shows once; without it, a click selects the text.
pub(crate) static COPY: LazyLock<Asset> = LazyLock::new(|| {
    let content = include_str!("../../assets/copy.js");
    Asset::new("js", "text/javascript;charset=UTF-8", content)
});

const FOLDER: &str = "/_sg/assets/";

impl Asset {
    fn new(extension: &str, content_type: &'static str, content: &'static str) -> Self {
        let hash = fnv1a(content.as_bytes());
        Self {
            path: format!("{FOLDER}snowglobe-{hash:016x}.{extension}"),
            content_type,
            content,
        }
    }

    /// Returns where it is served.
    pub(crate) fn path(&'static self) -> &'static str {
        &self.path
    }
}

/// `GET /_sg/assets/{name}`: only these files, by their whole names (security.md §1, traversal).
pub(crate) async fn get(uri: Uri) -> Response {
    let all = [&*STYLESHEET, &*ICON, &*COPY];
    let found = all.into_iter().find(|asset| asset.path == uri.path());
    let Some(asset) = found else {
        refusal::say("path_unknown");
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The mark opened by itself is a document of its own.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    (headers, asset.content).into_response()
}

/// FNV-1a: tells versions of a file apart, and nothing hangs on it.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
