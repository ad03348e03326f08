//! What outsiders get: never more than was published, and proofs that hold.

use event_log::transparency::{
    Receipt,
    note::{Kind, SigningKey},
    proof::check_consistency,
    tile::Tile,
    witness::{AddCheckpoint, Seen, cosign, decide},
};
use event_log::transparency_log::Publish;

use crate::world::{NOW, World, entry};

#[tokio::test]
async fn nothing_is_served_beyond_the_published_checkpoint() {
    let world = World::new();
    let log = world.open();
    world.grow(300).await;
    log.step(NOW, Publish::Never).await.unwrap();
    let tile = |path: &str| Tile::from_path(path).unwrap();
    assert_eq!(log.hash_tile(&tile("tile/0/000.p/1")).unwrap(), None);
    assert_eq!(log.entry_bundle(&tile("tile/entries/000.p/1")).await.unwrap(), None);
    assert!(log.receipt(0).unwrap().is_none());
    log.step(NOW, Publish::WhenGrown).await.unwrap();
    world.grow(600).await;
    log.step(NOW, Publish::Never).await.unwrap();
    for (path, length) in [
        ("tile/0/000", Some(8_192)),
        ("tile/0/000.p/9", Some(288)),
        ("tile/0/001.p/44", Some(44 * 32)),
        ("tile/0/001.p/45", None),
        ("tile/0/001", None),
        ("tile/1/000.p/1", Some(32)),
        ("tile/1/000.p/2", None),
        ("tile/2/000.p/1", None),
        ("tile/63/000.p/1", None),
        ("tile/entries/000", None),
    ] {
        let served = log.hash_tile(&tile(path)).unwrap();
        assert_eq!(served.map(|bytes| bytes.len()), length, "{path}");
    }
    let bundle = log.entry_bundle(&tile("tile/entries/001.p/2")).await.unwrap().unwrap();
    let expected = [256, 257].map(|position| {
        let entry = entry(position).into_bytes();
        [u16::try_from(entry.len()).unwrap().to_be_bytes().to_vec(), entry].concat()
    });
    assert_eq!(bundle, expected.concat());
    assert_eq!(log.entry_bundle(&tile("tile/entries/001.p/45")).await.unwrap(), None);
    assert_eq!(log.entry_bundle(&tile("tile/0/000")).await.unwrap(), None);
    assert!(log.receipt(300).unwrap().is_none());
}

#[tokio::test]
async fn a_receipt_convinces_whoever_has_only_the_policy() {
    let world = World::new();
    world.publish(700).await;
    let log = world.open();
    let policy = world.policy();
    for position in [0, 255, 256, 511, 699] {
        let receipt = log.receipt(position).unwrap().unwrap().to_string();
        let receipt = Receipt::parse(receipt.as_bytes()).unwrap();
        let accepted = receipt.verify(entry(position).as_bytes(), &policy);
        assert_eq!(accepted.unwrap().logs.len(), 2);
        assert!(receipt.verify(entry(position + 1).as_bytes(), &policy).is_err());
    }
}

#[tokio::test]
async fn a_witness_is_asked_and_its_answer_kept() {
    let world = World::new();
    let key = SigningKey::from_seed("w.example/1", Kind::CosignatureMlDsa44, &[7; 32]).unwrap();
    let key = [key];
    let log = world.open();
    assert!(log.ask_witness(0).unwrap().is_none());
    let trusted = log.verifiers();
    let mut seen = Seen::default();
    for size in [3, 256, 700] {
        world.grow(size).await;
        log.step(NOW, Publish::WhenGrown).await.unwrap();
        let request = log.ask_witness(seen.size).unwrap().unwrap().to_string();
        let request = AddCheckpoint::parse(request.as_bytes()).unwrap();
        let before = seen;
        seen = decide(&request, Some(&trusted), seen).unwrap();
        let (old, new) = (before.root, seen.root);
        assert!(check_consistency(before.size, seen.size, &request.proof, &old, &new).is_ok());
        let answer = cosign(&key, &request.checkpoint, NOW + 1).unwrap();
        let known = [key[0].verifier().clone()];
        let taken = log.take_cosignatures(&request.checkpoint, &answer, &known).await.unwrap();
        assert_eq!(taken, 1);
        let kept = log.checkpoints().of_size(size).unwrap().unwrap();
        assert_eq!(kept.note().verified_by(&known).unwrap()[0].time, Some(NOW + 1));
        assert_eq!(log.checkpoint().as_deref(), Some(&kept));
        assert_eq!(log.checkpoints().current().unwrap(), Some(kept));
    }
    assert!(log.ask_witness(701).unwrap().is_none());
}
