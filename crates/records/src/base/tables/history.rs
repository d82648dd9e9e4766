//! What happened: journal entries, field history, the system log, and attachments
//! (`rest-and-records.md` §6, §13.6).

use crate::base::spec::{
    Choice, Table,
    column::{boolean, integer, reference, string, table_name, typed},
};

const LEVEL: &[Choice] = &[
    ("0", "Information"),
    ("1", "Warning"),
    ("2", "Error"),
    ("-1", "Debug"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_journal_field", "Journal Entry").columns(&[
        table_name("name", "Table"),
        string("element", "Element", 80),
        typed("element_id", "Element ID", "document_id", 32).indexed(),
        string("value", "Value", 65_000),
    ]),
    Table::root("sys_audit", "Audit").columns(&[
        table_name("tablename", "Table name"),
        string("fieldname", "Field name", 80),
        typed("documentkey", "Document key", "document_id", 32).indexed(),
        string("oldvalue", "Old value", 4000),
        string("newvalue", "New value", 4000),
        string("reason", "Reason", 40),
        string("user", "User", 40),
        integer("record_checkpoint", "Update count"),
    ]),
    Table::root("sys_audit_delete", "Deleted Record").columns(&[
        table_name("tablename", "Table name").indexed(),
        typed("documentkey", "Document key", "document_id", 32).indexed(),
        string("display_value", "Display value", 4000).display(),
        string("payload", "Payload", 65_000),
    ]),
    Table::root("syslog", "Log Entry").columns(&[
        string("level", "Level", 40).default("0").choices(LEVEL),
        string("message", "Message", 4000).display(),
        string("source", "Source", 255).indexed(),
        string("type", "Type", 40),
        typed("sequence", "Sequence", "longint", 40),
    ]),
    Table::root("sys_attachment", "Attachment").columns(&[
        string("file_name", "File name", 100).display(),
        string("content_type", "Content type", 150),
        table_name("table_name", "Table name").indexed(),
        string("table_sys_id", "Table sys ID", 32).indexed(),
        typed("size_bytes", "Size bytes", "longint", 40),
        typed("size_compressed", "Size compressed", "longint", 40),
        boolean("compressed", "Compressed").default("false"),
        string("state", "State", 40),
        string("hash", "Hash", 64),
        integer("image_height", "Image height"),
        integer("image_width", "Image width"),
        typed("average_image_color", "Average image color", "color", 40),
        string("encryption_context", "Encryption context", 32),
        string("chunk_size_bytes", "Chunk size bytes", 40),
    ]),
    Table::root("sys_attachment_attribute", "Attachment Attribute").columns(&[
        reference("sys_attachment", "Attachment", "sys_attachment").mandatory(),
        string("key", "Key", 255).mandatory().display(),
        string("value", "Value", 4000),
    ]),
    // The content of an attachment, in pieces that are each small enough for a cell.
    Table::root("sys_attachment_doc", "Attachment Document").columns(&[
        reference("sys_attachment", "Sys attachment", "sys_attachment").mandatory(),
        integer("position", "Position"),
        // Bytes, before they become Base64.
        integer("length", "Length"),
        string("data", "Data", 65_536),
    ]),
];
