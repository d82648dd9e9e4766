//! Date and time patterns as instances write them: `dd/MM/yyyy`, `hh:mm:ss a`.

use std::fmt::Write as _;

use jiff::civil::DateTime;

/// A pattern read once, so that writing a cell only appends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Box<[Piece]>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Literal(char),
    /// A field, padded with zeros to this width.
    Number(Field, usize),
    /// `yy`
    ShortYear,
    /// `MMM`
    MonthName,
    /// `a`
    HalfDay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Year,
    Month,
    Day,
    Hour,
    HourOfHalf,
    Minute,
    Second,
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Pattern {
    /// Reads a pattern; letters without a meaning here stand for themselves.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let mut width = 1;
            while letters.next_if_eq(&letter).is_some() {
                width += 1;
            }
            match Piece::of(letter, width) {
                Some(piece) => pieces.push(piece),
                None => pieces.extend(std::iter::repeat_n(Piece::Literal(letter), width)),
            }
        }
        Self(pieces.into())
    }

    pub(super) fn write(&self, when: DateTime, out: &mut String) {
        for piece in &self.0 {
            piece.write(when, out);
        }
    }
}

impl Piece {
    fn of(letter: char, width: usize) -> Option<Self> {
        let field = match letter {
            'y' if width == 2 => return Some(Self::ShortYear),
            'M' if width == 3 => return Some(Self::MonthName),
            'a' => return Some(Self::HalfDay),
            'y' => Field::Year,
            'M' => Field::Month,
            'd' => Field::Day,
            'H' => Field::Hour,
            'h' => Field::HourOfHalf,
            'm' => Field::Minute,
            's' => Field::Second,
            _ => return None,
        };
        Some(Self::Number(field, width.min(4)))
    }

    fn write(self, when: DateTime, out: &mut String) {
        match self {
            Self::Literal(letter) => out.push(letter),
            Self::ShortYear => pad(when.year().rem_euclid(100), 2, out),
            Self::HalfDay => out.push_str(if when.hour() < 12 { "AM" } else { "PM" }),
            Self::MonthName => {
                let at = usize::from(when.month().unsigned_abs()).saturating_sub(1);
                out.push_str(MONTHS.get(at).unwrap_or(&""));
            }
            Self::Number(field, width) => pad(field.of(when), width, out),
        }
    }
}

impl Field {
    fn of(self, when: DateTime) -> i16 {
        match self {
            Self::Year => when.year(),
            Self::Month => when.month().into(),
            Self::Day => when.day().into(),
            Self::Hour => when.hour().into(),
            Self::HourOfHalf => ((when.hour() + 11) % 12 + 1).into(),
            Self::Minute => when.minute().into(),
            Self::Second => when.second().into(),
        }
    }
}

fn pad(number: i16, width: usize, out: &mut String) {
    let _ = write!(out, "{number:0width$}"); // writing to a String cannot fail
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_patterns_that_instances_offer() {
        for (pattern, text) in [
            ("yyyy-MM-dd HH:mm:ss", "2026-03-05 00:07:09"),
            ("dd/MM/yyyy", "05/03/2026"),
            ("MM-dd-yyyy", "03-05-2026"),
            ("dd.MM.yy", "05.03.26"),
            ("d MMM yyyy", "5 Mar 2026"),
            ("hh:mm:ss a", "12:07:09 AM"),
            ("h:mm a", "12:07 AM"),
            ("H.mm", "0.07"),
            ("yyyy/MM/dd é", "2026/03/05 é"),
        ] {
            let mut out = String::new();
            Pattern::parse(pattern).write(date(2026, 3, 5).at(0, 7, 9, 0), &mut out);
            assert_eq!(out, text, "{pattern}");
        }
    }
}
