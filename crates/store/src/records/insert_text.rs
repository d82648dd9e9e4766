//! The text that inserts a row. A client that makes one row makes many like it, which fill the same columns: the texts
//! of the last ones are kept, and known by their columns without a look at any of them.

use std::{
    cell::RefCell,
    collections::VecDeque,
    fmt::Write as _,
    sync::{Arc, LazyLock},
};

use snowglobe_records::{Column, name::Name};

use crate::sql::{push_quoted, push_table};

/// How many texts each thread keeps.
const KEPT: usize = 16;

thread_local! {
    /// The one that was used last comes first.
    static TEXTS: RefCell<VecDeque<Text>> = const { RefCell::new(VecDeque::new()) };
}

/// A text, and what it was made of. It holds its columns, so no other column can come to lie where one of them does.
struct Text {
    table: Name,
    columns: Vec<Arc<Column>>,
    sql: Arc<str>,
}

impl Text {
    fn new<'c>(table: &Name, columns: impl Iterator<Item = &'c Arc<Column>>) -> Self {
        let columns: Vec<_> = columns.map(Arc::clone).collect();
        Self {
            table: table.clone(),
            sql: text(table, &columns).into(),
            columns,
        }
    }

    fn is_of<'c>(&self, table: &Name, columns: impl Iterator<Item = &'c Arc<Column>>) -> bool {
        let known = self.columns.iter().map(Arc::as_ptr);
        known.eq(columns.map(Arc::as_ptr)) && self.table == *table
    }
}

/// Returns the text that inserts a row of the table with these columns.
pub(super) fn of<'c>(
    table: &Name,
    columns: impl Iterator<Item = &'c Arc<Column>> + Clone,
) -> Arc<str> {
    TEXTS.with_borrow_mut(|texts| {
        let known = texts
            .iter()
            .position(|text| text.is_of(table, columns.clone()));
        if let Some(at) = known {
            texts.swap(0, at);
        } else {
            texts.truncate(KEPT - 1);
            texts.push_front(Text::new(table, columns));
        }
        let text = texts.front();
        text.map_or_else(Arc::default, |text| Arc::clone(&text.sql))
    })
}

fn text(table: &Name, columns: &[Arc<Column>]) -> String {
    // A name and a number for each, with what stands around them.
    let mut sql = String::with_capacity(64 + columns.len() * 40);
    sql.push_str("INSERT INTO ");
    push_table(table, &mut sql);
    let mut joint = " (";
    for column in columns {
        sql.push_str(joint);
        push_quoted(&column.storage, &mut sql);
        joint = ", ";
    }
    sql.push_str(") VALUES (");
    push_parameters(columns.len(), &mut sql);
    sql.push(')');
    sql
}

/// Appends `$1, $2` and so on. They are made once.
fn push_parameters(count: usize, sql: &mut String) {
    const MOST: usize = 256;
    /// All of them, and where each ends.
    static MADE: LazyLock<(String, Vec<usize>)> = LazyLock::new(|| {
        let mut made = String::new();
        let ends = (1..=MOST).map(|number| {
            let joint = if number == 1 { "" } else { ", " };
            let _ = write!(made, "{joint}${number}");
            made.len()
        });
        let ends = ends.collect();
        (made, ends)
    });
    let (made, ends) = &*MADE;
    let end = count.min(MOST).checked_sub(1).and_then(|at| ends.get(at));
    sql.push_str(end.and_then(|end| made.get(..*end)).unwrap_or_default());
    for number in MOST + 1..=count {
        let _ = write!(sql, ", ${number}");
    }
}

#[cfg(test)]
mod tests {
    use snowglobe_records::{Dictionary, base};

    use super::*;

    #[test]
    fn a_text_is_kept_for_its_table_and_columns_alone() {
        let (dictionary, _) = Dictionary::build(&base::definition());
        let column = |element| {
            dictionary
                .table("incident")
                .unwrap()
                .column(element)
                .unwrap()
        };
        let table = Name::parse("task").unwrap();
        let (number, state) = (column("number"), column("state"));
        let both = of(&table, [number, state].into_iter());
        assert_eq!(
            &*both,
            "INSERT INTO \"task\" (\"number\", \"state\") VALUES ($1, $2)"
        );
        let one = of(&table, [number].into_iter());
        assert_eq!(&*one, "INSERT INTO \"task\" (\"number\") VALUES ($1)");
        let again = of(&table, [number, state].into_iter());
        assert!(Arc::ptr_eq(&both, &again));
        let other = Name::parse("other").unwrap();
        assert_ne!(of(&other, [number, state].into_iter()), both);
        // Another dictionary's columns are others, whatever they are called.
        let (later, _) = Dictionary::build(&base::definition());
        let number = later.table("incident").unwrap().column("number").unwrap();
        let anew = of(&table, [number, state].into_iter());
        assert!(anew == both && !Arc::ptr_eq(&anew, &both));
    }

    #[test]
    fn the_texts_that_are_kept_are_few() {
        let (dictionary, _) = Dictionary::build(&base::definition());
        let table = dictionary.table("incident").unwrap();
        for count in 1..=KEPT * 2 {
            of(table.root(), table.columns().iter().take(count));
        }
        assert_eq!(TEXTS.with_borrow(VecDeque::len), KEPT);
    }
}
