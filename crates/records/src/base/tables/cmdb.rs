//! Configuration items (`rest-and-records.md` §13.1, §14.3). Where the tree below `cmdb_ci` is not documented,
//! a class has the parent that its name suggests.

use crate::base::spec::{
    Choice, Column, Table,
    column::{
        DOMAIN, DOMAIN_PATH, TAGS, boolean, date, date_time, integer, rare_reference, reference,
        string, table_name, typed, url,
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
    rare_reference("model_id", "Model ID", "cmdb_model"),
    string("model_number", "Model number", 255),
    rare_reference("supported_by", "Supported by", "sys_user"),
    rare_reference("change_control", "Approval group", "sys_user_group"),
    rare_reference("duplicate_of", "Duplicate Of", "cmdb_ci"),
    rare_reference(
        "maintenance_schedule",
        "Maintenance schedule",
        "cmn_schedule",
    ),
    rare_reference("schedule", "Schedule", "cmn_schedule"),
    string("attributes", "Attributes", 65_000),
    string("justification", "Justification", 80),
    string("po_number", "PO number", 40),
    string("invoice_number", "Invoice number", 40),
    string("gl_account", "GL account", 40),
    string("lease_id", "Lease contract", 40),
    string("due_in", "Due in", 40),
    integer("fault_count", "Fault count").default("0"),
    date("purchase_date", "Purchased"),
    date_time("order_date", "Ordered"),
    date_time("delivery_date", "Delivery date"),
    date_time("start_date", "Schedule start"),
    date_time("assigned", "Assigned"),
    date_time("due", "Due"),
    date_time("checked_in", "Checked in"),
    date_time("checked_out", "Checked out"),
    string("life_cycle_stage", "Life Cycle Stage", 40),
    string("life_cycle_stage_status", "Life Cycle Stage Status", 40),
    boolean("can_print", "Can Print"),
    boolean("skip_sync", "Skip sync"),
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
    string("cpu_name", "CPU name", 80),
    string("cpu_type", "CPU type", 80),
    string("cpu_manufacturer", "CPU manufacturer", 255),
    typed("cpu_speed", "CPU speed (MHz)", "decimal", 15),
    integer("cpu_core_thread", "CPU core thread"),
    string("os_domain", "OS Domain", 100),
    string("os_service_pack", "OS Service Pack", 80),
    integer("os_address_width", "OS address width (bits)"),
    string("default_gateway", "Default Gateway", 100),
    string("chassis_type", "Chassis type", 100),
    string("form_factor", "Form factor", 40),
    string("object_id", "Object ID", 255),
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
    class(
        "cmdb_ci_app_server_java",
        "Java Application Server",
        "cmdb_ci_app_server",
    ),
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
    class(
        "cmdb_ci_service_auto",
        "Application Service",
        "cmdb_ci_service",
    ),
    class("cmdb_ci_aix_server", "AIX Server", "cmdb_ci_unix_server"),
    class(
        "cmdb_ci_solaris_server",
        "Solaris Server",
        "cmdb_ci_unix_server",
    ),
    class("cmdb_ci_esx_server", "ESX Server", "cmdb_ci_server"),
    class("cmdb_ci_lb", "Load Balancer", "cmdb_ci_server"),
    class("cmdb_ci_storage_server", "Storage Server", "cmdb_ci_server"),
    class(
        "cmdb_ci_pc_hardware",
        "Personal Computer",
        "cmdb_ci_computer",
    ),
    class("cmdb_ci_ip_firewall", "IP Firewall", "cmdb_ci_netgear"),
    class(
        "cmdb_ci_wap_network",
        "Wireless Access Point",
        "cmdb_ci_netgear",
    ),
    class("cmdb_ci_rack", "Rack", "cmdb_ci_hardware"),
    class("cmdb_ci_ups", "UPS", "cmdb_ci_hardware"),
    class("cmdb_ci_datacenter", "Data Center", "cmdb_ci"),
    class("cmdb_ci_cluster", "Cluster", "cmdb_ci"),
    class("cmdb_ci_cluster_node", "Cluster Node", "cmdb_ci"),
    Table::extending("cmdb_ci_vm_object", "Virtual Machine Object", "cmdb_ci")
        .extendable()
        .columns(&[string("object_id", "Object ID", 255)]),
    Table::extending(
        "cmdb_ci_vm_instance",
        "Virtual Machine Instance",
        "cmdb_ci_vm_object",
    )
    .extendable()
    .columns(&[
        string("state", "State", 40),
        integer("cpus", "CPUs"),
        integer("memory", "Memory (MB)"),
        integer("disks", "Disks"),
        integer("disks_size", "Disks size (GB)"),
        integer("nics", "Network adapters"),
        string("guest_os_fullname", "Guest OS Fullname", 255),
        string("vm_inst_id", "VM Instance ID", 255).indexed(),
        string("image_path", "Image path", 255),
    ]),
    class(
        "cmdb_ci_vmware_instance",
        "VMware Virtual Machine Instance",
        "cmdb_ci_vm_instance",
    ),
    class(
        "cmdb_ci_ec2_instance",
        "AWS Virtual Machine",
        "cmdb_ci_vm_instance",
    ),
    class("cmdb_ci_vcenter", "VMware vCenter Instance", "cmdb_ci_appl"),
    class(
        "cmdb_ci_kubernetes_cluster",
        "Kubernetes Cluster",
        "cmdb_ci",
    ),
    class("cmdb_ci_docker_container", "Docker Container", "cmdb_ci"),
    class("cmdb_ci_environment", "Environment", "cmdb_ci"),
    class("cmdb_ci_group", "Group", "cmdb_ci"),
    Table::extending("cmdb_ci_spkg", "Software", "cmdb_ci").columns(&[
        string("version", "Version", 255),
        string("key", "Key", 255).indexed(),
        string("package_name", "Package name", 255),
    ]),
    Table::extending("cmdb_ci_network_adapter", "Network Adapter", "cmdb_ci").columns(&[
        reference("cmdb_ci", "Configuration Item", "cmdb_ci_hardware"),
        string("netmask", "Netmask", 40),
        boolean("dhcp_enabled", "DHCP Enabled"),
    ]),
    Table::extending("cmdb_ci_ip_address", "IP Address", "cmdb_ci").columns(&[
        reference("nic", "Network Adapter", "cmdb_ci_network_adapter"),
        string("netmask", "Netmask", 40),
    ]),
    Table::extending("cmdb_ci_disk", "Disk", "cmdb_ci").columns(&[
        reference("computer", "Computer", "cmdb_ci_computer"),
        typed("size_bytes", "Size bytes", "longint", 40),
    ]),
    Table::extending("cmdb_ci_file_system", "File System", "cmdb_ci").columns(&[
        reference("computer", "Computer", "cmdb_ci_computer"),
        string("mount_point", "Mount point", 255),
        typed("size_bytes", "Size bytes", "longint", 40),
        typed("free_space_bytes", "Free space bytes", "longint", 40),
    ]),
    Table::root("cmdb_model", "Product Model")
        .extendable()
        .columns(&[
            string("display_name", "Display name", 255).display(),
            string("name", "Name", 255).indexed(),
            string("model_number", "Model number", 100),
            rare_reference("manufacturer", "Manufacturer", "core_company"),
            string("short_description", "Short description", 1000),
            string("status", "Status", 40),
            typed("cost", "Cost", "currency", 20),
        ]),
    Table::extending(
        "cmdb_hardware_product_model",
        "Hardware Model",
        "cmdb_model",
    ),
    Table::extending(
        "cmdb_software_product_model",
        "Software Model",
        "cmdb_model",
    ),
    Table::root("cmdb_key_value", "Key Value").columns(&[
        reference("configuration_item", "Configuration item", "cmdb_ci"),
        string("key", "Key", 255).indexed().display(),
        string("value", "Value", 4000),
    ]),
    Table::root("cmdb_rel_type_suggest", "Suggested Relationship").columns(&[
        table_name("parent_class_name", "Parent class"),
        table_name("child_class_name", "Child class"),
        reference("rel_type", "Relationship type", "cmdb_rel_type"),
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
