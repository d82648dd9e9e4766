//! The table that is printed, a line at a time, as figures come in.

use std::io::{Result, Stdout, Write};

use super::load::Cost;

/// One figure of Snowglobe beside what it is compared with.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) connections: u32,
    pub(crate) ours: Cost,
    pub(crate) reference: Cost,
    /// The share of the reference that is wanted at least, if one is.
    pub(crate) wanted: Option<f64>,
}

impl Line {
    /// The reference's CPU per request as a share of ours: 1 is as cheap as it gets.
    pub(crate) fn share(&self) -> f64 {
        self.reference.cpu_us / self.ours.cpu_us
    }

    fn verdict(&self) -> String {
        match self.wanted {
            None => String::new(),
            Some(wanted) if self.share() >= wanted => format!("{wanted:.2} ok"),
            Some(wanted) => format!("{wanted:.2} MISSED"),
        }
    }
}

/// The lines so far are on standard output already.
pub(crate) struct Table(Stdout);

impl Table {
    pub(crate) fn start() -> Result<Self> {
        let mut table = Self(std::io::stdout());
        table.note(&format!(
            "{:<44} {:>5} {:>9} {:>8} {:>11} {:>6}  wanted",
            "request", "conns", "req/s", "CPU µs", "ceiling µs", "share"
        ))?;
        Ok(table)
    }

    pub(crate) fn add(&mut self, line: &Line) -> Result<()> {
        self.note(&format!(
            "{:<44} {:>5} {:>9.0} {:>8.1} {:>11.1} {:>6.2}  {}",
            line.name,
            line.connections,
            line.ours.requests_per_second,
            line.ours.cpu_us,
            line.reference.cpu_us,
            line.share(),
            line.verdict()
        ))
    }

    pub(crate) fn note(&mut self, text: &str) -> Result<()> {
        writeln!(self.0, "{text}")
    }
}
