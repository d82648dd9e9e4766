//! What is true of every page: how it is guarded, and what it loads.

use crate::{browser::Browser, world::World};

#[test]
fn sr_07_08_48_a_page_is_not_kept_framed_or_told_about() {
    let world = World::shared();
    let browser = Browser::of(world, "employee");
    for path in [
        "/",
        "/login.do",
        "/logout.do",
        "/my_second_factor.do",
        "/change_password.do",
        "/my_connected_apps.do",
        "/oauth2/device",
    ] {
        let page = browser.get(path);
        assert_eq!(page.status, 200, "{path}");
        for (header, value) in [
            ("content-type", "text/html;charset=UTF-8"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(page.header(header), value, "{path}");
        }
        let policy = page.header("content-security-policy");
        let common = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
        let may_lead_on = ["/login.do", "/change_password.do"].contains(&path);
        let own = if may_lead_on {
            common.to_owned()
        } else {
            format!("{common}; form-action 'self'")
        };
        assert_eq!(policy, own, "{path}");
        for foreign in ["<script", "<style", "style=\"", "//", "onclick"] {
            assert!(
                !page.body.replace(&world.url, "").contains(foreign),
                "{path} has {foreign}: {}",
                page.body
            );
        }
    }
}

#[test]
fn what_pages_load_may_be_kept_for_ever() {
    let world = World::shared();
    let page = world.http.get("/login.do");
    let (_, rest) = page
        .body
        .split_once("<link rel=\"stylesheet\" href=\"")
        .unwrap();
    let (path, _) = rest.split_once('"').unwrap();
    let asset = world.http.get(path);
    assert_eq!(
        (asset.status, asset.header("content-type")),
        (200, "text/css;charset=UTF-8")
    );
    assert_eq!(
        asset.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    for other in [
        "/_sg/assets/snowglobe.css",
        "/_sg/assets/..%2f..%2fCargo.toml",
        "/_sg/assets/%2e%2e",
    ] {
        assert_eq!(world.http.get(other).status, 404, "{other}");
    }
}
