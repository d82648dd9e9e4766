//! What strangers put into records, URLs and forms.

use serde_json::json;

use super::press;
use crate::{
    browser::Browser,
    world::{World, text},
};

const SCRIPT: &str = "\"><script>alert(1)</script>'{{7*7}}";

/// A page shows hostile text inert: no tag and no attribute of it is left.
fn inert(body: &str, page: &str) {
    assert!(!body.contains("<script"), "{page}: a script tag");
    assert!(
        !body.contains("\"&#62;&#60;script"),
        "{page}: an attribute was left"
    );
}

#[test]
fn a_record_full_of_markup_is_shown_inert_everywhere() {
    let world = World::shared();
    let admin = world.admin();
    let person = json!({"user_name": format!("console.x{SCRIPT}").chars().take(40).collect::<String>(), "first_name": SCRIPT, "last_name": SCRIPT});
    let person = text(&admin.create("sys_user", &person), "sys_id");
    let fields = json!({
        "short_description": format!("console.markup {SCRIPT}"), "description": format!("</textarea>{SCRIPT}"),
        "caller_id": person, "comments": SCRIPT, "work_notes": SCRIPT, "correlation_id": SCRIPT,
    });
    let incident = text(&admin.create("incident", &fields), "sys_id");
    let client = json!({"name": format!("console {SCRIPT}"), "client_id": SCRIPT, "comments": SCRIPT, "redirect_url": ""});
    let client = text(&admin.create("oauth_entity", &client), "sys_id");
    let browser = Browser::of(world, "admin");
    for page in [
        "/incident_list.do?sysparm_query=short_descriptionSTARTSWITHconsole.markup".to_owned(),
        format!("/incident.do?sys_id={incident}"),
        format!("/sys_user.do?sys_id={person}"),
        "/sys_user_list.do?sysparm_query=user_nameSTARTSWITHconsole.x".to_owned(),
        format!("/oauth_entity.do?sys_id={client}"),
        "/oauth_entity_list.do?sysparm_query=nameSTARTSWITHconsole".to_owned(),
    ] {
        let answer = browser.get(&page);
        assert_eq!(answer.status, 200, "{page}");
        assert!(
            answer.body.contains("&#60;script"),
            "{page}: shows the text"
        );
        inert(&answer.body, &page);
    }
    let page = browser.get(&format!("/incident.do?sys_id={incident}"));
    for button in ["sysverb_lookup=caller_id", "sysverb_delete"] {
        inert(
            &press(&browser, &page, "incident", &[], button).body,
            button,
        );
    }
}

#[test]
fn a_url_full_of_markup_is_shown_inert() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let escaped = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for page in [
        format!("/?sysparm_nav={escaped}"),
        format!("/incident_list.do?sysparm_query={escaped}"),
        format!("/incident_list.do?sysparm_query=short_description%3D{escaped}%5EORDERBY{escaped}"),
        format!("/incident_list.do?sysparm_search={escaped}&sysparm_fields=number,{escaped}"),
        format!(
            "/incident_list.do?sysparm_field={escaped}&sysparm_operator={escaped}&sysparm_value={escaped}"
        ),
        format!("/incident.do?sys_id=-1&sysparm_query=short_description%3D{escaped}"),
        format!("/incident.do?sys_id={escaped}"),
        format!("/{escaped}_list.do"),
        format!("/{escaped}.do"),
    ] {
        let answer = browser.get(&page);
        assert!(
            matches!(answer.status, 200 | 404),
            "{page}: {}",
            answer.status
        );
        inert(&answer.body, &page);
    }
}

#[test]
fn hostile_queries_are_answered_and_break_nothing() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    for query in [
        "'%20OR%201%3D1--",
        "number%3D';DROP%20TABLE%20task;--",
        "%00",
        "%ff%fe",
        "a%3D1".repeat(1500).as_str(),
        "%5E".repeat(2600).as_str(),
        "caller_id.manager.manager.manager.manager.manager.manager.manager.manager.manager.name%3Dx",
        "javascript:gs.sleep(99)",
        "numberBETWEEN%40",
        "ORDERBYORDERBYDESC",
        "RLQUERYx%5ENQ%5EENDRLQUERY",
    ] {
        for page in [
            "incident_list.do?sysparm_query=",
            "incident_list.do?sysparm_search=",
            "incident.do?sys_id=",
        ] {
            let answer = browser.get(&format!("/{page}{query}"));
            assert!(
                matches!(answer.status, 200 | 404),
                "{page}{query}: {}",
                answer.status
            );
        }
    }
    for path in [
        "/_list.do",
        "/.do",
        "/sg_session_list.do",
        "/sqlite_master_list.do",
        "/Incident_list.do",
        "/incident_list.do.do",
        "/..%2f_list.do",
        "/%00_list.do",
        "/x".repeat(300).as_str(),
    ] {
        let answer = browser.get(path);
        assert_eq!(answer.status, 404, "{path}");
    }
}

#[test]
fn security_22_a_form_without_the_sessions_token_does_nothing() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    let other = Browser::of(world, "employee").ck();
    let page = browser.get("/incident.do?sys_id=-1");
    for ck in ["", "x", other.as_str()] {
        for button in [
            "sysverb_save",
            "sysverb_lookup=caller_id",
            "sysverb_delete_confirmed",
            "sysverb_revoke_tokens_confirmed",
        ] {
            let typed = [
                ("sysparm_ck", ck),
                ("incident.short_description", "console.forged"),
            ];
            let answer = press(&browser, &page, "incident", &typed, button);
            assert_eq!(answer.status, 403, "{ck} {button}");
        }
    }
    let found = world
        .admin()
        .list("incident", "sysparm_query=short_description=console.forged");
    assert!(found.is_empty());
}

#[test]
fn security_5_the_frame_leads_nowhere_else() {
    let world = World::shared();
    let browser = Browser::new(world);
    for (uri, to) in [
        ("incident.do%3Fsys_id%3D1", "/incident.do?sys_id=1"),
        ("%2Foauth_entity_list.do", "/oauth_entity_list.do"),
        ("https%3A%2F%2Fevil.example", "/"),
        ("%2F%2Fevil.example", "/"),
        ("%2F%5Cevil.example", "/"),
        ("javascript%3Aalert(1)", "/"),
        ("%2F%09%2Fevil.example", "/"),
        ("", "/"),
    ] {
        let answer = browser.get(&format!("/nav_to.do?uri={uri}"));
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, to),
            "{uri}"
        );
    }
    for path in ["/navpage.do", "/now/nav/ui/classic", "/nav_to.do"] {
        assert_eq!(browser.get(path).header("location"), "/", "{path}");
    }
}

#[test]
fn security_48_console_pages_are_not_framed_kept_or_scripted() {
    let world = World::shared();
    let browser = Browser::of(world, "admin");
    for page in [
        "/",
        "/incident_list.do",
        "/incident.do?sys_id=-1",
        "/oauth_entity.do?sys_id=-1",
    ] {
        let answer = browser.get(page);
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"),
            "{page}"
        );
        assert_eq!(answer.header("x-frame-options"), "DENY", "{page}");
        assert_eq!(answer.header("cache-control"), "no-store", "{page}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{page}");
    }
}
