//! The service catalog and what people order from it (`rest-and-records.md` §13.1, §14.3).

use crate::base::spec::{
    Choice, Table,
    column::{
        CALLER, boolean, date_time, duration, integer, list, price, rare_reference, reference,
        string, table_name, typed,
    },
};

const REQUEST_STATE: &[Choice] = &[
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("requested", "Pending Approval"),
    ("in_process", "Approved"),
    ("closed_complete", "Closed Complete"),
    ("closed_incomplete", "Closed Incomplete"),
    ("closed_cancelled", "Closed Cancelled"),
    ("closed_rejected", "Closed Rejected"),
    ("closed_skipped", "Closed Skipped"),
];
const STAGE: &[Choice] = &[
    ("requested", "Requested"),
    ("request_approved", "Request Approved"),
    ("waiting_for_approval", "Waiting for Approval"),
    ("fulfillment", "Fulfillment"),
    ("delivery", "Delivery"),
    ("completed", "Completed"),
    ("Request Cancelled", "Request Cancelled"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::extending("sc_catalog", "Catalog", "sys_metadata").columns(&[
        string("title", "Title", 100).mandatory().display(),
        string("description", "Description", 4000),
        rare_reference("manager", "Manager", "sys_user"),
        list("editors", "Editors", "sys_user"),
        boolean("active", "Active").default("true"),
        boolean("enable_wish_list", "Enable wish list").default("true"),
        string("background_color", "Background color", 40).default("white"),
        string("desktop_image", "Desktop image", 40),
        string("desktop_home_page", "Desktop home page", 255),
        string(
            "desktop_continue_shopping",
            "Desktop continue shopping",
            255,
        ),
    ]),
    Table::extending("sc_category", "Category", "sys_metadata").columns(&[
        string("title", "Title", 100).display(),
        string("description", "Description", 1000),
        reference("parent", "Parent", "sc_category"),
        reference("sc_catalog", "Catalog", "sc_catalog"),
        boolean("active", "Active").default("true"),
        integer("order", "Order"),
        rare_reference("location", "Location", "cmn_location"),
        string("image", "Image", 40),
        string("icon", "Icon", 40),
        string("header_icon", "Header icon", 40),
    ]),
    Table::extending("sc_cat_item", "Catalog Item", "sys_metadata")
        .extendable()
        .columns(&[
            string("name", "Name", 100).indexed().display(),
            string("short_description", "Short description", 200),
            typed("description", "Description", "html", 8000),
            reference("category", "Category", "sc_category"),
            price("price", "Price"),
            price("recurring_price", "Recurring price"),
            boolean("active", "Active").default("true"),
            integer("order", "Order").default("0"),
            list("sc_catalogs", "Catalogs", "sc_catalog"),
            string("availability", "Availability", 40).default("on_both"),
            string("type", "Type", 40).default("item"),
            duration("delivery_time", "Delivery time"),
            rare_reference("group", "Fulfillment group", "sys_user_group"),
            rare_reference("owner", "Owner", "sys_user"),
            rare_reference("workflow", "Workflow", "wf_workflow"),
            string("meta", "Meta", 4000),
            boolean("billable", "Billable"),
            boolean("no_cart", "No cart"),
            boolean("no_quantity", "No quantity"),
            boolean("no_cart_v2", "Hide 'Add to cart'"),
            boolean("no_quantity_v2", "Hide quantity"),
            boolean("no_delivery_time_v2", "Hide delivery time"),
            boolean("no_wishlist_v2", "Hide 'Add to wish list'"),
            boolean("no_attachment_v2", "Hide attachment"),
            boolean("mandatory_attachment", "Mandatory attachment"),
        ]),
    Table::extending("sc_cat_item_producer", "Record Producer", "sc_cat_item")
        .extendable()
        .columns(&[
            table_name("table_name", "Table name"),
            typed("script", "Script", "script", 1_000_000),
            string("redirect_url", "Redirect URL", 255),
        ]),
    Table::extending("sc_cat_item_guide", "Order guide", "sc_cat_item").columns(&[
        boolean("two_step", "Two step"),
        boolean("include_items", "Include items").default("true"),
    ]),
    Table::root("sc_cart", "Shopping Cart").columns(&[
        string("name", "Name", 100).display(),
        reference("user", "User", "sys_user").default(CALLER),
        rare_reference("requested_for", "Requested for", "sys_user").default(CALLER),
    ]),
    Table::root("sc_cart_item", "Cart Item").columns(&[
        reference("cart", "Cart", "sc_cart"),
        reference("cat_item", "Catalog item", "sc_cat_item"),
        integer("quantity", "Quantity").default("1"),
        price("price", "Price"),
        price("recurring_price", "Recurring price"),
        typed(
            "variables",
            "Answers to the item's variables",
            "json",
            65_000,
        ),
    ]),
    Table::extending("sc_request", "Request", "task")
        .numbered("REQ", 10_000)
        .columns(&[
            reference("requested_for", "Requested for", "sys_user").default(CALLER),
            string("request_state", "Request state", 40)
                .default("requested")
                .choices(REQUEST_STATE),
            string("stage", "Stage", 40)
                .default("requested")
                .choices(STAGE),
            price("price", "Price"),
            typed("requested_date", "Requested date", "glide_date", 40),
            string("delivery_address", "Delivery address", 4000),
            string("special_instructions", "Special instructions", 1000),
        ]),
    Table::extending("sc_req_item", "Requested Item", "task")
        .numbered("RITM", 10_000)
        .columns(&[
            reference("request", "Request", "sc_request"),
            reference("cat_item", "Item", "sc_cat_item"),
            reference("requested_for", "Requested for", "sys_user").default(CALLER),
            string("stage", "Stage", 40)
                .default("requested")
                .choices(STAGE),
            integer("quantity", "Quantity").default("1"),
            price("price", "Price"),
            price("recurring_price", "Recurring price"),
            boolean("backordered", "Backordered"),
            date_time("estimated_delivery", "Estimated delivery"),
            list("configuration_items", "Configuration items", "cmdb_ci"),
        ]),
    Table::extending("sc_task", "Catalog Task", "task")
        .numbered("SCTASK", 10_000)
        .columns(&[
            reference("request", "Request", "sc_request"),
            reference("request_item", "Request item", "sc_req_item"),
        ]),
];
