//! Companies, departments and places (`rest-and-records.md` §15.3).

use crate::base::spec::{
    Column, Table,
    column::{
        NEXT_NUMBER, TAGS, boolean, date, integer, phone, price, rare_reference, reference, string,
        typed, url,
    },
};

const COMPANY: &[Column] = &[
    string("name", "Name", 80).indexed().display(),
    reference("parent", "Parent", "core_company"),
    rare_reference("contact", "Contact", "sys_user"),
    boolean("customer", "Customer"),
    boolean("vendor", "Vendor"),
    boolean("manufacturer", "Manufacturer"),
    boolean("primary", "Primary"),
    string("street", "Street", 255),
    string("city", "City", 50),
    string("state", "State / Province", 40),
    string("zip", "Zip / Postal code", 40),
    string("country", "Country", 40),
    typed("latitude", "Latitude", "float", 40),
    typed("longitude", "Longitude", "float", 40),
    string("lat_long_error", "Lat long error", 1000),
    phone("phone", "Phone"),
    phone("fax_phone", "Fax phone"),
    url("website", "Website"),
    string("notes", "Notes", 4000),
    string("stock_symbol", "Stock symbol", 40),
    price("stock_price", "Stock price"),
    typed("market_cap", "Market cap", "currency", 20).default("0"),
    typed("profits", "Profits", "currency", 20).default("0"),
    typed("revenue_per_year", "Revenue per year", "currency", 20).default("0"),
    integer("num_employees", "Number of employees"),
    date("fiscal_year", "Fiscal year"),
    boolean("publicly_traded", "Publicly traded"),
    typed("discount", "Discount", "decimal", 15),
    string("rank_tier", "Rank tier", 40),
    string("vendor_type", "Vendor type", 1024),
    rare_reference("vendor_manager", "Vendor manager", "sys_user"),
    string("theme", "Theme", 32),
    typed("apple_icon", "Apple icon", "user_image", 40),
    typed("banner_image", "UI16 Banner Image", "user_image", 40),
    typed("banner_image_light", "Banner image light", "user_image", 40),
    string("banner_text", "Banner text", 100),
    TAGS,
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("core_company", "Company")
        .extendable()
        .audited()
        .columns(COMPANY),
    Table::extending("customer_account", "Account", "core_company")
        .numbered("ACCT", 0)
        .columns(&[
            string("number", "Number", 40)
                .default(NEXT_NUMBER)
                .indexed(),
            string("account_code", "Account code", 100),
            reference("account_parent", "Account parent", "customer_account"),
            string("account_path", "Account path", 255),
            boolean("active_escalation", "Active escalation"),
            string("registration_code", "Registration code", 100),
            rare_reference("primary_contact", "Primary contact", "customer_contact"),
            boolean("partner", "Partner"),
        ])
        .defaults(&[("customer", "true")]),
    Table::root("cmn_location", "Location").columns(&[
        string("name", "Name", 100).indexed().display(),
        string("full_name", "Full name", 255),
        reference("parent", "Parent", "cmn_location"),
        string("street", "Street", 255),
        string("city", "City", 40),
        string("state", "State / Province", 40),
        string("zip", "Zip / Postal code", 40),
        string("country", "Country", 40),
        typed("latitude", "Latitude", "float", 40),
        typed("longitude", "Longitude", "float", 40),
        phone("phone", "Phone"),
        phone("fax_phone", "Fax phone"),
        rare_reference("contact", "Contact", "sys_user"),
        rare_reference("company", "Company", "core_company"),
        string("time_zone", "Time zone", 40),
    ]),
    Table::root("cmn_department", "Department").columns(&[
        string("name", "Name", 100).indexed().display(),
        string("id", "ID", 40),
        string("description", "Description", 1000),
        rare_reference("dept_head", "Department head", "sys_user"),
        rare_reference("primary_contact", "Primary contact", "sys_user"),
        rare_reference("company", "Company", "core_company"),
        reference("parent", "Parent", "cmn_department"),
        integer("head_count", "Head count"),
        string("business_unit", "Business unit", 32),
    ]),
    Table::root("cmn_cost_center", "Cost Center").columns(&[
        string("name", "Name", 100).indexed().display(),
        string("code", "Code", 40),
        string("account_number", "Account number", 40),
        rare_reference("manager", "Manager", "sys_user"),
        rare_reference("location", "Location", "cmn_location"),
        reference("parent", "Parent", "cmn_cost_center"),
        date("valid_from", "Valid from"),
        date("valid_to", "Valid to"),
    ]),
];
