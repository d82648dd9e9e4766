//! Conditions on other rows in SQL: queries within the query, one statement all the same.

use std::fmt::Write as _;

use snowglobe_records::query::{Below, Comparison, Path, Predicate, Related};

use super::{
    Builder, Dialect,
    builder::{Scope, operator},
    push_quoted,
};

impl Builder {
    /// Appends a comparison of two columns; where either holds nothing they differ.
    pub(super) fn push_columns(
        &mut self,
        left: &Path,
        comparison: Comparison,
        right: &Path,
    ) -> &mut Self {
        let or_null = comparison == Comparison::NotEqual;
        self.push(if or_null { "COALESCE(" } else { "" });
        self.push_comparable(left)
            .push(operator(comparison))
            .push_comparable(right)
            .push(if or_null { ", TRUE)" } else { "" })
    }

    /// Appends how many other rows belong to the row, or that there are some or none.
    pub(super) fn push_related(&mut self, related: &Related) -> &mut Self {
        match (related.comparison, related.count) {
            (Comparison::Greater, 0) | (Comparison::GreaterOrEqual, 1) => {
                self.push("EXISTS (SELECT 1").push_rows(related).push(")")
            }
            (Comparison::Equal, 0) | (Comparison::Less, 1) => self
                .push("NOT EXISTS (SELECT 1")
                .push_rows(related)
                .push(")"),
            (comparison, count) => {
                self.push("(SELECT count(*)").push_rows(related);
                let _ = write!(self.text, "){}{count}", operator(comparison));
                self
            }
        }
    }

    fn push_rows(&mut self, related: &Related) -> &mut Self {
        let Related {
            of,
            table,
            joins,
            key,
            predicate,
            ..
        } = related;
        let outer = self.scope;
        self.scope = Scope {
            at: outer.most + 1,
            most: outer.most + 1,
        };
        self.push_from(table, joins).push(" WHERE ");
        self.push_comparable(key).push(" = ");
        let inner = self.scope;
        self.scope = outer;
        self.push_comparable(of);
        self.scope = inner;
        if table.parent().is_some() {
            let first = self.alias(0);
            self.push(" AND ").push_class(first, table);
        }
        if *predicate != Predicate::True {
            self.push(" AND ").push_predicate(predicate);
        }
        self.scope = Scope {
            at: outer.at,
            most: self.scope.most,
        };
        self
    }

    /// Appends that a reference leads to one of the rows at the top or to one below them; circles end.
    pub(super) fn push_below(&mut self, below: &Below) -> &mut Self {
        let Below {
            path,
            table,
            parent,
            tops,
        } = below;
        let key = comparable(self.dialect, "r", super::builder::key_storage(path, table));
        let up = comparable(self.dialect, "r", &parent.storage);
        self.push_comparable(path);
        let _ = write!(
            self.text,
            " IN (WITH RECURSIVE sg_below(id) AS (SELECT {key} FROM "
        );
        self.push_table(table);
        let _ = write!(self.text, " r WHERE {key} IN (");
        for (at, top) in tops.iter().enumerate() {
            self.push(if at == 0 { "" } else { ", " });
            self.bind_comparable(top);
        }
        let _ = write!(self.text, ") UNION SELECT {key} FROM sg_below JOIN ");
        self.push_table(table);
        let _ = write!(
            self.text,
            " r ON {up} = sg_below.id) SELECT id FROM sg_below)"
        );
        self
    }
}

fn comparable(dialect: Dialect, alias: &str, column: &str) -> String {
    let mut quoted = format!("{alias}.");
    push_quoted(column, &mut quoted);
    let mut out = String::new();
    dialect.push_comparable(&quoted, false, &mut out);
    out
}
