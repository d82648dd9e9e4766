//! Lists that are longer than a piece are sent piece by piece, and never lie in memory as a whole.

use axum::{body::Body, http::Uri};
use bytes::Bytes;
use futures_util::stream;
use snowglobe_records::{acl::Permitted, plan::Plan};
use snowglobe_store::records::{Keys, Page};

use super::{
    page::{Asked, present},
    params::Params,
};
use crate::{error::RestError, records::Session};

/// Rows of a piece.
pub(super) const PIECE: u32 = 1000;

/// A list on its way.
pub(super) struct List {
    session: Session,
    plan: Permitted<Plan>,
    uri: Uri,
    shown: Params<'static>,
    keys: Keys,
    /// How many of these were sent.
    at: usize,
    /// How many were before them.
    before: u32,
    /// Whether a row was sent.
    begun: bool,
}

impl List {
    /// Looks up which rows there are.
    pub(super) async fn begin(
        session: Session,
        plan: Permitted<Plan>,
        (uri, params): (Uri, &Params<'_>),
    ) -> Result<Self, RestError> {
        let keys = session.app.store.row_keys(&plan, None, 0).await?;
        let shown = Params {
            display: params.display,
            exclude_reference_link: params.exclude_reference_link,
            ..Params::default()
        };
        Ok(Self {
            session,
            plan,
            uri,
            shown,
            keys,
            at: 0,
            before: 0,
            begun: false,
        })
    }

    /// Returns the body, which is read as fast as it is sent.
    pub(super) fn body(self) -> Body {
        let pieces = stream::unfold(Some(self), |list| async {
            let mut list = list?;
            let first = list.at == 0 && list.before == 0;
            let mut text = String::from(if first { "{\"result\":[" } else { "" });
            match list.piece().await {
                Ok(Some(rows)) => {
                    text.push_str(if list.begun && !rows.is_empty() {
                        ","
                    } else {
                        ""
                    });
                    list.begun |= !rows.is_empty();
                    text.push_str(&rows);
                    Some((
                        Ok::<_, std::convert::Infallible>(Bytes::from(text)),
                        Some(list),
                    ))
                }
                Ok(None) => {
                    text.push_str("]}");
                    Some((Ok(text.into()), None))
                }
                // E16: what is wrong by now stands in the same document, behind the rows.
                Err(error) => {
                    tracing::warn!(error = error.code(), "a list broke off");
                    text.push_str("],");
                    text.push_str(error.body().trim_start_matches('{'));
                    Some((Ok(text.into()), None))
                }
            }
        });
        Body::from_stream(pieces)
    }

    /// Returns the next rows, `None` after the last.
    async fn piece(&mut self) -> Result<Option<String>, RestError> {
        if self.at == self.keys.keys.len() && !self.keys.last {
            self.go_on().await?;
        }
        let keys = &self.keys.keys;
        let end = keys.len().min(self.at + PIECE as usize);
        let keys = keys.get(self.at..end).unwrap_or_default();
        if keys.is_empty() {
            return Ok(None);
        }
        let rows = self.session.app.store.rows_of(&self.plan, keys).await?;
        self.at = end;
        let page = Page { rows, total: None };
        let asked = Asked::of(&self.shown, &self.uri);
        let shown = present(&self.session, &self.plan, &page, asked).await?;
        Ok(Some(shown.rows(&page)))
    }

    /// Looks up the keys behind those that were sent.
    async fn go_on(&mut self) -> Result<(), RestError> {
        let Keys { keys, .. } = &self.keys;
        let sent = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let (after, taken) = (keys.last().copied(), self.before.saturating_add(sent));
        let store = &self.session.app.store;
        self.keys = store.row_keys(&self.plan, after, taken).await?;
        (self.before, self.at) = (taken, 0);
        Ok(())
    }
}
