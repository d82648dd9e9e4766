//! Where a test happens: an instance in this process, and callers of it.

use std::{
    net::SocketAddr,
    sync::{OnceLock, mpsc},
    thread::JoinHandle,
};

use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};
use snowglobe_server::{
    Instance, admin,
    config::OAuth,
    dev::{DemoClient, DemoUser, Development, Pack, Storage},
    https::Https,
};
use snowglobe_testkit::{Answer, Http, postgres};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The ServiceNow dialect's token endpoint.
pub(crate) const SERVICENOW: &str = "/oauth_token.do";
/// The strict dialect's token endpoint.
pub(crate) const STRICT: &str = "/oauth2/token";

/// A password that no rule refuses.
pub(crate) const RIGHT: &str = "Right-1! and long";

/// An instance, stopped with this value.
pub(crate) struct World {
    pub(crate) http: Http,
    pub(crate) url: String,
    users: Vec<DemoUser>,
    clients: Vec<DemoClient>,
    stop: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
    // Dropped last, when nothing uses them any more.
    place: Option<(TempDir, postgres::Database)>,
}

struct Started {
    url: String,
    users: Vec<DemoUser>,
    clients: Vec<DemoClient>,
}

impl World {
    /// An instance with the demo data that all tests share which leave it as it was for each other.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<World> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Pack::Demo, Storage::Ephemeral))
    }

    /// An instance of one's own, for what concerns everybody: properties, rules, metrics.
    pub(crate) fn own() -> Self {
        Self::start(Pack::Compat, Storage::Ephemeral)
    }

    /// The same, on PostgreSQL.
    pub(crate) fn on_postgres() -> Self {
        let (folder, database) = (TempDir::new().unwrap(), postgres::database());
        let storage = Storage::Database {
            url: database.url.clone(),
            folder: folder.path().join("instance"),
        };
        let mut world = Self::start(Pack::Demo, storage);
        world.place = Some((folder, database));
        world
    }

    /// Does what an administrator does on the command line, beside the running instance; on PostgreSQL only.
    pub(crate) fn administer(&self, action: admin::Action) -> admin::Done {
        let (folder, database) = self.place.as_ref().expect("an instance on PostgreSQL");
        let storage = Storage::Database {
            url: database.url.clone(),
            folder: folder.path().join("instance"),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        let done = runtime.block_on(admin::run_in_development(&storage, action));
        done.unwrap()
    }

    fn start(pack: Pack, storage: Storage) -> Self {
        let development = Development {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            storage,
            https: Https::Off,
            pack,
            oauth: OAuth::default(),
        };
        let (stop, stopped) = oneshot::channel();
        let (tell, started) = mpsc::channel();
        let serve = move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let instance = Instance::develop(development).await.unwrap();
                tell.send(Started {
                    url: instance.url().to_owned(),
                    users: instance.users().to_vec(),
                    clients: instance.clients().to_vec(),
                })
                .unwrap();
                let stop = async { drop(stopped.await) };
                instance.run(stop).await.unwrap();
            });
        };
        let thread = std::thread::spawn(serve);
        let Started {
            url,
            users,
            clients,
        } = started.recv().expect("the instance starts");
        Self {
            http: Http::new(&url),
            url,
            users,
            clients,
            stop: Some((stop, thread)),
            place: None,
        }
    }

    /// A person the instance starts with, calling with name and password.
    pub(crate) fn as_user(&self, name: &str) -> Caller<'_> {
        let user = self.users.iter().find(|user| user.name == name);
        let user = user.unwrap_or_else(|| panic!("no user {name}"));
        self.as_basic(name, &user.password)
    }

    /// The administrator.
    pub(crate) fn admin(&self) -> Caller<'_> {
        self.as_user("admin")
    }

    /// Somebody who calls with name and password.
    pub(crate) fn as_basic(&self, name: &str, password: &str) -> Caller<'_> {
        let who = Who::Basic(name.to_owned(), password.to_owned());
        Caller { world: self, who }
    }

    /// Somebody who calls with this `Authorization` header.
    pub(crate) fn as_header(&self, authorization: &str) -> Caller<'_> {
        let who = Who::Header(authorization.to_owned());
        Caller { world: self, who }
    }

    /// Somebody who calls with this token.
    pub(crate) fn as_bearer(&self, token: &str) -> Caller<'_> {
        self.as_header(&format!("Bearer {token}"))
    }

    /// Somebody who does not say who they are.
    pub(crate) fn as_nobody(&self) -> Caller<'_> {
        let who = Who::Nobody;
        Caller { world: self, who }
    }

    /// The password of a person the instance starts with.
    pub(crate) fn password(&self, name: &str) -> &str {
        let user = self.users.iter().find(|user| user.name == name);
        &user.unwrap_or_else(|| panic!("no user {name}")).password
    }

    /// A client the instance starts with that may use every grant; client credentials act as `admin`.
    pub(crate) fn demo_client(&self) -> Client {
        self.client("Demo client")
    }

    /// A client the instance starts with.
    pub(crate) fn client(&self, name: &str) -> Client {
        let client = self.clients.iter().find(|client| client.name == name);
        let client = client.unwrap_or_else(|| panic!("no client {name}"));
        Client {
            id: client.client_id.clone(),
            secret: client.client_secret.clone().unwrap(),
            sys_id: self.admin().sys_id("oauth_entity", &format!("name={name}")),
        }
    }

    /// Registers a client whose name, id and secret are this; client credentials act as `admin`.
    ///
    /// A secret that somebody chose is hashed slowly, in a queue that sends away whoever is too many.
    pub(crate) fn register(&self, name: &str, secret: &str, more: Value) -> Client {
        let mut fields = json!({"client_secret": secret});
        merge(&mut fields, more);
        Client {
            secret: secret.to_owned(),
            ..self.register_generated(name, fields)
        }
    }

    /// The same with a secret that the instance makes: it is checked at once, however many come with it.
    pub(crate) fn register_generated(&self, name: &str, more: Value) -> Client {
        let admin = self.admin().sys_id("sys_user", "user_name=admin");
        let mut fields = json!({"name": name, "client_id": name, "user": admin});
        merge(&mut fields, more);
        let record = self.admin().create("oauth_entity", &fields);
        Client {
            id: name.to_owned(),
            secret: text(&record, "client_secret"),
            sys_id: text(&record, "sys_id"),
        }
    }

    /// Makes a person.
    pub(crate) fn person(&self, user_name: &str, password: &str, more: Value) -> String {
        let mut fields = json!({"user_name": user_name, "user_password": password});
        merge(&mut fields, more);
        text(&self.admin().create("sys_user", &fields), "sys_id")
    }

    /// When a person logged in last; `""` for never. It is written behind the answer, but before what is written now.
    pub(crate) fn last_login(&self, sys_id: &str) -> String {
        self.admin().create("incident", &json!({}));
        let path = format!("/api/now/table/sys_user/{sys_id}?sysparm_fields=last_login_time");
        text(&self.admin().get(&path).json()["result"], "last_login_time")
    }

    /// A token request with the client's id and secret in the body.
    pub(crate) fn grant(&self, path: &str, client: &Client, fields: &[(&str, &str)]) -> Answer {
        let credentials = [
            ("client_id", client.id.as_str()),
            ("client_secret", client.secret.as_str()),
        ];
        self.http.form(path, &[fields, &credentials].concat())
    }

    /// The tokens of a password grant at ServiceNow's endpoint.
    pub(crate) fn tokens(&self, client: &Client, user: &str, password: &str) -> Tokens {
        let fields = [
            ("grant_type", "password"),
            ("username", user),
            ("password", password),
        ];
        Tokens::of(&self.grant(SERVICENOW, client, &fields))
    }

    /// An access token of client credentials.
    pub(crate) fn access_token(&self, client: &Client) -> String {
        let answer = self.grant(SERVICENOW, client, &[CLIENT_CREDENTIALS]);
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.text("access_token")
    }

    /// Sets a system property that exists.
    pub(crate) fn set_property(&self, name: &str, value: &str) {
        let sys_id = self
            .admin()
            .sys_id("sys_properties", &format!("name={name}"));
        self.admin()
            .change("sys_properties", &sys_id, &json!({"value": value}));
    }
}

