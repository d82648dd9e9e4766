//! The built-in tables, a writer and a moment.

use std::sync::Arc;

use snowglobe_records::{
    Dictionary, SysId, Table, ValueRef, base,
    write::{Draft, Insert, Mode, RowCells, Stamp, Update, insert, update},
};

pub(crate) const BETH: &str = "0000000000000000000000000000be74";
pub(crate) const ABEL: &str = "0000000000000000000000000000abe1";
pub(crate) const NOW: &str = "2026-11-22 10:00:00";

pub(crate) type Body<'b> = &'b [(&'b str, &'b str)];

pub(crate) struct World {
    pub(crate) dictionary: Dictionary,
}

impl World {
    pub(crate) fn new() -> Self {
        let (dictionary, problems) = Dictionary::build(&base::definition());
        assert_eq!(problems, []);
        Self { dictionary }
    }

    pub(crate) fn table(&self, name: &str) -> &Arc<Table> {
        self.dictionary.table(name).unwrap()
    }

    pub(crate) fn draft(&self, table: &str, body: Body<'_>, mode: Mode<'_>) -> Draft {
        Draft::for_insert(
            &self.dictionary,
            self.table(table),
            body.iter().copied(),
            mode,
        )
    }

    /// A new row as Beth would make it.
    pub(crate) fn insert(&self, table: &str, body: Body<'_>) -> Insert {
        insert::prepare(self.draft(table, body, Mode::default()), new_id(), &stamp())
    }

    /// The row that Abel made by inserting `cells`, in his time.
    pub(crate) fn row(&self, table: &str, cells: Body<'_>) -> RowCells {
        let stamp = Stamp {
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
            user_name: "abel.tuter",
            user_sys_id: SysId::parse(ABEL).ok(),
        };
        let insert = insert::prepare(self.draft(table, cells, Mode::default()), new_id(), &stamp);
        RowCells::new(insert.table, insert.values).unwrap()
    }
}

/// Beth's update of a row, if it changes anything.
pub(crate) fn update(row: &RowCells, body: Body<'_>) -> Option<Update> {
    let draft = Draft::for_update(row.table(), body.iter().copied(), Mode::default());
    update::prepare(row, draft, &stamp())
}

pub(crate) fn stamp() -> Stamp<'static> {
    Stamp {
        now: "2026-11-22T10:00:00.999Z".parse().unwrap(),
        user_name: "beth.anglin",
        user_sys_id: SysId::parse(BETH).ok(),
    }
}

pub(crate) fn new_id() -> SysId {
    SysId::in_order(1, 1)
}

/// The wire form of a new row's field.
pub(crate) fn wire(insert: &Insert, element: &str) -> String {
    written(&insert.table, element, insert.value(element))
}

/// The wire form of what an update changes; nothing where it does not.
pub(crate) fn changed(update: &Update, element: &str) -> Option<String> {
    let (_, value) = update
        .changes
        .iter()
        .find(|(column, _)| column.element == *element)?;
    Some(written(&update.table, element, value.as_ref()))
}

fn written(table: &Table, element: &str, value: ValueRef<'_>) -> String {
    let mut out = String::new();
    table.column(element).unwrap().kind.write(value, &mut out);
    out
}
