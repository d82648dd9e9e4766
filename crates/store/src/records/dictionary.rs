//! The dictionary from its records, and the database brought to what it says.

use snowglobe_records::{
    Dictionary, ValueRef,
    base::load::{self, Cells, DictionaryRows, Source},
};

use super::Find;
use crate::{
    Store,
    backend::{ApplyError, Cost, StoreError},
    sql::{Row, Rows, Schema, Statement},
};

impl Cells for Row<'_> {
    fn cell(&self, at: usize) -> ValueRef<'_> {
        self.get(at)
    }
}

impl Store {
    /// Builds the dictionary from its records; `known` tells where they lie.
    pub(crate) async fn load_dictionary(
        &self,
        known: &Dictionary,
    ) -> Result<Dictionary, StoreError> {
        let source = async |source: Source| -> Result<Rows, StoreError> {
            self.select(known, source.table, Find::All, source.elements)
                .await
        };
        let [tables, columns, overrides, choices, numbers] = [
            source(load::TABLES).await?,
            source(load::COLUMNS).await?,
            source(load::OVERRIDES).await?,
            source(load::CHOICES).await?,
            source(load::NUMBERS).await?,
        ];
        let (definition, unusable) = load::definition(DictionaryRows {
            tables: tables.iter(),
            columns: columns.iter(),
            overrides: overrides.iter(),
            choices: choices.iter(),
            numbers: numbers.iter(),
        });
        for row in unusable {
            tracing::warn!(problem = %row, "a dictionary record cannot be used");
        }
        let (dictionary, problems) = Dictionary::build(&definition);
        for problem in problems {
            tracing::warn!(problem = %problem, "the dictionary has a problem");
        }
        Ok(dictionary)
    }

    /// Makes the tables, columns and indexes that the dictionary asks for and the database lacks.
    pub(crate) async fn follow(&self, dictionary: &Dictionary) -> Result<(), ApplyError> {
        let dialect = self.backend.dialect();
        let query = Statement::new(Schema::query(dialect), []);
        let rows = self.backend.read(Cost::Scan, &[query]).await?;
        let mut schema = Schema::default();
        for row in rows.iter().flat_map(Rows::iter) {
            schema.insert(row.text(0), row.text(1));
        }
        let statements = schema.towards(dictionary, dialect);
        if statements.is_empty() {
            return Ok(());
        }
        self.backend.run_script(&statements.join(";\n")).await
    }
}
