//! Articles that people find before they call.

use super::{
    known,
    moment::{DAY, Moment},
    people,
};
use crate::base::{Seed, derived_id};

/// Topic, short description and text.
const ARTICLES: &[[&str; 3]] = &[
    [
        "Network",
        "Connecting to the VPN from home",
        "<p>Open the VPN client, choose the site that is nearest, and confirm the sign-in on your phone.</p>",
    ],
    [
        "Network",
        "Wi-Fi for guests",
        "<p>Reception prints a code that is valid for a week. It works at every site.</p>",
    ],
    [
        "Email",
        "Sharing a calendar with your team",
        "<p>Open the calendar's settings, add the team's address, and choose what it may see.</p>",
    ],
    [
        "Accounts",
        "Your password has expired",
        "<p>Passwords last a year. The sign-in page lets you choose a new one for thirty days after that.</p>",
    ],
    [
        "Accounts",
        "A new phone and the second factor",
        "<p>Enrol the new phone before you give the old one away. If it is too late, call the service desk.</p>",
    ],
    [
        "Telephony",
        "Forwarding your desk phone",
        "<p>Dial *21, the number and #. Dial #21# to end it.</p>",
    ],
    [
        "Printing",
        "What to do about a paper jam",
        "<p>Open the flap that is lit, pull in the direction of the arrow, and close everything again.</p>",
    ],
    [
        "Integrations",
        "Calling this instance from a program",
        "<p>Register an application, ask the token endpoint for a token, and send it as a bearer token with each call.</p>",
    ],
];

const BASES: &[(&str, &str)] = &[
    ("IT", "What people find before they call the service desk"),
    ("Knowledge", "Everything else worth knowing"),
];

/// Returns the knowledge bases, a category for each topic in the first, and the articles.
pub(super) fn seeds(now: Moment) -> impl Iterator<Item = Seed> {
    let bases = BASES.iter().map(|(title, description)| {
        Seed::new("kb_knowledge_base", known::id("kb_knowledge_base", title))
            .with("title", *title)
            .with("description", *description)
            .with_reference("owner", people::id("hannah.brandt"))
    });
    bases.chain(categories()).chain(articles(now))
}

fn categories() -> impl Iterator<Item = Seed> {
    let mut topics: Vec<&str> = ARTICLES.iter().map(|[topic, ..]| *topic).collect();
    topics.dedup();
    topics.into_iter().map(|topic| {
        Seed::new("kb_category", known::id("kb_category", topic))
            .with("label", topic)
            .with("value", topic.to_ascii_lowercase())
            .with("full_category", topic)
            .with("parent_table", "kb_knowledge_base")
            .with(
                "parent_id",
                known::id("kb_knowledge_base", "IT").to_string(),
            )
    })
}

fn articles(now: Moment) -> impl Iterator<Item = Seed> {
    (1_usize..)
        .zip(ARTICLES)
        .map(move |(n, [topic, short_description, text])| {
            let number = format!("KB{n:07}");
            let published = now.earlier(100 * DAY);
            let article = derived_id("kb_knowledge", &number);
            Seed::new("kb_knowledge", article)
                .with("display_number", format!("{number} v1.0"))
                .with("article_id", article.to_string())
                .with("number", number)
                .with("topic", *topic)
                .with_reference("kb_knowledge_base", known::id("kb_knowledge_base", "IT"))
                .with_reference("kb_category", known::id("kb_category", topic))
                .with("short_description", *short_description)
                .with("text", *text)
                .with("workflow_state", "published")
                .with("published", published.date())
                .with_reference("author", people::id("hannah.brandt"))
                .with("sys_created_on", published.date_time())
                .with("sys_created_by", "hannah.brandt")
        })
}
