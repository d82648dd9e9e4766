//! Secrets of records that the instance has to use itself: sealed, and bound to their column and row, so that a cell
//! copied elsewhere opens nothing.

use snowglobe_oauth::secret::Secret;
use snowglobe_records::{Column, SysId};

use crate::Store;

impl Store {
    /// Seals the secret of a cell; `nonce` is random. Returns `None` only for a secret beyond what the cipher takes.
    #[must_use]
    pub fn seal_secret(
        &self,
        column: &Column,
        sys_id: SysId,
        secret: &str,
        nonce: [u8; 24],
    ) -> Option<Box<str>> {
        let place = place(&column.declared_in, &column.element, sys_id.as_str());
        let sealed = self.handles.seal(&place, secret.as_bytes(), nonce)?;
        Some(sealed.into())
    }

    /// Seals the secret of a cell of a built-in table.
    pub(crate) fn seal_at(
        &self,
        (table, element): (&str, &str),
        sys_id: SysId,
        secret: &Secret,
        nonce: [u8; 24],
    ) -> Option<Box<str>> {
        let place = place(table, element, sys_id.as_str());
        let sealed = self
            .handles
            .seal(&place, secret.expose().as_bytes(), nonce)?;
        Some(sealed.into())
    }

    /// Opens the secret of a cell.
    pub(crate) fn open_secret(
        &self,
        (table, element): (&str, &str),
        sys_id: &str,
        sealed: &str,
    ) -> Option<Vec<u8>> {
        self.handles.open(&place(table, element, sys_id), sealed)
    }
}

fn place(table: &str, element: &str, sys_id: &str) -> String {
    format!("secret of {table}.{element} in {sys_id}")
}
