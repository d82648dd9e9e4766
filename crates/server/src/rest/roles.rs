//! The User Role Inheritance API (`rest-and-records.md` §9.3): which roles somebody has, and by which way.

use std::collections::HashMap;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};

use super::{access::Head, look, params::pairs};
use crate::{
    app::App,
    error::{RestError, json as answer},
    records::Session,
};

/// How long a way may be; containment that is a circle ends sooner.
const LONGEST_WAY: usize = 16;
/// How many ways are told.
const MOST_WAYS: usize = 10_000;

/// `GET /api/global/user_role_inheritance?user_sysid=…`
pub(crate) async fn inherited(
    State(app): State<App>,
    request: Request,
) -> Result<Response, RestError> {
    let session = Session::open(app, Head::from(&request)).await?;
    look::needs(&session, &["user_admin"])?;
    let query = request.uri().query().unwrap_or_default();
    let asked = pairs(query).find(|(name, _)| name == "user_sysid" || name == "user_sys_id");
    let Some((_, sys_id)) = asked.filter(|(_, sys_id)| !sys_id.is_empty()) else {
        // §9.3: the documentation's sample has an empty name and nothing else.
        return Ok(told(&json!({"user_name": ""})));
    };
    let users = look::known(&session, "sys_user", &[("sys_id", &sys_id)], &["user_name"]).await?;
    let user = users.first().ok_or(RestError::NoRecord)?;
    let contains = Contains::read(&session).await?;
    Ok(told(&json!({
        "user_name": user.text("user_name"),
        "from_group": from_groups(&session, &sys_id, &contains).await?,
        "from_role": from_roles(&session, &sys_id, &contains).await?,
    })))
}

/// What each role contains, by name.
struct Contains(HashMap<String, Vec<String>>);

impl Contains {
    async fn read(session: &Session) -> Result<Self, RestError> {
        let fields = ["role.name", "contains.name"];
        let rows = look::known(session, "sys_user_role_contains", &[], &fields).await?;
        let mut contains: HashMap<String, Vec<String>> = HashMap::new();
        for row in rows {
            let of_role = contains
                .entry(row.text("role.name").to_owned())
                .or_default();
            of_role.push(row.text("contains.name").to_owned());
        }
        Ok(Self(contains))
    }

    /// Adds the way to a role and those to everything below it.
    fn walk(&self, way: &mut Vec<String>, start: &str, ways: &mut Vec<String>) {
        if ways.len() >= MOST_WAYS {
            return;
        }
        ways.push(format!("{start}/{}", way.join("/")));
        let Some(role) = way.last().filter(|_| way.len() < LONGEST_WAY) else {
            return;
        };
        for contained in self.0.get(role).into_iter().flatten() {
            if !way.contains(contained) {
                way.push(contained.clone());
                self.walk(way, start, ways);
                way.pop();
            }
        }
    }

    fn ways(&self, start: &str, role: &str, ways: &mut Vec<String>) {
        if !role.is_empty() {
            self.walk(&mut vec![role.to_owned()], start, ways);
        }
    }
}

async fn from_roles(
    session: &Session,
    user: &str,
    contains: &Contains,
) -> Result<Vec<String>, RestError> {
    let of = [("user", user)];
    let mut ways = Vec::new();
    for row in look::known(session, "sys_user_has_role", &of, &["role.name"]).await? {
        contains.ways("", row.text("role.name"), &mut ways);
    }
    ways.sort_unstable();
    Ok(ways)
}

/// A group has its own roles and its parents' (§15.2).
async fn from_groups(
    session: &Session,
    user: &str,
    contains: &Contains,
) -> Result<Vec<String>, RestError> {
    let of = [("user", user)];
    let mut ways = Vec::new();
    for member in look::known(session, "sys_user_grmember", &of, &["group", "group.name"]).await? {
        let start = format!("[{}]", member.text("group.name"));
        let mut group = member.text("group").to_owned();
        for _ in 0..LONGEST_WAY {
            let of = [("group", &*group)];
            for row in look::known(session, "sys_group_has_role", &of, &["role.name"]).await? {
                contains.ways(&start, row.text("role.name"), &mut ways);
            }
            let of = [("sys_id", &*group)];
            let above = look::known(session, "sys_user_group", &of, &["parent"]).await?;
            let parent = above.first().map_or("", |row| row.text("parent"));
            parent.clone_into(&mut group);
            if group.is_empty() {
                break;
            }
        }
    }
    ways.sort_unstable();
    ways.dedup();
    Ok(ways)
}

fn told(result: &Value) -> Response {
    answer(StatusCode::OK, json!({"result": result}).to_string())
}
