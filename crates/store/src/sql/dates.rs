//! Measures of dates (`snowglobe_records::query::Measure`) in SQL: whole numbers, the same on both databases.

use std::fmt::Write as _;

use snowglobe_records::{
    dictionary::Kind,
    query::{BEFORE_1970, Comparison, DAY, END, FIRST, Measure, Path, Zone},
};

use super::{Builder, Dialect, builder::operator};

impl Builder {
    /// Appends a comparison of a number that may be missing; a missing one differs from every number.
    pub(super) fn push_compared(
        &mut self,
        comparison: Comparison,
        number: i64,
        push: impl Fn(&mut Self),
    ) -> &mut Self {
        if comparison == Comparison::NotEqual {
            self.push("COALESCE(");
        }
        self.push("(");
        push(self);
        let _ = write!(self.text, "){}{number}", operator(comparison));
        if comparison == Comparison::NotEqual {
            self.push(", TRUE)");
        }
        self
    }

    /// Appends a measure of a date column; nothing where it holds none.
    pub(super) fn push_measure(&mut self, path: &Path, measure: Measure, zone: &Zone) -> &mut Self {
        self.push("CASE WHEN ").push_column(path);
        let _ = write!(self.text, " >= '{FIRST}' AND ");
        self.push_column(path);
        let _ = write!(self.text, " < '{END}' THEN ");
        self.push_number(path, measure, zone).push(" END")
    }

    fn push_number(&mut self, path: &Path, measure: Measure, zone: &Zone) -> &mut Self {
        let part = |this: &mut Self, sqlite, postgres| {
            this.push_part(path, zone, sqlite, postgres);
        };
        match measure {
            Measure::Seconds => {
                self.push_seconds(path, zone);
            }
            Measure::Day => {
                self.push_days(path, zone);
            }
            Measure::Week(after_monday) => {
                self.push("(").push_days(path, zone);
                let _ = write!(self.text, " + {}) / 7", 7 - after_monday);
            }
            Measure::Hour => {
                self.push("(").push_seconds(path, zone);
                self.push(" / 3600) % 24");
            }
            Measure::DayOfWeek => {
                self.push_days(path, zone).push(" % 7 + 1");
            }
            Measure::Year => part(self, "%Y", "YEAR"),
            Measure::MonthOfYear => part(self, "%m", "MONTH"),
            Measure::Month => {
                part(self, "%Y", "YEAR");
                self.push(" * 12 + ");
                part(self, "%m", "MONTH");
            }
            Measure::QuarterOfYear => {
                self.push("(");
                part(self, "%m", "MONTH");
                self.push(" + 2) / 3");
            }
            Measure::Quarter => {
                part(self, "%Y", "YEAR");
                self.push(" * 4 + (");
                part(self, "%m", "MONTH");
                self.push(" + 2) / 3");
            }
            Measure::WeekOfYear => {
                self.push("(");
                part(self, "%j", "DOY");
                self.push(" + 6 - ").push_days(path, zone).push(" % 7) / 7");
            }
        }
        self
    }

    /// Whole days since the beginning of year 1.
    fn push_days(&mut self, path: &Path, zone: &Zone) -> &mut Self {
        self.push("(").push_seconds(path, zone);
        let _ = write!(self.text, " / {DAY})");
        self
    }

    /// Local seconds since the beginning of year 1.
    fn push_seconds(&mut self, path: &Path, zone: &Zone) -> &mut Self {
        self.push("(").push_since_1970(path, zone);
        let _ = write!(self.text, " + {BEFORE_1970})");
        self
    }

    fn push_since_1970(&mut self, path: &Path, zone: &Zone) -> &mut Self {
        match self.dialect {
            Dialect::Sqlite => self
                .push("(CAST(strftime('%s', ")
                .push_column(path)
                .push(") AS INTEGER)"),
            Dialect::Postgres => self
                .push("(CAST(EXTRACT(EPOCH FROM CAST(")
                .push_column(path)
                .push(" AS timestamp)) AS bigint)"),
        };
        if path.column.kind != Kind::Date {
            self.push(" + ").push_offset(path, zone);
        }
        self.push(")")
    }

    /// How far the zone is from UTC at that moment.
    fn push_offset(&mut self, path: &Path, zone: &Zone) -> &mut Self {
        if zone.until().is_empty() {
            let _ = write!(self.text, "({})", zone.last());
            return self;
        }
        self.push("CASE");
        for (until, offset) in zone.until() {
            // `until` was written by us from a zone's rules.
            self.push(" WHEN ").push_column(path);
            let _ = write!(self.text, " < '{until}' THEN {offset}");
        }
        let _ = write!(self.text, " ELSE {} END", zone.last());
        self
    }

    fn push_part(&mut self, path: &Path, zone: &Zone, sqlite: &str, postgres: &str) {
        match self.dialect {
            Dialect::Sqlite => {
                let _ = write!(self.text, "CAST(strftime('{sqlite}', ");
                self.push_since_1970(path, zone);
                self.push(", 'unixepoch') AS INTEGER)");
            }
            Dialect::Postgres => {
                let _ = write!(
                    self.text,
                    "CAST(EXTRACT({postgres} FROM timestamp 'epoch' + "
                );
                self.push_since_1970(path, zone);
                self.push(" * interval '1 second') AS bigint)");
            }
        }
    }
}
