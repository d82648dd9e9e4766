//! Attaching a file: its bytes are kept piece by piece as they come, so that no file is in memory as a whole.

use std::fmt::Write as _;

use axum::{
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State, multipart::Field},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    SysId,
    acl::{Permitted, Reason},
    write::{Draft, Mode, Origin, insert},
};
use snowglobe_store::records::PIECE_BYTES;

use super::{
    shown::{Attachments, table},
    target,
};
use crate::{
    app::App,
    error::{RestError, json},
    records::Session,
    rest::{access::Head, input, params::pairs},
};

/// What a file is to hang on, and what it is.
#[derive(Debug, Default)]
struct Meta {
    table_name: String,
    table_sys_id: String,
    file_name: String,
    content_type: String,
}

impl Meta {
    fn set(&mut self, name: &str, value: String) {
        match name {
            "table_name" => self.table_name = value,
            "table_sys_id" => self.table_sys_id = value,
            "file_name" => self.file_name = value,
            _ => {}
        }
    }

    fn complete(&self, app: &App) -> Result<(), RestError> {
        for (name, value) in [
            ("table_name", &self.table_name),
            ("table_sys_id", &self.table_sys_id),
            ("file_name", &self.file_name),
        ] {
            if value.is_empty() {
                return Err(RestError::BadParameter(format!("{name} is required")));
            }
        }
        let properties = app.store.properties();
        let allowed = properties
            .text("glide.attachment.extensions")
            .unwrap_or_default();
        let extension = self.file_name.rsplit_once('.').map_or("", |(_, end)| end);
        let mut allowed = allowed
            .split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .peekable();
        if allowed.peek().is_some() && !allowed.any(|one| one.eq_ignore_ascii_case(extension)) {
            let why =
                format!("glide.attachment.extensions takes no file of the type '{extension}'");
            return Err(RestError::BadParameter(why));
        }
        Ok(())
    }
}

/// `POST /api/now/attachment/file`: the body is the file, the rest is in the query.
pub(crate) async fn file(State(app): State<App>, request: Request) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let begun = async {
        let session = Session::open(app, Head::from(&parts)).await?;
        let mut meta = Meta::default();
        for (name, value) in pairs(parts.uri.query().unwrap_or_default()) {
            meta.set(&name, value.into_owned());
        }
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        // §6: a form without its boundary is no file of that type, but one that cannot be taken apart.
        if kind.starts_with("multipart/form-data") {
            return Err(RestError::UnreadableBody(
                "A form belongs to /api/now/attachment/upload, and its type needs a boundary."
                    .to_owned(),
            ));
        }
        // Many send a file without a type: `requests.post(url, data=bytes)`.
        let kind = if kind.is_empty() {
            "application/octet-stream"
        } else {
            kind
        };
        kind.clone_into(&mut meta.content_type);
        let upload = Upload::begin(&session, meta).await?;
        Ok((session, upload))
    };
    let (session, upload) = match begun.await {
        Ok(begun) => begun,
        Err(error) => {
            input::discard(&mut body).await;
            return Err(error);
        }
    };
    let bytes = body.into_data_stream();
    upload.take(&session, bytes, &parts.uri).await
}

/// `POST /api/now/attachment/upload`: a form whose text parts come before the file.
pub(crate) async fn multipart(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let (parts, mut body) = request.into_parts();
    let session = match Session::open(app, Head::from(&parts)).await {
        Ok(session) => session,
        Err(error) => {
            input::discard(&mut body).await;
            return Err(error);
        }
    };
    let uri = parts.uri.clone();
    let mut request = Request::from_parts(parts, body);
    // A file may be as large as the property says, and the rest of the form is measured where it is read.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| unreadable())?;
    let mut meta = Meta::default();
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let name = field.name().unwrap_or_default().to_owned();
            meta.set(&name, short(field).await?);
            continue;
        };
        if meta.file_name.is_empty() {
            meta.file_name = file_name;
        }
        field
            .content_type()
            .unwrap_or("application/octet-stream")
            .clone_into(&mut meta.content_type);
        let upload = Upload::begin(&session, meta).await?;
        return upload.take(&session, field, &uri).await;
    }
    Err(RestError::BadParameter("the form has no file".to_owned()))
}

/// Reads a part that is no file.
async fn short(mut field: Field<'_>) -> Result<String, RestError> {
    let mut read = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|_| unreadable())? {
        let bytes = read.len() + piece.len();
        if bytes > MOST_TEXT {
            return Err(RestError::TooLarge {
                bytes,
                most: MOST_TEXT,
            });
        }
        read.extend_from_slice(&piece);
    }
    String::from_utf8(read).map_err(|_| unreadable())
}

