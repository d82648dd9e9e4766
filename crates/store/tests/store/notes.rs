//! Tokens that are noted before they have rows: nobody who looks can tell.

use futures_util::future::join_all;
use snowglobe_oauth::{
    change::Change,
    grants::CurrentTokens,
    time::{UnixMillis, UnixSeconds},
    token::{IssuedToken, TokenKind},
};
use snowglobe_records::SysId;
use snowglobe_store::backend::Location;

use crate::{
    fixture::{NOW, Place, delete, insert, list, make_column, make_table, values},
    holder::Holder,
};

const FOREVER: UnixSeconds = UnixSeconds(1_900_000_000);

async fn ids(holder: &Holder, query: &str) -> Vec<String> {
    values(&holder.store, "oauth_credential", query, "token_id").await
}

fn id(token: &IssuedToken) -> String {
    token.claims.id.as_i64().to_string()
}

pub(crate) async fn every_token_has_its_row_when_somebody_looks(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let issue = |_| holder.issue(TokenKind::Access, None);
    let behind: Vec<IssuedToken> = (0..200).map(issue).collect();
    let committed: Vec<IssuedToken> = (0..200).map(issue).collect();
    for token in &behind {
        holder.write_behind(*token).await;
    }
    let commits = committed.iter().map(async |token| {
        let change = [Change::InsertToken(*token)];
        holder.apply(&change).await.unwrap();
    });
    join_all(commits).await;
    let all: Vec<String> = behind.iter().chain(&committed).map(id).collect();
    assert_eq!(ids(&holder, "").await, all);
    // Notes that are there when the process ends are found by the next.
    let late = holder.issue(TokenKind::Access, None);
    holder.write_behind(late).await;
    let holder = holder.reopened(&place).await;
    assert_eq!(holder.current().await.alone, Some(late));
    let later = holder.issue(TokenKind::Access, None);
    assert!(later.claims.id > late.claims.id);
    holder.write_behind(later).await;
    let expected: Vec<String> = all.into_iter().chain([&late, &later].map(id)).collect();
    assert_eq!(ids(&holder, "").await, expected);
}

pub(crate) async fn a_token_that_was_revoked_before_it_had_a_row_is_marked(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let (ended, lives) = (
        holder.issue(TokenKind::Access, None),
        holder.issue(TokenKind::Access, None),
    );
    holder.write_behind(ended).await;
    holder.write_behind(lives).await;
    let end = Change::RevokeToken {
        id: ended.claims.id,
        forget_after: FOREVER,
    };
    holder.apply(&[end]).await.unwrap();
    let fields = ["token_id", "expires", "revoked_at"];
    assert_eq!(
        list(&holder.store, "oauth_credential", "", &fields).await,
        [
            [&*id(&ended), "2027-01-15 08:00:00", "2027-01-15 08:00:00"],
            [&id(&lives), "2027-01-15 08:30:00", ""]
        ]
    );
}

pub(crate) async fn a_row_says_whose_the_token_was_when_they_are_gone(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let token = holder.issue(TokenKind::Access, None);
    holder.write_behind(token).await;
    let key = |text: &str| SysId::parse(text).unwrap();
    for (table, whose) in [
        ("sys_user", &holder.user.sys_id),
        ("oauth_entity", &holder.client.sys_id),
    ] {
        delete(&holder.store, table, key(whose)).await;
    }
    let fields = ["name", "user", "peer", "sys_created_by"];
    assert_eq!(
        list(&holder.store, "oauth_credential", "", &fields).await,
        [["Robot", &holder.user.sys_id, &holder.client.sys_id, "robot"]]
    );
}

pub(crate) async fn tokens_are_found_from_other_tables(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let store = &holder.store;
    make_table(store, "u_use", None).await;
    let reference = [("reference", "oauth_credential")];
    make_column(store, "u_use", "u_token", "reference", &reference).await;
    let first = holder.issue(TokenKind::Access, None);
    holder.write_behind(first).await;
    let keys = values(store, "oauth_credential", "", "sys_id").await;
    insert(store, "u_use", &[("u_token", &keys[0])]).await;
    let query = "RLQUERYoauth_credential.user,=2^ENDRLQUERY^user_name=robot";
    assert!(
        values(store, "sys_user", query, "user_name")
            .await
            .is_empty()
    );
    holder
        .write_behind(holder.issue(TokenKind::Access, None))
        .await;
    assert_eq!(
        values(store, "sys_user", query, "user_name").await,
        ["robot"]
    );
    holder
        .write_behind(holder.issue(TokenKind::Access, None))
        .await;
    assert!(
        values(store, "sys_user", query, "user_name")
            .await
            .is_empty()
    );
    let named = values(store, "u_use", "u_token.name=Robot", "u_token.type").await;
    assert_eq!(named, ["access_token"]);
}

pub(crate) async fn the_current_token_is_found_where_it_is_only_noted(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let refresh = holder.issue(TokenKind::Refresh, None);
    let access = holder.issue(TokenKind::Access, Some(refresh.claims.id));
    for token in [refresh, access] {
        holder.write_behind(token).await;
    }
    holder.store.close().await.unwrap();
    let expected = CurrentTokens {
        alone: None,
        access: Some(access),
        refresh: Some(refresh),
    };
    assert_eq!(holder.current().await, expected);
}

pub(crate) async fn the_notes_of_the_dead_are_swept_unread(place: Place) {
    let holder = Holder::make(place.open().await).await;
    let dead = holder.issue_until(UnixSeconds(1_799_999_000));
    holder.write_behind(dead).await;
    holder.store.close().await.unwrap();
    let edge = holder.issue_until(UnixSeconds(1_799_999_500));
    holder.write_behind(edge).await;
    holder.store.close().await.unwrap();
    let kept_since = UnixMillis(1_799_999_500_000);
    assert!(!holder.store.sweep(kept_since, NOW).await.unwrap());
    assert_eq!(ids(&holder, "").await, [id(&edge)]);
}

pub(crate) async fn rows_are_made_at_leisure(place: Place) {
    let holder = Holder::make(place.open().await).await;
    holder
        .write_behind(holder.issue(TokenKind::Access, None))
        .await;
    let Location::File(path) = &place.location else {
        panic!("{:?} is not a file", place.location);
    };
    let database = rusqlite::Connection::open(path).unwrap();
    let count = |table: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        database.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    holder.store.close().await.unwrap();
    assert_eq!((count("sg_token_note"), count("oauth_credential")), (1, 0));
    holder.store.enter_tokens_at_leisure().await.unwrap();
    assert_eq!((count("sg_token_note"), count("oauth_credential")), (0, 1));
}
