//! What a database answers: the rows of one statement in one piece of memory.
//!
//! A page of a hundred rows has a thousand cells; one allocation each would cost more than the query. So all
//! text lies in one string and a cell is a number or a place in it.

use snowglobe_records::ValueRef;

/// The rows of an answer.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    width: usize,
    cells: Vec<Cell>,
    text: String,
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Null,
    Int(i64),
    Text { start: u32, len: u32 },
}

/// One row of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    cells: &'a [Cell],
    text: &'a str,
}

impl Rows {
    /// Makes an empty answer of so many columns.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self {
            width,
            cells: Vec::new(),
            text: String::new(),
        }
    }

    /// Makes an empty answer of so many columns that has room for a row.
    pub(crate) fn for_one(width: usize) -> Self {
        Self {
            width,
            cells: Vec::with_capacity(width),
            text: String::with_capacity(width * 24),
        }
    }

    /// Appends the next cell; rows fill from left to right.
    pub fn push(&mut self, value: ValueRef<'_>) {
        self.cells.push(match value {
            ValueRef::Null => Cell::Null,
            ValueRef::Int(n) => Cell::Int(n),
            ValueRef::Text(text) => {
                // An answer is bounded by its page; 4 GiB of text in one is not reachable.
                let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                let start = place(self.text.len());
                self.text.push_str(text);
                Cell::Text {
                    start,
                    len: place(text.len()),
                }
            }
        });
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0)
    }

    /// Tells whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Returns the rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        let text = self.text.as_str();
        self.cells
            .chunks_exact(self.width.max(1))
            .map(move |cells| Row { cells, text })
    }

    /// Returns the first row.
    #[must_use]
    pub fn first(&self) -> Option<Row<'_>> {
        self.iter().next()
    }
}

impl<'a> Row<'a> {
    /// Returns the cell at this place, counted from 0; one that is not there is nothing.
    #[must_use]
    pub fn get(&self, at: usize) -> ValueRef<'a> {
        match self.cells.get(at) {
            None | Some(Cell::Null) => ValueRef::Null,
            Some(Cell::Int(n)) => ValueRef::Int(*n),
            Some(Cell::Text { start, len }) => {
                let start = *start as usize;
                ValueRef::Text(
                    self.text
                        .get(start..start + *len as usize)
                        .unwrap_or_default(),
                )
            }
        }
    }

    /// Returns the text at this place, or `""`.
    #[must_use]
    pub fn text(&self, at: usize) -> &'a str {
        self.get(at).as_text().unwrap_or_default()
    }

    /// Returns the number at this place, or 0.
    #[must_use]
    pub fn int(&self, at: usize) -> i64 {
        self.get(at).as_int().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_as_they_went_in() {
        let mut rows = Rows::new(3);
        for cell in [ValueRef::Int(7), ValueRef::Text("sieben"), ValueRef::Null] {
            rows.push(cell);
        }
        for cell in [ValueRef::Int(-1), ValueRef::Text(""), ValueRef::Text("ü")] {
            rows.push(cell);
        }
        assert_eq!(rows.len(), 2);
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row.int(0), row.text(1), row.get(2)))
            .collect();
        assert_eq!(
            seen,
            [(7, "sieben", ValueRef::Null), (-1, "", ValueRef::Text("ü"))]
        );
    }
}
