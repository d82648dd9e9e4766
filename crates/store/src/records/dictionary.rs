//! The dictionary from its records, and the database brought to what it says.

use snowglobe_records::{
    Dictionary, ValueRef,
    base::load::{self, Cells, DictionaryRows, SOURCES},
};

use super::{Find, Look};
use crate::{
    Store,
    backend::{ApplyError, StoreError},
    sql::{Lack, Row, Rows, Schema},
};

impl Cells for Row<'_> {
    fn cell(&self, at: usize) -> ValueRef<'_> {
        self.get(at)
    }
}

impl Store {
    /// Builds the dictionary from its records; `known` tells where they lie, and `schema` what there is for them.
    pub(crate) async fn load_dictionary(
        &self,
        known: &Dictionary,
        schema: &Schema,
    ) -> Result<Dictionary, StoreError> {
        let looks = SOURCES.map(|source| Look {
            table: source.table,
            find: Find::All,
            fields: source.elements,
        });
        let rows = self.look_up(known, &looks).await?;
        let of = |at: usize| rows.get(at).into_iter().flat_map(Rows::iter);
        let (definition, unusable) = load::definition(DictionaryRows {
            tables: of(0),
            columns: of(1),
            overrides: of(2),
            choices: of(3),
            numbers: of(4),
        });
        for row in unusable {
            tracing::warn!(problem = %row, "a dictionary record cannot be used");
        }
        let stored = |table: &str, column: &str| schema.numeric(table, column);
        let (dictionary, problems) = Dictionary::build_over(&definition, stored);
        for problem in problems {
            tracing::warn!(problem = %problem, "the dictionary has a problem");
        }
        Ok(dictionary)
    }

    /// Makes the tables, columns and indexes that the dictionary asks for and `schema` lacks.
    pub(crate) async fn follow(
        &self,
        dictionary: &Dictionary,
        mut schema: Schema,
    ) -> Result<(), ApplyError> {
        let dialect = self.backend.dialect();
        loop {
            let Lack {
                statements,
                indexes,
            } = schema.towards(dictionary, dialect);
            if statements.is_empty() {
                return self.index(&indexes).await;
            }
            // Another process may have made a table with fewer columns meanwhile: then there is more to do.
            let script = format!("{}{}", dialect.lock_schema(), statements.join(";\n"));
            self.backend.run_script(&script).await?;
            schema = self.schema().await?;
        }
    }

    /// Makes indexes of columns that have rows. Rows that are not unique must not stop the instance.
    async fn index(&self, indexes: &[String]) -> Result<(), ApplyError> {
        let lock = self.backend.dialect().lock_schema();
        for index in indexes {
            match self.backend.run_script(&format!("{lock}{index}")).await {
                Err(ApplyError::Duplicate { table, column }) => {
                    tracing::warn!(%table, %column, "rows have the same value in a column that is to be unique");
                }
                outcome => outcome?,
            }
        }
        Ok(())
    }

    /// Reads what the database has.
    pub(crate) async fn schema(&self) -> Result<Schema, StoreError> {
        let dialect = self.backend.dialect();
        let queries = Schema::queries(dialect);
        let answers = self.backend.read(self.cost_of_all(), &queries).await?;
        Ok(Schema::of(dialect, &answers))
    }
}