/// Bytes of the name of a table or file, or of a key: no honest one is near it.
const MOST_TEXT: usize = 64 * 1024;

fn unreadable() -> RestError {
    RestError::UnreadableBody("The payload is not a valid multipart form.".to_owned())
}

/// A file on its way into the store.
struct Upload {
    sys_id: SysId,
    meta: Meta,
    most: usize,
    size: usize,
    pieces: u32,
    rest: BytesMut,
    hash: Sha256,
}

impl Upload {
    async fn begin(session: &Session, mut meta: Meta) -> Result<Self, RestError> {
        meta.complete(&session.app)?;
        let target = target::writable(session, &meta.table_name, &meta.table_sys_id).await?;
        meta.table_sys_id = target.sys_id().to_string();
        let megabytes = session
            .app
            .store
            .properties()
            .number("com.glide.attachment.max_size", 1024);
        let stamp = session.stamp();
        Ok(Self {
            sys_id: session
                .app
                .store
                .ids()
                .record(UnixMillis(stamp.now.as_millisecond())),
            meta,
            most: usize::try_from(megabytes)
                .unwrap_or(0)
                .saturating_mul(1 << 20),
            size: 0,
            pieces: 0,
            rest: BytesMut::with_capacity(PIECE_BYTES),
            hash: Sha256::new(),
        })
    }

    async fn take<E>(
        mut self,
        session: &Session,
        bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
        uri: &axum::http::Uri,
    ) -> Result<Response, RestError> {
        let kept = self.keep_all(session, bytes).await;
        if kept.is_err() && self.pieces > 0 {
            session.app.store.drop_pieces(self.sys_id).await?;
        }
        kept?;
        self.finish(session).await?;
        let sys_id = self.sys_id.to_string();
        let made = Attachments::one(session, &sys_id).await?;
        let object = made.object(session, uri)?;
        let mut response = json(StatusCode::CREATED, format!("{{\"result\":{object}}}"));
        let version = session.links(uri).version;
        let location = format!(
            "{}/api/now/{version}attachment/{sys_id}/file",
            session.app.issuer
        );
        if let Ok(location) = HeaderValue::from_str(&location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        Ok(response)
    }

    async fn keep_all<E>(
        &mut self,
        session: &Session,
        mut bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<(), RestError> {
        while let Some(next) = bytes.next().await {
            let next =
                next.map_err(|_| RestError::UnreadableBody("The file was cut off.".to_owned()))?;
            self.size += next.len();
            if self.size > self.most {
                return Err(RestError::TooLarge {
                    bytes: self.size,
                    most: self.most,
                });
            }
            self.hash.update(&next);
            self.rest.extend_from_slice(&next);
            while self.rest.len() >= PIECE_BYTES {
                let piece = self.rest.split_to(PIECE_BYTES);
                self.keep(session, &piece).await?;
            }
        }
        let last = std::mem::take(&mut self.rest);
        if last.is_empty() {
            return Ok(());
        }
        self.keep(session, &last).await
    }

    async fn keep(&mut self, session: &Session, piece: &[u8]) -> Result<(), RestError> {
        let store = &session.app.store;
        store
            .keep_piece(self.sys_id, self.pieces, piece, &session.stamp())
            .await?;
        self.pieces += 1;
        Ok(())
    }

    /// The attachment's own row: from here on it is there.
    async fn finish(&mut self, session: &Session) -> Result<(), RestError> {
        let size = self.size.to_string();
        let hash = hex(&std::mem::take(&mut self.hash).finalize());
        let fields = [
            ("file_name", &*self.meta.file_name),
            ("content_type", &self.meta.content_type),
            ("table_name", &self.meta.table_name),
            ("table_sys_id", &self.meta.table_sys_id),
            ("size_bytes", &size),
            ("size_compressed", &size),
            ("compressed", "false"),
            ("state", "available"),
            ("hash", &hash),
        ];
        let mode = Mode {
            origin: Origin::System,
            ..Mode::default()
        };
        let draft = Draft::for_insert(&session.dictionary, &table(session)?, fields, mode);
        let stamp = session.stamp();
        let row = insert::prepare(draft, self.sys_id, &stamp);
        // Who may write the record may attach to it: `Upload::begin` asked.
        let row = Permitted::as_system(row, Reason::Consequence);
        session.app.store.insert(row, &stamp).await?;
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
            text
        })
}
