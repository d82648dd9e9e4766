//! The content of attachments (`rest-and-records.md` §6): rows of `sys_attachment_doc`, each a piece in Base64. The
//! pieces come first and the attachment's own row last, so that whoever sees an attachment finds all of it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    SysId, Value,
    write::{Draft, Mode, Origin, Stamp, insert},
};

use super::write::insert_row;
use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Batch, Dialect, Rows, Statement},
};

/// Bytes in a piece; four thirds of it as Base64.
pub const PIECE_BYTES: usize = 48 * 1024;

impl Store {
    /// Keeps one piece of an attachment that is being sent, at most [`PIECE_BYTES`] long.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn keep_piece(
        &self,
        attachment: SysId,
        position: u32,
        bytes: &[u8],
        stamp: &Stamp<'_>,
    ) -> Result<(), ApplyError> {
        let dictionary = self.dictionary();
        let Some(table) = dictionary.table("sys_attachment_doc") else {
            return Err(StoreError::Driver("there is no sys_attachment_doc".to_owned()).into());
        };
        let fields = [
            ("sys_attachment", attachment.to_string()),
            ("position", position.to_string()),
            ("length", bytes.len().to_string()),
            ("data", STANDARD.encode(bytes)),
        ];
        let fields = fields.iter().map(|(name, text)| (*name, &**text));
        let mode = Mode {
            origin: Origin::System,
            ..Mode::default()
        };
        let draft = Draft::for_insert(&dictionary, table, fields, mode);
        let sys_id = self.ids.record(UnixMillis(stamp.now.as_millisecond()));
        let row = insert_row(insert::prepare(draft, sys_id, stamp));
        self.backend.apply(Batch::one(row)).await?;
        Ok(())
    }

    /// Returns one piece of an attachment; `None` behind the last one.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails, or the piece is damaged.
    pub async fn piece(
        &self,
        attachment: &str,
        position: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let dialect = self.backend.dialect();
        let mut sql = String::from("SELECT data FROM sys_attachment_doc WHERE ");
        dialect.push_comparable("sys_attachment", false, &mut sql);
        sql.push_str(" = $1 AND position = $2");
        let key = Value::Text(dialect.comparable(attachment));
        let statement = Statement::new(sql, [key, Value::Int(position.into())]);
        let answers = self.backend.read(Cost::Point, &[statement]).await?;
        let Some(row) = answers.first().and_then(Rows::first) else {
            return Ok(None);
        };
        let bytes = STANDARD
            .decode(row.text(0))
            .map_err(|_| StoreError::Corrupt {
                table: "sys_attachment_doc".into(),
                row: attachment.into(),
                column: "data".into(),
            })?;
        Ok(Some(bytes))
    }

    /// Drops the pieces of an attachment that never became one.
    ///
    /// # Errors
    /// [`ApplyError`] when the database fails.
    pub async fn drop_pieces(&self, attachment: SysId) -> Result<(), ApplyError> {
        let dialect = self.backend.dialect();
        let pieces = delete_pieces(attachment, dialect);
        self.backend.apply(Batch::one(pieces)).await?;
        Ok(())
    }
}

/// Deletes the content of an attachment.
pub(super) fn delete_pieces(attachment: SysId, dialect: Dialect) -> Statement {
    let mut sql = String::from("DELETE FROM sys_attachment_doc WHERE ");
    dialect.push_comparable("sys_attachment", false, &mut sql);
    sql.push_str(" = $1");
    Statement::new(sql, [Value::Text(dialect.comparable(attachment.as_str()))])
}

/// Deletes the attachments of a record that goes, and their content.
pub(super) fn delete_attachments(record: SysId, dialect: Dialect, batch: &mut Batch) {
    let comparable = |column| {
        let mut sql = String::new();
        dialect.push_comparable(column, false, &mut sql);
        sql
    };
    let of_record = format!("{} = $1", comparable("table_sys_id"));
    let (attachment, sys_id) = (comparable("sys_attachment"), comparable("sys_id"));
    let key = || [Value::Text(dialect.comparable(record.as_str()))];
    let pieces = format!(
        "DELETE FROM sys_attachment_doc WHERE {attachment} IN (SELECT {sys_id} FROM sys_attachment WHERE {of_record})"
    );
    batch.push(Statement::new(pieces, key()));
    let rows = format!("DELETE FROM sys_attachment WHERE {of_record}");
    batch.push(Statement::new(rows, key()));
}
