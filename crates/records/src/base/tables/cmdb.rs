//! Configuration items (`rest-and-records.md` §13.1, §14.3). Where the tree below `cmdb_ci` is not documented,
//! a class has the parent that its name suggests.

use crate::base::spec::{
    Choice, Column, Table,
    column::{
        DOMAIN, DOMAIN_PATH, TAGS, boolean, date, date_time, integer, rare_reference, reference,
        string, typed, url,
    },
};

const INSTALL_STATUS: &[Choice] = &[
    ("1", "Installed"),
    ("2", "On Order"),
    ("3", "In Maintenance"),
    ("4", "Pending Install"),
    ("5", "Pending Repair"),
    ("6", "In Stock"),
    ("7", "Retired"),
    ("8", "Stolen"),
    ("100", "Absent"),
];
const OPERATIONAL_STATUS: &[Choice] = &[
    ("1", "Operational"),
    ("2", "Non-Operational"),
    ("3", "Repair in Progress"),
    ("4", "DR Standby"),
    ("5", "Ready"),
    ("6", "Retired"),
    ("7", "Pipeline"),
    ("8", "Catalog"),
];
const ENVIRONMENT: &[Choice] = &[
    ("Production", "Production"),
    ("Staging", "Staging"),
    ("Test", "Test"),
    ("Development", "Development"),
];
const BUSINESS_CRITICALITY: &[Choice] = &[
    ("1 - most critical", "1 - most critical"),
    ("2 - somewhat critical", "2 - somewhat critical"),
    ("3 - less critical", "3 - less critical"),
    ("4 - not critical", "4 - not critical"),
];
const DISCOVERY_SOURCE: &[Choice] = &[
    ("ServiceNow", "ServiceNow"),
    ("Manual Entry", "Manual Entry"),
    ("Duplicate", "Duplicate"),
    ("Unknown", "Unknown"),
    ("Other Automated", "Other Automated"),
];

