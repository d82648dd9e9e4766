//! People, and the customers among them (`rest-and-records.md` §15.1, §15.3).

use crate::base::spec::{
    Choice, Column, Table,
    column::{
        DOMAIN, DOMAIN_PATH, NEXT_NUMBER, TAGS, boolean, date_time, email, integer, list, phone,
        rare_reference, reference, string, typed,
    },
};

const NOTIFICATION: &[Choice] = &[("1", "Disable"), ("2", "Enable")];
const CALENDAR: &[Choice] = &[("1", "Outlook"), ("2", "None")];
const IDENTITY_TYPE: &[Choice] = &[
    ("human", "Human"),
    ("machine", "Machine"),
    ("ai_agent", "AI agent"),
];
const DATE_FORMAT: &[Choice] = &[
    ("yyyy-MM-dd", "yyyy-MM-dd"),
    ("MM-dd-yyyy", "MM-dd-yyyy"),
    ("dd-MM-yyyy", "dd-MM-yyyy"),
    ("dd/MM/yyyy", "dd/MM/yyyy"),
    ("MM/dd/yyyy", "MM/dd/yyyy"),
    ("dd.MM.yyyy", "dd.MM.yyyy"),
];
const TIME_FORMAT: &[Choice] = &[
    ("HH:mm:ss", "HH:mm:ss"),
    ("hh:mm:ss a", "hh:mm:ss am/pm"),
    ("HH:mm", "HH:mm"),
];

/// A person who buys for themselves (§9.4); they need no log-in.
const CONSUMER: &[Column] = &[
    string("number", "Number", 40)
        .default(NEXT_NUMBER)
        .indexed(),
    string("name", "Name", 151).indexed().display(),
    string("first_name", "First name", 50),
    string("middle_name", "Middle name", 50),
    string("last_name", "Last name", 50),
    string("prefix", "Prefix", 40),
    string("suffix", "Suffix", 40),
    string("title", "Title", 60),
    email("email", "Email").indexed(),
    phone("business_phone", "Business phone"),
    phone("home_phone", "Home phone"),
    phone("mobile_phone", "Mobile phone"),
    phone("fax", "Fax"),
    string("street", "Street", 255),
    string("city", "City", 40),
    string("state", "State / Province", 40),
    string("zip", "Zip / Postal code", 40),
    string("country", "Country", 40),
    string("gender", "Gender", 40),
    string("household", "Household", 32),
    string("notes", "Notes", 4000),
    integer("notification", "Notification").default("2"),
    string("photo", "Photo", 40),
    string("preferred_language", "Language", 3),
    string("date_format", "Date format", 40),
    string("time_format", "Time format", 40),
    string("time_zone", "Time zone", 40),
    boolean("active", "Active").default("true"),
    boolean("primary", "Primary"),
    rare_reference("user", "User", "sys_user"),
    DOMAIN,
    TAGS,
];

pub(crate) const TABLES: &[Table] = &[
    Table::root("sys_user", "User")
        .extendable()
        .audited()
        .columns(&[
            string("user_name", "User ID", 40).unique().indexed(),
            string("name", "Name", 151).indexed().display(),
            string("first_name", "First name", 50),
            string("middle_name", "Middle name", 50),
            string("last_name", "Last name", 50).indexed(),
            email("email", "Email").indexed(),
            typed("user_password", "Password", "password", 255),
            boolean("active", "Active").default("true").indexed(),
            boolean("locked_out", "Locked out"),
            boolean("password_needs_reset", "Password needs reset"),
            boolean("web_service_access_only", "Web service access only"),
            boolean("internal_integration_user", "Internal Integration User"),
            boolean(
                "enable_multifactor_authn",
                "Enable Multifactor Authentication",
            ),
            string("identity_type", "Identity type", 40).optional_choices(IDENTITY_TYPE),
            integer("failed_attempts", "Failed login attempts"),
            typed("last_login", "Last login", "glide_date", 40),
            date_time("last_login_time", "Last login time"),
            string("last_login_device", "Last login device", 40),
            typed("roles", "Roles", "user_roles", 255),
            string("title", "Title", 60),
            reference("manager", "Manager", "sys_user"),
            reference("department", "Department", "cmn_department"),
            reference("company", "Company", "core_company"),
            reference("location", "Location", "cmn_location"),
            rare_reference("cost_center", "Cost center", "cmn_cost_center"),
            rare_reference("building", "Building", "cmn_location"),
            string("employee_number", "Employee number", 40).indexed(),
            phone("phone", "Business phone"),
            phone("mobile_phone", "Mobile phone"),
            phone("home_phone", "Home phone"),
            string("street", "Street", 255),
            string("city", "City", 40),
            string("state", "State / Province", 40),
            string("zip", "Zip / Postal code", 40),
            string("country", "Country code", 3),
            string("preferred_language", "Language", 3),
            string("time_zone", "Time zone", 40),
            string("date_format", "Date format", 40).optional_choices(DATE_FORMAT),
            string("time_format", "Time format", 40).optional_choices(TIME_FORMAT),
            integer("notification", "Notification")
                .default("2")
                .choices(NOTIFICATION),
            integer("calendar_integration", "Calendar integration")
                .default("1")
                .choices(CALENDAR),
            boolean("vip", "VIP"),
            boolean("geolocation_tracked", "Geolocation tracked"),
            string("gender", "Gender", 40),
            string("introduction", "Prefix", 40),
            string("edu_status", "EDU Status", 40),
            string("source", "Source", 255),
            typed("photo", "Photo", "user_image", 40),
            // Ids of rows whose tables this instance does not have.
            string("default_perspective", "Default perspective", 32),
            string("ldap_server", "LDAP server", 32),
            string("schedule", "Schedule", 32),
            string("time_sheet_policy", "Time Sheet Policy", 32),
            DOMAIN,
            DOMAIN_PATH,
            TAGS,
        ]),
    Table::extending("customer_contact", "Contact", "sys_user").columns(&[
        reference("account", "Account", "customer_account"),
        list(
            "secondary_accounts",
            "Secondary accounts",
            "customer_account",
        ),
    ]),
    Table::root("csm_consumer", "Consumer")
        .numbered("CSMR", 10_000)
        .columns(CONSUMER),
    Table::extending("csm_consumer_user", "Consumer User", "sys_user"),
];
