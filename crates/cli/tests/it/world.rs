//! Where a test happens: the binary, a place to keep things, and what every client does first.

use snowglobe_testkit::{Answer, Http, Instance, Launch, postgres};
use tempfile::TempDir;

/// The ServiceNow dialect's token endpoint.
pub(crate) const SERVICENOW: &str = "/oauth_token.do";
/// The strict dialect's token endpoint.
pub(crate) const STRICT: &str = "/oauth2/token";
/// A client that may use every grant and whose OAuth Application User is `admin`.
pub(crate) const DEMO_CLIENT: &str = "Demo client";

/// The binary under test, keeping nothing.
pub(crate) fn launch() -> Launch {
    Launch::new(env!("CARGO_BIN_EXE_snowglobe"))
}

/// The two databases.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

/// A place that outlives the process.
pub(crate) struct Place {
    folder: TempDir,
    database: Option<postgres::Database>,
}

impl Place {
    pub(crate) fn new(store: Store) -> Self {
        let database = match store {
            Store::Sqlite => None,
            Store::Postgres => Some(postgres::database()),
        };
        Self {
            folder: TempDir::new().unwrap(),
            database,
        }
    }

    /// Where its folder is.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Changes the database behind the instance's back.
    pub(crate) fn run(&self, script: &str) {
        let database = self
            .database
            .as_ref()
            .expect("a SQLite file is its process's alone");
        database.run(script);
    }

    /// Everything in the database as text, if it is one of a server; a file is in the folder.
    pub(crate) fn dump(&self) -> Option<String> {
        self.database.as_ref().map(postgres::Database::dump)
    }

    /// The binary, keeping everything here.
    pub(crate) fn launch(&self) -> Launch {
        let launch = launch().data(self.folder.path());
        match &self.database {
            None => launch,
            Some(database) => launch.database(&database.url),
        }
    }
}

/// The credentials of a client, kept beyond the instance that told them.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Credentials {
    pub(crate) fn of_demo_client(instance: &Instance) -> Self {
        let client = instance.client(DEMO_CLIENT);
        Self {
            id: client.client_id.clone(),
            secret: client.secret().to_owned(),
        }
    }

    /// A token request that proves the client in its body.
    pub(crate) fn form<'a>(&'a self, grant: &'a [(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let client = [
            ("client_id", self.id.as_str()),
            ("client_secret", self.secret.as_str()),
        ];
        grant.iter().copied().chain(client).collect()
    }

    pub(crate) fn request(&self, http: &Http, path: &str, grant: &[(&str, &str)]) -> Answer {
        http.form(path, &self.form(grant))
    }

    /// An access token by client credentials.
    pub(crate) fn access_token(&self, http: &Http) -> String {
        let answer = self.request(http, SERVICENOW, &[("grant_type", "client_credentials")]);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.text("access_token")
    }

    /// A refresh token by the password grant.
    pub(crate) fn refresh_token(&self, instance: &Instance) -> String {
        let admin = instance.user("admin");
        let grant = [
            ("grant_type", "password"),
            ("username", admin.name.as_str()),
            ("password", admin.password.as_str()),
        ];
        let answer = self.request(instance.http(), SERVICENOW, &grant);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.text("refresh_token")
    }
}

/// The status of the cheapest call that needs a token.
pub(crate) fn call(http: &Http, token: &str) -> u16 {
    Answer::of(http.bearer(token, "GET", "/api/now/table/sys_user?sysparm_limit=1")).status
}

/// An administrator at the Table API.
pub(crate) struct Admin {
    http: Http,
    name: String,
    password: String,
}

impl Admin {
    pub(crate) fn of(instance: &Instance) -> Self {
        let admin = instance.user("admin");
        Self {
            http: instance.http().clone(),
            name: admin.name.clone(),
            password: admin.password.clone(),
        }
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&serde_json::Value>,
    ) -> Answer {
        let request = self
            .http
            .request(method, path)
            .basic_auth(&self.name, Some(&self.password));
        let request = request.header("Accept", "application/json");
        Answer::of(match body {
            Some(body) => request.json(body),
            None => request,
        })
    }

    /// Creates a record and returns it.
    pub(crate) fn create(&self, table: &str, fields: &serde_json::Value) -> serde_json::Value {
        let path = format!("/api/now/table/{table}?sysparm_input_display_value=true");
        let answer = self.send("POST", &path, Some(fields));
        assert_eq!(answer.status, 201, "{table} {fields}: {}", answer.body);
        answer.json()["result"].clone()
    }

    /// Changes a record.
    pub(crate) fn change(&self, table: &str, sys_id: &str, fields: &serde_json::Value) {
        let path = format!("/api/now/table/{table}/{sys_id}?sysparm_input_display_value=true");
        let answer = self.send("PATCH", &path, Some(fields));
        assert_eq!(answer.status, 200, "{table} {fields}: {}", answer.body);
    }

    /// The records that match a query.
    pub(crate) fn list(&self, table: &str, query: &str) -> Vec<serde_json::Value> {
        let path = format!("/api/now/table/{table}?sysparm_query={query}");
        let answer = self.send("GET", &path, None);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()["result"].as_array().cloned().unwrap()
    }

    /// The `sys_id` of the one record that matches a query.
    pub(crate) fn sys_id(&self, table: &str, query: &str) -> String {
        let found = self.list(table, query);
        assert_eq!(found.len(), 1, "{table} {query}: {found:?}");
        found[0]["sys_id"].as_str().unwrap().to_owned()
    }
}
