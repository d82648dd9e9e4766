//! Comma-separated values (RFC 4180): a line of column names, every value in quotes.

use super::sheet::Sheet;
use crate::records::Session;

/// Writes the file.
pub(super) fn write(sheet: &Sheet, session: &Session) -> String {
    let reader = sheet.reader(session);
    let mut out = String::new();
    line(sheet.keys().map(str::to_owned), &mut out);
    for row in sheet.rows() {
        line(row.map(|cell| cell.shown(&reader)), &mut out);
    }
    out
}

fn line(values: impl Iterator<Item = String>, out: &mut String) {
    for (at, value) in values.enumerate() {
        out.push_str(if at == 0 { "\"" } else { ",\"" });
        if is_formula(&value) {
            out.push('\'');
        }
        out.push_str(&value.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

/// A spreadsheet takes such text for a formula and runs it (`glide.export.escape_formulas`); a number is left alone.
fn is_formula(value: &str) -> bool {
    value.starts_with(['=', '+', '-', '@', '\t', '\r']) && value.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_one_value_and_are_no_formula() {
        let mut out = String::new();
        let values = ["a", "", "b,\"c\"\nd", "=1+1", "-5", "@x", "+1 555"];
        line(values.into_iter().map(str::to_owned), &mut out);
        assert_eq!(
            out,
            "\"a\",\"\",\"b,\"\"c\"\"\nd\",\"'=1+1\",\"-5\",\"'@x\",\"'+1 555\"\r\n"
        );
    }
}
