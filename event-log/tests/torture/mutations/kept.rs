//! Checkpoints, what was last signed, and whole files replaced by older copies.

use std::{collections::BTreeMap, fs};

use event_log::{
    audit::Place,
    checkpoints::{Checkpoints, Packing},
};

use super::{Dice, Whole, copy_file, must_begin, must_name, times};

#[tokio::test]
async fn checkpoints_and_what_was_last_signed() {
    let whole = Whole::with(0).await;
    // The oldest in a pack.
    let packing = Packing { loose: 2, together: 1 };
    assert_eq!(Checkpoints::at(whole.path("checkpoints")).pack(packing).unwrap(), 1);
    assert_eq!(whole.findings().await, []);
    let (files, places) = files_and_places(&whole);
    assert!(files.len() >= 4 && files.iter().any(|name| name.starts_with("packed/")), "{files:?}");
    let mut dice = Dice(0xd1b5_4a32_d192_ed03);
    let number = 1_500 * times();
    for round in 0..number {
        let name = &files[dice.below(files.len())];
        let (path, place) = if dice.below(6) == 0 {
            ("keys/log-signing.last".to_owned(), vec![Place::LastSigned])
        } else {
            (format!("checkpoints/{name}"), places[name].clone())
        };
        let file = whole.file(&path);
        let mut bytes = file.bytes.clone();
        match dice.below(10) {
            0 => bytes.truncate(dice.below(bytes.len())),
            1 => bytes.insert(dice.below(bytes.len()), b'A'),
            2 => {
                let (at, with) = (dice.below(files.len()), dice.below(files.len()));
                let (at, with) = (&files[at], &files[with]);
                bytes = fs::read(whole.path(&format!("checkpoints/{with}"))).unwrap();
                let kept = whole.file(&format!("checkpoints/{at}"));
                if kept.bytes != bytes {
                    fs::write(&kept.path, &bytes).unwrap();
                    let what = format!("round {round}: {with} in the place of {at}");
                    must_name(&what, &whole.findings().await, &places[at]);
                    kept.put_back();
                }
                bytes.clone_from(&file.bytes);
                dice.flip(&mut bytes);
            }
            _ => drop(dice.flip(&mut bytes)),
        }
        fs::write(&file.path, &bytes).unwrap();
        must_name(&format!("round {round}: {path}"), &whole.findings().await, &place);
        file.put_back();
    }
    assert_eq!(whole.findings().await, []);
    println!("{number} mutations of checkpoints and of what was last signed, none missed");
}

/// The files of checkpoints, and what may be named if one is altered: of a pack, the whole or one of those in it.
fn files_and_places(whole: &Whole) -> (Vec<String>, BTreeMap<String, Vec<Place>>) {
    let mut places: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for kept in Checkpoints::at(whole.path("checkpoints")).every().unwrap() {
        let kept = kept.unwrap();
        let file = kept.pack.clone().unwrap_or_else(|| kept.name.clone());
        let places = places.entry(file.clone()).or_insert_with(|| vec![Place::Checkpoint(file)]);
        places.push(Place::Checkpoint(kept.place()));
    }
    (places.keys().cloned().collect(), places)
}

#[tokio::test]
async fn files_replaced_by_older_copies() {
    let whole = Whole::with(0).await;
    let older = Place::Checkpoint(format!("{}.note", whole.length));
    let tail = Place::Position(whole.length - 1);
    for (names, places) in [
        (&["tree/tree.sqlite"][..], &[Place::Tiles][..]),
        (&["checkpoints/checkpoint"], &[Place::Checkpoint("checkpoint".to_owned())]),
        (&["keys/log-signing.last"], &[Place::LastSigned]),
    ] {
        replaced(&whole, names, places).await;
    }
    // An older log: the tree shows where it ends; without tree and heads the checkpoints show it; and
    // if these are older as well, what was last signed does.
    let db = rusqlite::Connection::open(whole.path("log/events.sqlite")).unwrap();
    let sql = "SELECT sql FROM sqlite_schema WHERE name = 'event_is_not_removed'";
    let trigger: String = db.query_row(sql, [], |row| row.get(0)).unwrap();
    db.execute_batch(&format!(
        "DROP TRIGGER event_is_not_removed; DELETE FROM event WHERE position >= {}; {trigger}",
        whole.length - 1
    ))
    .unwrap();
    drop(db);
    must_begin("an older log", &whole.findings().await, std::slice::from_ref(&tail));
    for name in ["log/heads.sqlite", "tree/tree.sqlite"] {
        fs::remove_file(whole.path(name)).unwrap();
    }
    must_begin("an older log alone", &whole.findings().await, std::slice::from_ref(&older));
    fs::remove_file(whole.path(&format!("checkpoints/{}.note", whole.length))).unwrap();
    copy_file(
        &whole.earlier.path().join("checkpoints/checkpoint"),
        &whole.path("checkpoints/checkpoint"),
    );
    must_begin("all but the keys", &whole.findings().await, &[Place::LastSigned]);
}

async fn replaced(whole: &Whole, names: &[&str], places: &[Place]) {
    let kept: Vec<_> = names.iter().map(|name| whole.file(name)).collect();
    for (file, name) in kept.iter().zip(names) {
        copy_file(&whole.earlier.path().join(name), &file.path);
        assert_ne!(fs::read(&file.path).unwrap(), file.bytes, "{name} is not older");
    }
    must_name(&format!("{names:?}"), &whole.findings().await, places);
    kept.iter().for_each(super::Kept::put_back);
    assert_eq!(whole.findings().await, []);
}
