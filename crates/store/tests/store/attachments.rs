//! The content of attachments (`rest-and-records.md` §6).

use snowglobe_records::SysId;
use snowglobe_store::{Store, records::PIECE_BYTES};

use crate::fixture::{NOW, Place, delete, insert, stamp};

async fn attach(store: &Store, record: SysId, pieces: &[Vec<u8>]) -> SysId {
    let attachment = store.ids().record(NOW);
    for (at, piece) in (0..).zip(pieces) {
        let kept = store.keep_piece(attachment, at, piece, &stamp()).await;
        kept.unwrap();
    }
    let fields = [
        ("sys_id", attachment.as_str()),
        ("table_name", "incident"),
        ("table_sys_id", record.as_str()),
    ];
    insert(store, "sys_attachment", &fields).await
}

pub(crate) async fn pieces_come_back_and_go_with_their_record(place: Place) {
    let store = place.open().await;
    let record = insert(&store, "incident", &[]).await;
    let pieces = [vec![0xff; PIECE_BYTES], b"end".to_vec()];
    let one = attach(&store, record, &pieces).await;
    let other = attach(&store, record, &pieces[1..]).await;
    let piece = async |of: SysId, at| store.piece(of.as_str(), at).await.unwrap();
    assert_eq!(piece(one, 0).await.as_deref(), Some(&*pieces[0]));
    assert_eq!(piece(one, 1).await.as_deref(), Some(&*pieces[1]));
    assert_eq!(piece(one, 2).await, None);
    delete(&store, "sys_attachment", one).await;
    assert_eq!(piece(one, 0).await, None);
    assert_eq!(piece(other, 0).await.as_deref(), Some(&*pieces[1]));
    delete(&store, "incident", record).await;
    assert_eq!(piece(other, 0).await, None);
    let dropped = attach(&store, record, &pieces[1..]).await;
    store.drop_pieces(dropped).await.unwrap();
    assert_eq!(piece(dropped, 0).await, None);
}
