//! Parts of portals and pages: styles, scripts and what they depend on (`rest-and-records.md` §11.1, §17). Clients keep
//! them as records; no portal is drawn from them.

use crate::base::spec::{
    Table,
    column::{boolean, integer, reference, script, string, typed, url},
};

pub(crate) const TABLES: &[Table] = &[
    Table::extending("content_css", "Style Sheet", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("type", "Type", 40).default("local"),
        url("url", "URL"),
        typed("style", "Style", "css", 1_000_000),
    ]),
    Table::extending("sp_css", "Portal Style Sheet", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        typed("css", "CSS", "css", 1_000_000),
    ]),
    Table::extending("sp_css_include", "CSS Include", "sys_metadata").columns(&[
        string("name", "Display name", 100).display(),
        string("source", "Source", 40).default("local"),
        url("url", "CSS file URL"),
        reference("sp_css", "Style Sheet", "sp_css"),
        boolean("lazy_load", "Lazy load"),
    ]),
    Table::extending("sp_js_include", "JS Include", "sys_metadata").columns(&[
        string("display_name", "Display name", 100).display(),
        string("source", "Source", 40).default("local"),
        url("url", "JS file URL"),
        reference("sys_ui_script", "UI script", "sys_ui_script"),
    ]),
    Table::extending("sp_dependency", "Widget Dependency", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("module", "Angular module name", 100),
        boolean("page_load", "Include on page load"),
    ]),
    Table::extending(
        "m2m_sp_dependency_css_include",
        "Dependency CSS Include",
        "sys_metadata",
    )
    .columns(&[
        reference("sp_dependency", "Dependency", "sp_dependency"),
        reference("sp_css_include", "CSS include", "sp_css_include"),
        integer("order", "Order").default("100"),
    ]),
    Table::extending(
        "m2m_sp_dependency_js_include",
        "Dependency JS Include",
        "sys_metadata",
    )
    .columns(&[
        reference("sp_dependency", "Dependency", "sp_dependency"),
        reference("sp_js_include", "JS include", "sp_js_include"),
        integer("order", "Order").default("100"),
    ]),
    Table::extending(
        "m2m_sp_widget_dependency",
        "Dependency of a Widget",
        "sys_metadata",
    )
    .columns(&[
        reference("sp_widget", "Widget", "sp_widget"),
        reference("sp_dependency", "Dependency", "sp_dependency"),
    ]),
    Table::extending("sp_page", "Portal Page", "sys_metadata").columns(&[
        string("id", "Page ID", 100).indexed(),
        string("title", "Title", 100).display(),
        string("short_description", "Short description", 255),
        boolean("public", "Public"),
    ]),
    Table::extending("sp_portal", "Service Portal", "sys_metadata").columns(&[
        string("title", "Title", 100).display(),
        string("url_suffix", "URL suffix", 40).indexed(),
        reference("homepage", "Homepage", "sp_page"),
        boolean("default", "Default"),
    ]),
    Table::extending("sys_ui_macro", "UI Macro", "sys_metadata").columns(&[
        string("name", "Name", 100).display(),
        string("scoped_name", "API Name", 200),
        string("description", "Description", 4000),
        script("xml", "XML"),
        boolean("active", "Active").default("true"),
    ]),
];
