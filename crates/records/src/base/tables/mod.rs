//! The built-in tables. To add one, write it down in the file of its family, or in a new file and in the list below.

mod api_access;
mod asset;
mod automation;
mod change;
mod cmdb;
    development::TABLES,
    workflow::TABLES,
    variable::TABLES,
    planned::TABLES,
    service_level::TABLES,
    event::TABLES,
