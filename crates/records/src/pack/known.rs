//! Keys that documentation, samples and clients' tests know (`rest-and-records.md` §15).

use crate::{
    SysId,
    base::{derived_id, known_id},
};

/// Table, what names the row there, and its key.
#[rustfmt::skip]
const KNOWN: &[(&str, &str, &str)] = &[
    ("sys_user", "admin", "6816f79cc0a8016401c5a33be04be441"),
    ("sys_user", "itil", "681b365ec0a80164000fb0b05854a0cd"),
    ("sys_user", "employee", "681ccaf9c0a8016400b98a06818d57c7"),
    ("sys_user", "abel.tuter", "62826bf03710200044e0bfc8bcbe5df1"),
    ("sys_user", "beth.anglin", "46d44a23a9fe19810012d100cca80666"),
    ("sys_user", "fred.luddy", "5137153cc611227c000bbd1bd8cd2005"),
    ("sys_user", "rick.berzle", "5137153cc611227c000bbd1bd8cd2006"),
    ("sys_user", "david.loo", "5137153cc611227c000bbd1bd8cd2007"),
    ("sys_user", "charlie.whitherspoon", "46b87022a9fe198101a78787e40d7547"),
    ("sys_user", "don.goodliffe", "9ee1b13dc6112271007f9d0efdb69cd0"),
    ("sys_user", "rowan.pike", "46c6f9efa9fe198101ddf5eed9adf6e7"),
    ("sys_user", "problem.admin", "26fbff173b331300ad3cc9bb34efc4bd"),
    ("sys_user", "natasha.ingram", "46c5bf6ca9fe1981010713e3ac7d3384"),
    ("customer_contact", "george.warren", "ddce70866f9331003b3c498f5d3ee417"),
    ("sys_user_group", "Network", "287ebd7da9fe198100f92cc8d1d2154e"),
    ("sys_user_group", "Database", "287ee6fea9fe198100ada7950d0b1b73"),
    ("sys_user_group", "Software", "8a4dde73c6112278017a6a4baf547aa7"),
    ("sys_user_group", "Hardware", "8a5055c9c61122780043563ef53438e3"),
    ("sys_user_group", "Service Desk", "d625dccec0a8016700a222a0f7900d06"),
    ("sys_user_group", "Application Development", "0a52d3dcd7011200f2d224837e6103f2"),
    ("sys_user_group", "Database Atlanta", "db53580b0a0a0a6501aa37c294a2ba6b"),
    ("sys_user_group", "Database San Diego", "db53a9290a0a0a650091abebccf833c6"),
    ("std_change_record_producer", "Add network switch to datacenter cabinet", "1c8e02ec47410200e90d87e8dee49057"),
    ("std_change_producer_version", "Clear BGP sessions on a Cisco router - 1", "deb8544047810200e90d87e8dee490af"),
    ("sc_catalog", "Service Catalog", "e0d08b13c3330100c8b837659bba8fb4"),
    ("sc_catalog", "Technical Catalog", "742ce428d7211100f2d224837e61036d"),
    ("kb_knowledge_base", "IT", "a7e8a78bff0221009b20ffffffffff17"),
    ("kb_knowledge_base", "Knowledge", "dfc19531bf2021003f07e2c1ac0739ab"),
    ("sys_user_role", "admin", "2831a114c611228501d4ea6c309d626d"),
    ("core_company", "ACME Corporation", "e7c1f3d53790200044e0bfc8bcbe5deb"),
    ("core_company", "Iris", "c115c2f737e3100044e0bfc8bcbe5d46"),
    ("core_company", "Cloudward", "3efe8c4c37423000158bbfc8bcbe5d7d"),
    ("cmn_department", "Accounting", "5b3b13530f58c2003a2d47bce1050e96"),
    ("cmn_department", "Finance", "a581ab703710200044e0bfc8bcbe5de8"),
    ("cmn_location", "San Diego", "108752c8c611227501d4ab0e392ba97f"),
    ("cmn_location", "Florida", "8e3e85f037d0200044e0bfc8bcbe5d14"),
    ("customer_account", "Boxeo", "86837a386f0331003b3c498f5d3ee4ca"),
    ("customer_account", "Boxeo EMEA", "3eedd08413651200042ab3173244b088"),
    ("customer_account", "Boxeo Canada", "609cd80413651200042ab3173244b03e"),
    ("customer_account", "Avid Corporation", "bf60bef46f0331003b3c498f5d3ee41a"),
    ("cmdb_rel_type", "Depends on::Used by", "1a9cb166f1571100a92eb60da2bce5c5"),
    ("cmdb_rel_type", "Exchanges data with::Exchanges data with", "607ad1b2c0a8010e01941856b365af90"),
    ("cmdb_ci", "PS LinuxApp01", "3a290cc60a0a0bb400000bdb386af1cf"),
    ("cmdb_ci", "PS LinuxApp02", "3a5dd3dbc0a8ce0100655f1ec66ed42c"),
    ("cmdb_ci", "PS ORA01", "3a307c930a0a0bb400353965d0b8861f"),
];

/// Returns the key of a row of a pack: the one the world knows, or else one derived from what names it.
pub(super) fn id(table: &str, key: &str) -> SysId {
    let found = KNOWN
        .iter()
        .find(|(of, name, _)| *of == table && *name == key);
    found.map_or_else(|| derived_id(table, key), |(_, _, sys_id)| known_id(sys_id))
}
