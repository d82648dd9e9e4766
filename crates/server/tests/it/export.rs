//! Lists as files: `/{table}_list.do?CSV` and its like.

use serde_json::json;

use crate::{browser::Browser, world::World};

fn made(world: &World, mark: &str) {
    let admin = world.admin();
    let abel = admin.sys_id("sys_user", "user_name=abel.tuter");
    for (text, urgency) in [("=1+1", "1"), ("says \"no\" & <so>", "3")] {
        let record = json!({"short_description": text, "correlation_id": mark, "urgency": urgency,
                            "caller_id": abel});
        admin.create("incident", &record);
    }
}

// covers: rest §11.1 CSV
#[test]
fn a_list_is_a_file_of_comma_separated_values() {
    let world = World::shared();
    made(world, "export.csv");
    let query = "sysparm_query=correlation_id=export.csv%5EORDERBYurgency";
    let fields = "sysparm_fields=short_description,urgency,caller_id,caller_id.email,nope";
    let path = format!("/incident_list.do?CSV&{query}&{fields}");
    let answer = world.as_user("itil").get(&path);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "text/csv;charset=UTF-8");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"incident.csv\""
    );
    let lines: Vec<&str> = answer.body.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "\"short_description\",\"urgency\",\"caller_id\",\"caller_id.email\"",
            "\"'=1+1\",\"1 - High\",\"Abel Tuter\",\"abel.tuter@example.com\"",
            "\"says \"\"no\"\" & <so>\",\"3 - Low\",\"Abel Tuter\",\"abel.tuter@example.com\"",
            "",
        ]
    );
    let one = world.admin().get(&format!("{path}&sysparm_record_count=1"));
    assert_eq!(one.body.lines().count(), 2, "{}", one.body);
    let all = format!("/incident.do?CSV&{query}&sysparm_default_export_fields=all");
    let all = world.admin().get(&all);
    assert!(all.body.contains("\"sys_mod_count\""), "{}", all.body);
    // Somebody without a role sees their own incidents alone, and no more of them here.
    let hidden = world.as_user("employee").get(&path);
    assert_eq!(hidden.body.lines().count(), 1, "{}", hidden.body);
}

// covers: rest §11.1 XML
#[test]
fn a_list_is_a_file_of_elements() {
    let world = World::shared();
    made(world, "export.xml");
    let query =
        "sysparm_query=correlation_id=export.xml%5EORDERBYDESCurgency&sysparm_record_count=1";
    let abel = world.admin().sys_id("sys_user", "user_name=abel.tuter");
    let get = |more: &str| {
        let answer = world
            .admin()
            .get(&format!("/incident_list.do?XML&{query}{more}"));
        assert_eq!(answer.header("content-type"), "text/xml;charset=UTF-8");
        answer.body
    };
    let stored = get("");
    for part in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><xml><incident>",
        "<short_description>says \"no\" &amp; &lt;so&gt;</short_description>",
        &format!("<caller_id>{abel}</caller_id>"),
        "<urgency>3</urgency>",
        "<close_notes/>",
        "</incident></xml>",
    ] {
        assert!(stored.contains(part), "{part}: {stored}");
    }
    assert!(get("&displayvalue=true").contains("<caller_id>Abel Tuter</caller_id>"));
    let both = get("&displayvalue=all&sysparm_fields=caller_id");
    let expected = format!(
        "<incident><caller_id>{abel}</caller_id><dv_caller_id>Abel Tuter</dv_caller_id></incident>"
    );
    assert!(both.contains(&expected), "{both}");
}

// covers: rest §11.1 EXCEL
#[test]
fn a_list_is_a_workbook() {
    let world = World::shared();
    made(world, "export.xlsx");
    let query =
        "sysparm_query=correlation_id=export.xlsx&sysparm_fields=short_description,caller_id";
    let answer = world
        .admin()
        .get(&format!("/incident_list.do?EXCEL&{query}"));
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-disposition")
            .contains("incident.xlsx")
    );
    assert!(answer.body.starts_with("PK"));
    for part in [
        "xl/worksheets/sheet1.xml",
        "<t xml:space=\"preserve\">Short description</t>",
        "<t xml:space=\"preserve\">=1+1</t>",
        "<t xml:space=\"preserve\">Abel Tuter</t>",
    ] {
        assert!(answer.body.contains(part), "{part}");
    }
}

#[test]
fn files_are_for_who_is_known_and_logged_in_people_need_no_token() {
    let world = World::shared();
    let path = "/incident_list.do?CSV&sysparm_record_count=1";
    let nobody = world.as_nobody().get(path);
    assert_eq!(nobody.status, 401);
    assert!(
        nobody.body.contains("User Not Authenticated"),
        "{}",
        nobody.body
    );
    assert!(!nobody.header("www-authenticate").is_empty());
    assert_eq!(Browser::of(world, "admin").get(path).status, 200);
    let token = world.access_token(&world.demo_client());
    assert_eq!(world.as_bearer(&token).get(path).status, 200);
    let unknown = world.admin().get("/nope_list.do?CSV");
    assert_eq!(unknown.status, 400);
    assert!(
        unknown.body.contains("Invalid table nope"),
        "{}",
        unknown.body
    );
    let listed = world
        .admin()
        .get("/incident_list.do?JSONv2&sysparm_record_count=1");
    assert_eq!(listed.json()["records"].as_array().map(Vec::len), Some(1));
}

// covers: rest §9.5 graphql, processflow
// covers: rest §9.6 em_event, scim, CI/CD
#[test]
fn what_is_not_served_is_named_with_what_there_is_in_its_place() {
    let world = World::shared();
    for (method, path, what) in [
        (
            "GET",
            "/incident.do?WSDL",
            "SOAP is not served here: use the Table API or JSONv2",
        ),
        (
            "POST",
            "/incident.do?SOAP",
            "SOAP is not served here: use the Table API or JSONv2",
        ),
        (
            "GET",
            "/incident_list.do?PDF",
            "Export as PDF is not served here: export CSV, XML or EXCEL",
        ),
        (
            "POST",
            "/api/now/graphql",
            "GraphQL is not served here: use the Table API",
        ),
        (
            "GET",
            "/api/now/processflow/flow",
            "Flow Designer’s API is not served here: flows are records of sys_hub_flow",
        ),
        (
            "POST",
            "/api/global/em/jsonv2",
            "Event Management’s API is not served here: insert rows of em_event by the Table API",
        ),
        (
            "GET",
            "/api/now/scim/Users",
            "SCIM is not served here: read and write sys_user and sys_user_group by the Table API",
        ),
        (
            "POST",
            "/api/sn_cicd/app_repo/install",
            "The CI/CD API is not served here: nothing is installed or scanned here",
        ),
    ] {
        let answer = world.admin().send(method, path);
        assert_eq!(answer.status, 400, "{path}: {}", answer.body);
        let error = &answer.json()["error"];
        assert_eq!(
            error["message"],
            "Requested URI does not represent any resource"
        );
        assert_eq!(error["detail"], what, "{path}");
        assert_eq!(answer.header("x-snowglobe-reason"), "not_served");
    }
    let other = world.admin().get("/api/now/graphqlish");
    assert_eq!(other.json()["error"]["detail"], serde_json::Value::Null);
}