/// What every configuration item has; declared on the root, which nobody reads for itself.
const CMDB: &[Column] = &[
    string("name", "Name", 255).indexed().display(),
    string("short_description", "Description", 1000),
    string("asset_tag", "Asset tag", 40),
    string("serial_number", "Serial number", 255).indexed(),
    string("category", "Category", 255),
    string("subcategory", "Subcategory", 255),
    string("comments", "Comments", 4000),
    integer("install_status", "Status")
        .default("1")
        .choices(INSTALL_STATUS),
    integer("operational_status", "Operational status")
        .default("1")
        .choices(OPERATIONAL_STATUS),
    string("environment", "Environment", 40).optional_choices(ENVIRONMENT),
    rare_reference("assigned_to", "Assigned to", "sys_user"),
    reference("owned_by", "Owned by", "sys_user"),
    rare_reference("managed_by", "Managed by", "sys_user"),
    reference("support_group", "Support group", "sys_user_group"),
    rare_reference("assignment_group", "Change Group", "sys_user_group"),
    rare_reference("department", "Department", "cmn_department"),
    reference("company", "Company", "core_company"),
    reference("location", "Location", "cmn_location"),
    rare_reference("cost_center", "Cost center", "cmn_cost_center"),
    rare_reference("manufacturer", "Manufacturer", "core_company"),
    rare_reference("vendor", "Vendor", "core_company"),
    rare_reference("asset", "Asset", "alm_asset"),
    string("ip_address", "IP Address", 255),
    string("mac_address", "MAC Address", 18),
    string("fqdn", "Fully qualified domain name", 255),
    string("dns_domain", "DNS Domain", 255),
    date("install_date", "Installed"),
    date_time("first_discovered", "First discovered"),
    date_time("last_discovered", "Most recent discovery"),
    string("discovery_source", "Discovery source", 40).suggestions(DISCOVERY_SOURCE),
    date("warranty_expiration", "Warranty expiration"),
    typed("cost", "Cost", "currency", 20),
    string("correlation_id", "Correlation ID", 512),
    boolean("monitor", "Monitor"),
    boolean("unverified", "Requires verification"),
    DOMAIN,
    DOMAIN_PATH,
    TAGS,
];
const COMPUTER: &[Column] = &[
    string("host_name", "Host name", 64),
    string("os", "Operating System", 255),
    string("os_version", "OS Version", 80),
    integer("cpu_count", "CPU count"),
    integer("cpu_core_count", "CPU core count"),
    integer("ram", "RAM (MB)"),
    typed("disk_space", "Disk space (GB)", "decimal", 15),
    boolean("virtual", "Is Virtual"),
];
const SERVICE: &[Column] = &[
    string("busines_criticality", "Business criticality", 40)
        .optional_choices(BUSINESS_CRITICALITY),
    string("service_classification", "Service classification", 40).default("Business Service"),
    string("used_for", "Used for", 40)
        .default("Production")
        .choices(ENVIRONMENT),
    string("version", "Version", 255),
    boolean("end_user_subscribe", "End user subscribe"),
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("cmdb", "Base Configuration Item")
        .extendable()
        .audited()
        .columns(CMDB),
    Table::extending("cmdb_ci", "Configuration Item", "cmdb").extendable(),
    class("cmdb_ci_hardware", "Hardware", "cmdb_ci"),
    Table::extending("cmdb_ci_computer", "Computer", "cmdb_ci_hardware")
        .extendable()
        .columns(COMPUTER),
    Table::extending("cmdb_ci_server", "Server", "cmdb_ci_computer")
        .extendable()
        .columns(&[
            boolean("hardware_status_ok", "Hardware status ok").default("true"),
            string("classification", "Classification", 40).default("Production"),
            string("firewall_status", "Firewall status", 40),
        ]),
    class("cmdb_ci_linux_server", "Linux Server", "cmdb_ci_server"),
    class("cmdb_ci_win_server", "Windows Server", "cmdb_ci_server"),
    class("cmdb_ci_unix_server", "UNIX Server", "cmdb_ci_server"),
    class("cmdb_ci_netgear", "Network Gear", "cmdb_ci_hardware"),
    class("cmdb_ci_ip_router", "IP Router", "cmdb_ci_netgear"),
    class("cmdb_ci_ip_switch", "IP Switch", "cmdb_ci_netgear"),
    class("cmdb_ci_printer", "Printer", "cmdb_ci_hardware"),
    Table::extending("cmdb_ci_appl", "Application", "cmdb_ci")
        .extendable()
        .columns(&[
            string("version", "Version", 255),
            integer("tcp_port", "TCP port(s)"),
            string("install_directory", "Installation directory", 255),
            string("used_for", "Used for", 40)
                .default("Production")
                .choices(ENVIRONMENT),
            url("url", "URL"),
        ]),
    class("cmdb_ci_app_server", "Application Server", "cmdb_ci_appl"),
    class("cmdb_ci_web_server", "Web Server", "cmdb_ci_appl"),
    class("cmdb_ci_database", "Database", "cmdb_ci_appl"),
    class("cmdb_ci_db_instance", "Database Instance", "cmdb_ci_appl"),
    class(
        "cmdb_ci_db_ora_instance",
        "Oracle Instance",
        "cmdb_ci_db_instance",
    ),
    class(
        "cmdb_ci_db_mssql_instance",
        "MSSQL Instance",
        "cmdb_ci_db_instance",
    ),
    class(
        "cmdb_ci_db_mysql_instance",
        "MySQL Instance",
        "cmdb_ci_db_instance",
    ),
    class(
        "cmdb_ci_db_postgresql_instance",
        "PostgreSQL Instance",
        "cmdb_ci_db_instance",
    ),
    Table::extending("cmdb_ci_service", "Service", "cmdb_ci")
        .extendable()
        .columns(SERVICE),
    class(
        "cmdb_ci_service_discovered",
        "Mapped Application Service",
        "cmdb_ci_service",
    ),
    class("cmdb_ci_business_app", "Business Application", "cmdb_ci"),
    Table::extending("service_offering", "Service Offering", "cmdb_ci_service").columns(&[
        rare_reference("parent", "Parent", "cmdb_ci_service"),
        string("price_unit", "Price unit", 40),
    ]),
    Table::root("cmdb_rel_type", "CI Relationship Type").columns(&[
        string("name", "Name", 255).indexed().display(),
        string("parent_descriptor", "Parent descriptor", 100),
        string("child_descriptor", "Child descriptor", 100),
    ]),
    Table::root("cmdb_rel_ci", "CI Relationship").columns(&[
        reference("parent", "Parent", "cmdb_ci"),
        reference("child", "Child", "cmdb_ci"),
        reference("type", "Type", "cmdb_rel_type"),
        string("connection_strength", "Connection strength", 40).default("always"),
        integer("port", "Port"),
    ]),
];

/// A class that adds no columns of its own and may be extended.
const fn class(name: &'static str, label: &'static str, parent: &'static str) -> Table {
    Table::extending(name, label, parent).extendable()
}
