//! Assets and contracts (`rest-and-records.md` §13.1).

use crate::base::spec::{
    Choice, Table,
    column::{NEXT_NUMBER, date, integer, rare_reference, reference, string, typed},
};

const INSTALL_STATUS: &[Choice] = &[
    ("1", "In use"),
    ("2", "On order"),
    ("6", "In stock"),
    ("9", "In transit"),
    ("10", "Consumed"),
    ("3", "In maintenance"),
    ("7", "Retired"),
    ("8", "Missing"),
    ("11", "Build"),
];
const CONTRACT_STATE: &[Choice] = &[
    ("draft", "Draft"),
    ("active", "Active"),
    ("expired", "Expired"),
    ("cancelled", "Cancelled"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("alm_asset", "Asset")
        .extendable()
        .audited()
        .columns(&[
            string("display_name", "Display name", 255).display(),
            string("asset_tag", "Asset tag", 40).indexed(),
            string("serial_number", "Serial number", 100).indexed(),
            integer("install_status", "State")
                .default("1")
                .choices(INSTALL_STATUS),
            string("substatus", "Substate", 40),
            integer("quantity", "Quantity").default("1"),
            reference("assigned_to", "Assigned to", "sys_user"),
            reference("ci", "Configuration Item", "cmdb_ci"),
            rare_reference("company", "Company", "core_company"),
            rare_reference("department", "Department", "cmn_department"),
            rare_reference("location", "Location", "cmn_location"),
            rare_reference("cost_center", "Cost center", "cmn_cost_center"),
            rare_reference("vendor", "Vendor", "core_company"),
            rare_reference("managed_by", "Managed by", "sys_user"),
            rare_reference("owned_by", "Owned by", "sys_user"),
            rare_reference("support_group", "Support group", "sys_user_group"),
            typed("cost", "Cost", "currency", 20),
            date("purchase_date", "Purchased"),
            date("delivery_date", "Delivery date"),
            date("warranty_expiration", "Warranty expiration"),
            string("comments", "Comments", 4000),
        ]),
    Table::extending("alm_hardware", "Hardware", "alm_asset").extendable(),
    Table::extending("alm_consumable", "Consumable", "alm_asset"),
    Table::extending("alm_license", "Software License", "alm_asset").columns(&[string(
        "license_key",
        "License key",
        255,
    )]),
    Table::root("ast_contract", "Contract")
        .extendable()
        .numbered("CNTR", 1000)
        .columns(&[
            string("number", "Number", 40)
                .default(NEXT_NUMBER)
                .indexed()
                .display(),
            string("short_description", "Short description", 160),
            string("state", "State", 40)
                .default("draft")
                .choices(CONTRACT_STATE),
            reference("vendor", "Vendor", "core_company"),
            rare_reference(
                "contract_administrator",
                "Contract administrator",
                "sys_user",
            ),
            date("starts", "Starts"),
            date("ends", "Ends"),
            typed("total_cost", "Total cost", "currency", 20),
        ]),
];
