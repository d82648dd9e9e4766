//! A workbook of one sheet, as spreadsheets read it (ECMA-376): a row of labels, every value as text.

use std::fmt::Write as _;

use super::{sheet::Sheet, zip::Zip};
use crate::{records::Session, surface::escape_xml};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// Writes the file.
pub(super) fn write(sheet: &Sheet, session: &Session) -> Vec<u8> {
    let reader = sheet.reader(session);
    let mut rows = String::new();
    row(
        sheet.columns().map(|column| column.label.to_string()),
        &mut rows,
    );
    for cells in sheet.rows() {
        row(cells.map(|cell| cell.shown(&reader)), &mut rows);
    }
    let mut zip = Zip::default();
    zip.add("[Content_Types].xml", types().as_bytes());
    zip.add(
        "_rels/.rels",
        relation("officeDocument", "xl/workbook.xml").as_bytes(),
    );
    zip.add("xl/workbook.xml", workbook().as_bytes());
    let to_sheet = relation("worksheet", "worksheets/sheet1.xml");
    zip.add("xl/_rels/workbook.xml.rels", to_sheet.as_bytes());
    let content =
        format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
    zip.add("xl/worksheets/sheet1.xml", content.as_bytes());
    zip.finish()
}

fn types() -> String {
    let of = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{of}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{of}.worksheet+xml\"/></Types>"
    )
}

fn relation(kind: &str, target: &str) -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/></Relationships>"
    )
}

fn workbook() -> String {
    format!(
        "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\">\
         <sheets><sheet name=\"Page 1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    )
}

fn row(values: impl Iterator<Item = String>, out: &mut String) {
    out.push_str("<row>");
    for value in values {
        out.push_str("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        escape_xml(&cut(&value), out);
        out.push_str("</t></is></c>");
    }
    let _infallible = write!(out, "</row>");
}

/// A cell holds 32,767 characters, and no control characters.
fn cut(value: &str) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\n' | '\t' | '\r');
    value.chars().filter(allowed).take(32_767).collect()
}
