//! What a write leaves behind it: journal entries (`rest-and-records.md` §13.6) and the audit of an update.

use std::sync::Arc;

use snowglobe_oauth::time::UnixMillis;
use snowglobe_records::{
    Column, Dictionary, SysId, Table, Value,
    write::{AuditEntry, Delete, Draft, Mode, Origin, Stamp, Update, insert},
};

use super::write::insert_row;
use crate::{Store, sql::Batch};

impl Store {
    pub(super) fn push_journal(
        &self,
        dictionary: &Dictionary,
        table: &Table,
        sys_id: SysId,
        entries: &[(Arc<Column>, Box<str>)],
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) {
        for (column, text) in entries {
            let entry = [
                ("name", table.name().as_str()),
                ("element", &column.element),
                ("element_id", sys_id.as_str()),
                ("value", text),
            ];
            self.push_consequence(dictionary, "sys_journal_field", entry, stamp, batch);
        }
    }

    pub(super) fn push_audit(
        &self,
        dictionary: &Dictionary,
        update: &Update,
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) {
        let count = (update.expected_mod_count + 1).to_string();
        for AuditEntry { element, old, new } in &update.audit {
            let kind = update.table.column(element).map(|column| column.kind);
            let wire = |value: &Value| {
                let mut text = String::new();
                if let Some(kind) = kind {
                    kind.write(value.as_ref(), &mut text);
                }
                text
            };
            let (old, new) = (wire(old), wire(new));
            let entry = [
                ("tablename", update.table.name().as_str()),
                ("documentkey", update.sys_id.as_str()),
                ("fieldname", element),
                ("oldvalue", &old),
                ("newvalue", &new),
                ("record_checkpoint", &count),
                ("user", stamp.user_name),
            ];
            self.push_consequence(dictionary, "sys_audit", entry, stamp, batch);
        }
    }

    /// A deleted row leaves a trace of its own, whether its table is audited or not, and is listed among the deleted.
    pub(super) fn push_deleted(
        &self,
        dictionary: &Dictionary,
        delete: &Delete,
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) {
        // What the instance clears by itself, and what these two tables are, is not listed.
        let root = delete.table.root().as_str();
        if matches!(
            root,
            "sys_audit" | "sys_audit_delete" | "sys_journal_field" | "syslog" | "oauth_credential"
        ) {
            return;
        }
        let table = delete.table.name().as_str();
        let sys_id = delete.sys_id;
        let entry = [
            ("tablename", table),
            ("documentkey", sys_id.as_str()),
            ("fieldname", "DELETED"),
            ("oldvalue", "DELETED"),
            ("newvalue", "DELETED"),
            ("record_checkpoint", "-1"),
            ("user", stamp.user_name),
        ];
        self.push_consequence(dictionary, "sys_audit", entry, stamp, batch);
        let entry = [("tablename", table), ("documentkey", sys_id.as_str())];
        self.push_consequence(dictionary, "sys_audit_delete", entry, stamp, batch);
    }

    pub(super) fn push_consequence<const N: usize>(
        &self,
        dictionary: &Dictionary,
        table: &str,
        values: [(&str, &str); N],
        stamp: &Stamp<'_>,
        batch: &mut Batch,
    ) {
        let Some(table) = dictionary.table(table) else {
            return;
        };
        let mode = Mode {
            origin: Origin::System,
            ..Mode::default()
        };
        let draft = Draft::for_insert(dictionary, table, values, mode);
        let sys_id = self.ids.record(UnixMillis(stamp.now.as_millisecond()));
        batch.push(insert_row(insert::prepare(draft, sys_id, stamp)));
    }
}
