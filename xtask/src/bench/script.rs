//! What wrk sends, as the Lua scripts that it takes.

/// A request that a load consists of.
pub(crate) enum Requests {
    /// The same form each time.
    Form(Vec<(String, String)>),
    /// The same JSON body each time, with a bearer token.
    Json { token: String, body: String },
    /// Gets of these paths in turn, with a bearer token.
    Get { token: String, paths: Vec<String> },
    /// Codes and their exchanges by turns, with the cookies of somebody who is logged in.
    Codes {
        cookie: String,
        ask: String,
        form: Vec<(String, String)>,
    },
    /// Refreshes that rotate: each uses the refresh token of an earlier answer, each token once.
    Rotate {
        form: Vec<(String, String)>,
        tokens: Vec<String>,
    },
}

impl Requests {
    /// The script; nothing in it needs escapes beyond Lua's long brackets.
    pub(crate) fn script(&self) -> String {
        match self {
            Self::Form(form) => format!("{POST_FORM}wrk.body = [==[{}]==]\n", encode(form)),
            Self::Json { token, body } => format!(
                "wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\n{}wrk.body = [==[{body}]==]\n",
                bearer(token)
            ),
            Self::Get { token, paths } => {
                let paths: Vec<String> =
                    paths.iter().map(|path| format!("[==[{path}]==]")).collect();
                format!(
                    "{}local paths = {{{}}}\n{IN_TURN}",
                    bearer(token),
                    paths.join(",")
                )
            }
            Self::Codes { cookie, ask, form } => {
                let form = encode(form);
                format!(
                    "local cookie, ask, form = [==[{cookie}]==], [==[{ask}]==], [==[{form}]==]\n{CODES}"
                )
            }
            Self::Rotate { form, tokens } => {
                let tokens: Vec<String> = tokens.iter().map(|token| format!("'{token}'")).collect();
                let form = encode(form);
                format!(
                    "{POST_FORM}local form = [==[{form}]==]\nlocal tokens = {{{}}}\n{ROTATE}",
                    tokens.join(",")
                )
            }
        }
    }
}

const POST_FORM: &str = "wrk.method = 'POST'\n\
    wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'\n";

const IN_TURN: &str = "local at = 0
function request()
  at = at % #paths + 1
  return wrk.format(nil, paths[at])
end
";

/// One thread of wrk: the codes that nobody has exchanged are in `codes`.
const CODES: &str = "local codes = {}
local asking = {['Cookie'] = cookie}
local exchanging = {['Content-Type'] = 'application/x-www-form-urlencoded'}
function request()
  local code = table.remove(codes, 1)
  if not code then return wrk.format('GET', ask, asking) end
  return wrk.format('POST', '/oauth2/token', exchanging, form .. '&code=' .. code)
end
function response(status, headers, body)
  local code = (headers['location'] or ''):match('code=([^&]+)')
  if code then codes[#codes + 1] = code end
end
";

/// One thread of wrk: the tokens that no request has in flight are in `tokens`.
const ROTATE: &str = "function request()
  return wrk.format(nil, nil, nil, form .. '&refresh_token=' .. (table.remove(tokens, 1) or 'none'))
end
function response(status, headers, body)
  local token = body:match('\"refresh_token\":\"([^\"]+)\"')
  if token then tokens[#tokens + 1] = token end
end
";

fn bearer(token: &str) -> String {
    format!(
        "wrk.headers['Authorization'] = 'Bearer {token}'\nwrk.headers['Accept'] = 'application/json'\n"
    )
}

/// The bench's own names and values have nothing that a form must escape.
fn encode(form: &[(String, String)]) -> String {
    let pairs: Vec<String> = form
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}
