//! `<xml>` with an element for each row, named after its table (`rest-and-records.md` §11.1).

use super::sheet::Sheet;
use crate::{records::Session, rest::params::DisplayMode, surface::escape_xml};

/// Writes the file: stored values, shown ones, or both with the shown one behind `dv_`.
pub(super) fn write(sheet: &Sheet, session: &Session, mode: DisplayMode) -> String {
    let reader = sheet.reader(session);
    let table = sheet.plan.table.name();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><xml>");
    for row in sheet.rows() {
        out.extend(["<", table, ">"]);
        for (key, cell) in sheet.keys().zip(row) {
            match mode {
                DisplayMode::Display => element(key, &cell.shown(&reader), &mut out),
                DisplayMode::All => {
                    element(key, &cell.value(), &mut out);
                    element(&format!("dv_{key}"), &cell.shown(&reader), &mut out);
                }
                _ => element(key, &cell.value(), &mut out),
            }
        }
        out.extend(["</", table, ">"]);
    }
    out.push_str("</xml>");
    out
}

fn element(name: &str, text: &str, out: &mut String) {
    if text.is_empty() {
        out.extend(["<", name, "/>"]);
        return;
    }
    out.extend(["<", name, ">"]);
    escape_xml(text, out);
    out.extend(["</", name, ">"]);
}
