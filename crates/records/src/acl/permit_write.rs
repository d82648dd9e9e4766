//! Permitting writes: the table gate decides about the row, the field gate about what was written to it
//! (`rest-and-records.md` §2.6).
//!
//! The field gate looks at what the caller sent, before defaults and behaviour rules add to it: who may set
//! `state` closes an incident, whether or not they could write `closed_at`.

use std::sync::Arc;

use super::{
    decide::Access,
    permit::{Denied, Permitted, Rejected},
    rule::Operation,
};
use crate::{
    SysId,
    behaviour::{
        Row,
        declared::{self, Surroundings},
    },
    dictionary::Table,
    value::ValueRef,
    write::{Delete, Draft, Insert, RowCells, Stamp, Update, insert, update},
};

impl Access<'_> {
    /// Tells whether the caller may read a row at hand; one they may not is not found (E2), whatever they
    /// wanted to do with it. A rule whose condition dot-walks does not pass here; reading the row through
    /// [`Self::permit_read`] answers for those too.
    #[must_use]
    pub fn may_read_row(&self, row: &RowCells) -> bool {
        self.row_passes(Operation::Read, row.table(), &|element| row.value(element))
    }

    /// Permits an insert: fields the caller may not write are left out and reported in [`Insert::ignored`],
    /// and the complete new row must pass the rules for `create`.
    ///
    /// # Errors
    /// [`Denied::Insert`] (E4), or the [`Abort`](crate::write::Abort) of a declared rule (E7, E8).
    pub fn permit_insert(
        &self,
        mut draft: Draft,
        new_sys_id: SysId,
        stamp: &Stamp<'_>,
    ) -> Result<Permitted<Insert>, Rejected> {
        let sent = draft.clone();
        let table = Arc::clone(draft.table());
        draft.retain(|element| {
            self.field_passes(Operation::Create, &table, element, &|element| {
                sent.value(element)
            })
        });
        let insert = match insert::decide(draft, new_sys_id, stamp, self.surroundings()) {
            Ok(insert) => insert,
            // Who may not make such a row learns nothing of the rules that watch it.
            Err(abort) => {
                let may = !self.caller.is_read_only()
                    && self.row_passes(Operation::Create, &table, &|element| sent.value(element));
                return Err(if may {
                    abort.into()
                } else {
                    Denied::Insert.into()
                });
            }
        };
        let passes = !self.caller.is_read_only()
            && self.row_passes(Operation::Create, &insert.table, &|element| {
                insert.value(element)
            });
        if passes {
            Ok(Permitted::new(insert))
        } else {
            Err(Denied::Insert.into())
        }
    }

    /// Permits an update of a row the caller may read; `None` if nothing would change. Fields the caller may
    /// not write are left out and reported in [`Update::ignored`].
    ///
    /// # Errors
    /// [`Denied::Update`] (E5), also where nothing would change; or the abort of a declared rule (E7, E8).
    pub fn permit_update(
        &self,
        row: &RowCells,
        mut draft: Draft,
        stamp: &Stamp<'_>,
    ) -> Result<Option<Permitted<Update>>, Rejected> {
        self.check_row(Operation::Write, row, Denied::Update)?;
        draft.retain(|element| {
            self.field_passes(Operation::Write, row.table(), element, &|element| {
                row.value(element)
            })
        });
        let update = update::decide(row, draft, stamp, self.surroundings())?;
        Ok(update.map(Permitted::new))
    }

    /// Permits the deletion of a row the caller may read.
    ///
    /// # Errors
    /// [`Denied::Delete`] (E6), or the abort of a declared rule (E7).
    pub fn permit_delete(
        &self,
        row: &RowCells,
        stamp: &Stamp<'_>,
    ) -> Result<Permitted<Delete>, Rejected> {
        self.check_row(Operation::Delete, row, Denied::Delete)?;
        let cells = Row::changing(row, Vec::new(), stamp);
        declared::check_delete(&cells, self.surroundings())?;
        Ok(Permitted::new(Delete {
            fired: declared::fired_by_deletion(&cells, self.surroundings()),
            ..Delete::of(row)
        }))
    }

    /// Tells whether the caller may write the row at hand; which of its fields, [`Self::may_write_field`] tells.
    #[must_use]
    pub fn may_write_row(&self, row: &RowCells) -> bool {
        self.check_row(Operation::Write, row, Denied::Update)
            .is_ok()
    }

    /// Tells whether the caller may delete the row at hand.
    #[must_use]
    pub fn may_delete_row(&self, row: &RowCells) -> bool {
        self.check_row(Operation::Delete, row, Denied::Delete)
            .is_ok()
    }

    /// Tells whether the rules let the caller write a field of the row at hand.
    #[must_use]
    pub fn may_write_field(&self, row: &RowCells, element: &str) -> bool {
        let cell = |element: &str| row.value(element);
        self.field_passes(Operation::Write, row.table(), element, &cell)
    }

    /// Tells whether there may be a row of this table that the caller may create.
    #[must_use]
    pub fn may_create_in(&self, table: &Table) -> bool {
        !self.caller.is_read_only() && self.may_create_some(table)
    }

    /// Tells whether the rules let the caller fill a field of a row that is yet empty.
    #[must_use]
    pub fn may_fill_field(&self, table: &Arc<Table>, element: &str) -> bool {
        let empty = |_: &str| ValueRef::Null;
        self.field_passes(Operation::Create, table, element, &empty)
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            declared: self.declared,
            dictionary: self.dictionary,
            context: self.context,
            caller: self.caller,
        }
    }

    fn check_row(
        &self,
        operation: Operation,
        row: &RowCells,
        denied: Denied,
    ) -> Result<(), Denied> {
        let passes = !self.caller.is_read_only()
            && self.row_passes(operation, row.table(), &|element| row.value(element));
        if passes { Ok(()) } else { Err(denied) }
    }
}
