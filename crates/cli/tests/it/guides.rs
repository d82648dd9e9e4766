//! The guides that are shell commands do what they say: each `sh` block runs, and prints the `text` block below it,
//! where `…` stands for anything.

use std::{fs, path::Path, process::Command};

use crate::world::{DEMO_CLIENT, Place, Store};

/// Printed between what two blocks print.
const SCISSORS: &str = "--8<--";

/// A command block, and what must come out of it; nothing where the guide does not say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Step {
    commands: String,
    output: Option<String>,
}

/// Returns the steps of a guide in their order.
fn steps(guide: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in guide.split("\n```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').unwrap();
        match (language, steps.last_mut()) {
            ("sh", _) => steps.push(Step {
                commands: text.to_owned(),
                output: None,
            }),
            ("text", Some(step)) => step.output = Some(text.to_owned()),
            _ => {}
        }
    }
    steps
}

/// Whether a text is what a pattern with `…` in it says.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut open_end = false;
    for part in parts {
        open_end = part.is_empty();
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    open_end || rest.is_empty()
}

fn run(name: &str, user: &str) {
    let guides = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides");
    let steps = steps(&fs::read_to_string(guides.join(name)).unwrap());
    assert!(!steps.is_empty(), "{name} has no commands");

    // Where a person stands: beside the folder that `up` made.
    let place = Place::new(Store::Sqlite);
    let instance = place
        .launch()
        .data(&place.folder().join(".snowglobe"))
        .start();
    let client = instance.client(DEMO_CLIENT);
    let binaries = Path::new(env!("CARGO_BIN_EXE_snowglobe")).parent().unwrap();
    let blocks = steps.iter().map(|step| step.commands.as_str());
    let blocks: Vec<&str> = blocks.collect();
    let cut = format!("\necho '{SCISSORS}'\n");
    let script = format!("PATH=\"$BINARIES:$PATH\"\n{}", blocks.join(&cut));
    let output = Command::new("sh")
        .args(["-eu", "-c", &script])
        .current_dir(place.folder())
        .env("BINARIES", binaries)
        .env("NO_PROXY", "*")
        .env("SNOW_URL", instance.url())
        .env("CLIENT_ID", &client.client_id)
        .env("CLIENT_SECRET", client.secret())
        .env("JWT_CLIENT_ID", &instance.jwt_client().client_id)
        .env("JWT_KID", &instance.jwt_client().kid)
        .env("JWT_KEY", &instance.jwt_client().shared_key)
        .env("USER_NAME", user)
        .env("PASSWORD", &instance.user(user).password)
        .output()
        .unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let printed: Vec<&str> = printed.split(SCISSORS).collect();
    assert_eq!(printed.len(), steps.len(), "{name}: {printed:?}");
    for (step, printed) in steps.iter().zip(printed) {
        let printed = printed.replace('\r', "");
        let expected = step.output.as_deref().unwrap_or_default().trim();
        assert!(
            fits(expected, printed.trim()),
            "{name}: {step:#?} printed {printed}"
        );
    }
}

#[test]
fn the_guide_to_api_tools_does_what_it_says() {
    run("api-tool.md", "itil");
}

#[test]
fn the_guide_to_servers_does_what_it_says() {
    run("server.md", "itil");
}

#[test]
fn the_guide_to_jwt_bearer_does_what_it_says() {
    run("jwt-bearer.md", "itil");
}

#[test]
fn the_guide_to_calling_others_does_what_it_says() {
    run("call-others.md", "admin");
}

#[test]
fn a_guide_is_read_as_written() {
    let guide = "# A\n\n```sh\na\nb\n```\n\n```text\n1…\n```\n\n```php\nx\n```\n\n```sh\nc\n```\n";
    let step = |commands: &str, output: Option<&str>| Step {
        commands: commands.to_owned(),
        output: output.map(str::to_owned),
    };
    assert_eq!(steps(guide), [step("a\nb", Some("1…")), step("c", None)]);
    for (pattern, text, holds) in [
        ("a…c", "abc", true),
        ("a…", "abc", true),
        ("a…c", "abcd", false),
        ("abc", "abcd", false),
        ("…c…", "abcd", true),
    ] {
        assert_eq!(fits(pattern, text), holds, "{pattern} {text}");
    }
}