/// 2027-01-15 08:00:00 UTC, where the clocks of frozen worlds stand; in seconds.
pub(crate) const NOW: i64 = 1_800_000_000;

impl World {
    /// An instance whose clock stands still at [`NOW`], for tests which leave it there.
    pub(crate) fn frozen() -> &'static Self {
        static FROZEN: OnceLock<World> = OnceLock::new();
        FROZEN.get_or_init(Self::own_frozen)
    }

    /// The same, of one's own.
    pub(crate) fn own_frozen() -> Self {
        Self::own().freeze()
    }

    /// Stops the clock at [`NOW`].
    pub(crate) fn freeze(self) -> Self {
        for wanted in [
            json!({"set": "2027-01-15 08:00:00"}),
            json!({"freeze": true}),
        ] {
            let answer = self.admin().send_json("POST", "/_sg/clock", &wanted);
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        self
    }

    /// Moves the clock of an instance of one's own.
    pub(crate) fn advance(&self, by: &str) {
        let wanted = json!({"advance": by});
        let answer = self.admin().send_json("POST", "/_sg/clock", &wanted);
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// The simplest grant.
pub(crate) const CLIENT_CREDENTIALS: (&str, &str) = ("grant_type", "client_credentials");

impl Drop for World {
    fn drop(&mut self) {
        // Idle connections would keep the instance from stopping.
        self.http = Http::new(&self.url);
        if let Some((stop, thread)) = self.stop.take() {
            let _told = stop.send(());
            let _ended = thread.join();
        }
    }
}

/// The credentials of a client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) sys_id: String,
}

/// What a grant gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Tokens {
    pub(crate) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.body);
        Self {
            access: answer.text("access_token"),
            refresh: answer.text("refresh_token"),
        }
    }
}

