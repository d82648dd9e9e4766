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

    /// Reads what [`Self::write`] writes; `None` where it says something else. The fields that the pattern has not
    /// are those of `found`.
    pub(super) fn read<'t>(&self, mut text: &'t str, found: &mut Found) -> Option<&'t str> {
        for piece in &self.0 {
            text = piece.read(text, found)?;
        }
        Some(text)
    }
}

/// Date and time as far as they were read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    year: i16,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
    /// Of `hh`, whether it is after noon.
    afternoon: Option<bool>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            year: 1970,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            afternoon: None,
        }
    }
}

impl Found {
    /// Returns the moment, if there is one.
    pub(super) fn moment(self) -> Option<DateTime> {
        let hour = match self.afternoon {
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
            None => self.hour,
        };
        DateTime::new(
            self.year,
            self.month,
            self.day,
            hour,
            self.minute,
            self.second,
            0,
        )
        .ok()
    }

    fn set(&mut self, field: Field, number: i16) -> Option<()> {
        let small = || i8::try_from(number).ok();
        match field {
            Field::Year => self.year = number,
            Field::Month => self.month = small()?,
            Field::Day => self.day = small()?,
            Field::Hour => self.hour = small()?,
            Field::HourOfHalf => {
                self.hour = small()?;
                self.afternoon.get_or_insert(false);
            }
            Field::Minute => self.minute = small()?,
            Field::Second => self.second = small()?,
        }
        Some(())
    }
}

/// Takes a number of at most so many digits.
fn digits(text: &str, most: usize) -> Option<(i16, &str)> {
    let end = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    let (number, rest) = text.split_at_checked(end)?;
    Some((number.parse().ok()?, rest))
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

    fn read<'t>(self, text: &'t str, found: &mut Found) -> Option<&'t str> {
        match self {
            Self::Literal(letter) => text.strip_prefix(letter),
            Self::ShortYear => {
                let (year, rest) = digits(text, 2)?;
                found.year = 2000 + year;
                Some(rest)
            }
            Self::HalfDay => {
                let (half, rest) = text.split_at_checked(2)?;
                found.afternoon = Some(match half.to_ascii_uppercase().as_str() {
                    "AM" => false,
                    "PM" => true,
                    _ => return None,
                });
                Some(rest)
            }
            Self::MonthName => {
                let (name, rest) = text.split_at_checked(3)?;
                let at = MONTHS
                    .iter()
                    .position(|month| month.eq_ignore_ascii_case(name))?;
                found.month = i8::try_from(at + 1).ok()?;
                Some(rest)
            }
            Self::Number(field, width) => {
                let (number, rest) = digits(text, width.max(2))?;
                found.set(field, number)?;
                Some(rest)
            }
        }
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

    // covers: rest §2.2 sysparm_input_display_value
    #[test]
    fn what_a_pattern_writes_it_reads() {
        for pattern in [
            "yyyy-MM-dd HH:mm:ss",
            "dd/MM/yyyy hh:mm:ss a",
            "MM-dd-yyyy HH:mm:ss",
            "dd.MM.yy h:mm:ss a",
            "d MMM yyyy HH:mm:ss",
        ] {
            let pattern = Pattern::parse(pattern);
            for hour in [0, 7, 12, 23] {
                let when = date(2026, 3, 5).at(hour, 7, 9, 0);
                let mut text = String::new();
                pattern.write(when, &mut text);
                let mut found = Found::default();
                assert_eq!(pattern.read(&text, &mut found), Some(""), "{text}");
                assert_eq!(found.moment(), Some(when), "{text}");
            }
        }
        for (pattern, text) in [
            ("dd/MM/yyyy", "2026-03-05"),
            ("dd/MM/yyyy", "31/02/2026"),
            ("dd/MM/yyyy", ""),
            ("hh:mm a", "09:07 XM"),
            ("d MMM yyyy", "5 Mär 2026"),
        ] {
            let mut found = Found::default();
            let read = Pattern::parse(pattern).read(text, &mut found);
            assert!(
                read.and_then(|_| found.moment()).is_none(),
                "{pattern} {text}"
            );
        }
    }

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