/// Somebody who sends requests to the Table API.
pub(crate) struct Caller<'w> {
    world: &'w World,
    who: Who,
}

enum Who {
    Nobody,
    Basic(String, String),
    Header(String),
}

impl Caller<'_> {
    /// Starts a request.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let request = self.world.http.request(method, path);
        match &self.who {
            Who::Nobody => request,
            Who::Basic(name, password) => request.basic_auth(name, Some(password)),
            Who::Header(authorization) => request.header("Authorization", authorization),
        }
    }

    pub(crate) fn send(&self, method: &str, path: &str) -> Answer {
        Answer::of(self.request(method, path))
    }

    pub(crate) fn send_json(&self, method: &str, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(method, path).json(body))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path)
    }

    /// Creates a record, secrets included, and returns it.
    pub(crate) fn create(&self, table: &str, fields: &Value) -> Value {
        let path = format!("/api/now/table/{table}?sysparm_input_display_value=true");
        let answer = self.send_json("POST", &path, fields);
        assert_eq!(answer.status, 201, "{table} {fields}: {}", answer.body);
        answer.json()["result"].clone()
    }

    /// Changes a record, secrets included, and returns it.
    pub(crate) fn change(&self, table: &str, sys_id: &str, fields: &Value) -> Value {
        let path = format!("/api/now/table/{table}/{sys_id}?sysparm_input_display_value=true");
        let answer = self.send_json("PATCH", &path, fields);
        assert_eq!(answer.status, 200, "{table} {fields}: {}", answer.body);
        answer.json()["result"].clone()
    }

    /// The records of a list; `parameters` is the query part of the URL.
    pub(crate) fn list(&self, table: &str, parameters: &str) -> Vec<Value> {
        let answer = self.get(&format!("/api/now/table/{table}?{parameters}"));
        assert_eq!(answer.status, 200, "{table} {parameters}: {}", answer.body);
        answer.json()["result"].as_array().cloned().unwrap()
    }

    /// The `sys_id` of the one record that an encoded query finds.
    pub(crate) fn sys_id(&self, table: &str, query: &str) -> String {
        let found = self.list(
            table,
            &format!("sysparm_query={query}&sysparm_fields=sys_id"),
        );
        assert_eq!(found.len(), 1, "{table} {query}: {found:?}");
        text(&found[0], "sys_id")
    }
}

/// The text at a key.
pub(crate) fn text(record: &Value, key: &str) -> String {
    let value = record[key].as_str();
    value
        .unwrap_or_else(|| panic!("no text at {key} in {record}"))
        .to_owned()
}

fn merge(fields: &mut Value, more: Value) {
    if let (Value::Object(fields), Value::Object(more)) = (fields, more) {
        fields.extend(more);
    }
}
