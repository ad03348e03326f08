//! An exported folder, in the hands of somebody who has nothing else.

use std::fs;

use event_log::{
    EventLog,
    export::{Part, export_tiles},
    folder_check::{FolderError, Found, check_folder},
    transparency::{Policy, leaf},
    transparency_log::TransparencyLog,
};

use super::{Dice, Kept, Whole, exported_at, times};
use crate::world::{calm, keys};

async fn exported() -> (Whole, Vec<String>) {
    let whole = Whole::with(260).await;
    let log = EventLog::open_with(whole.dir.path(), &calm()).unwrap();
    let tree = TransparencyLog::open(&log, whole.dir.path(), keys(whole.dir.path())).unwrap();
    let out = exported_at(&whole);
    export_tiles(&tree, &out, Part::default(), &whole.verifiers, |_| ()).await.unwrap();
    let mut files = Vec::new();
    let mut folders = vec!["tile".to_owned(), "checkpoints".to_owned()];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(out.join(&folder)).unwrap() {
            let file = file.unwrap();
            let name = format!("{folder}/{}", file.file_name().into_string().unwrap());
            if file.file_type().unwrap().is_dir() { folders.push(name) } else { files.push(name) }
        }
    }
    files.push("checkpoint".to_owned());
    files.sort();
    (whole, files)
}

fn check(whole: &Whole) -> Option<Found> {
    let policy = Policy::of_log(whole.verifiers.clone());
    match check_folder(&exported_at(whole), &policy, |_| ()) {
        Ok(_) => None,
        Err(FolderError::Found(found)) => Some(found),
        Err(error @ (FolderError::Unreadable { .. } | FolderError::NotSaved(_))) => {
            panic!("{error}")
        }
    }
}

/// Where each entry of a bundle begins, with its length before it, and where the last ends.
fn begins(bundle: &[u8]) -> Vec<usize> {
    let mut begins = vec![0];
    while let Some(&at) = begins.last()
        && at < bundle.len()
    {
        begins.push(at + 2 + usize::from(u16::from_be_bytes([bundle[at], bundle[at + 1]])));
    }
    begins
}

#[tokio::test]
async fn any_byte_of_any_file() {
    let (whole, files) = exported().await;
    assert_eq!(check(&whole), None);
    let mut dice = Dice(0x5851_f42d_4c95_7f2d);
    let number = 2_200 * times();
    for round in 0..number {
        let name = &files[dice.below(files.len())];
        let file = kept(&whole, name);
        let mut bytes = file.bytes.clone();
        let at = match dice.below(12) {
            0 => {
                let at = dice.below(bytes.len());
                bytes.truncate(at);
                at
            }
            1 => {
                bytes.push(b'A');
                bytes.len() - 1
            }
            _ => dice.flip(&mut bytes),
        };
        fs::write(&file.path, &bytes).unwrap();
        let found =
            check(&whole).unwrap_or_else(|| panic!("round {round}, byte {at} of {name}: missed"));
        let near = found.file == *name
            || name.replacen("/0/", "/entries/", 1) == found.file
            || name.starts_with("checkpoint") && found.file.starts_with("checkpoint");
        assert!(near, "round {round}, byte {at} of {name}: {found}");
        if let (Some(_), Some(rest)) = (name.strip_prefix("tile/entries/"), found.position) {
            let index = u64::from(name.starts_with("tile/entries/001"));
            let places = begins(&file.bytes);
            let place = places.iter().take_while(|begin| **begin <= at).count() - 1;
            let right = index * 256 + u64::try_from(place).unwrap();
            assert!(
                at == file.bytes.len() || rest == right,
                "byte {at} of {name}: {found}, not {right}"
            );
        }
        file.put_back();
    }
    assert_eq!(check(&whole), None);
    println!("{number} mutations of an exported folder, none missed");
}

fn kept(whole: &Whole, name: &str) -> Kept {
    let path = exported_at(whole).join(name);
    Kept { bytes: fs::read(&path).unwrap(), path }
}

/// Entries removed, doubled and reordered in bundles, with fitting leaves beside them.
#[tokio::test]
async fn entries_with_fitting_hashes() {
    let (whole, _) = exported().await;
    let mut dice = Dice(0x1405_7b7e_f767_814f);
    let number = 500 * times();
    for round in 0..number {
        let which = if dice.below(3) == 0 { "001.p/8" } else { "000" };
        let bundle = find(&whole, "entries", which);
        let leaves = find(&whole, "0", which);
        let places = begins(&bundle.bytes);
        let mut entries: Vec<Vec<u8>> =
            places.windows(2).map(|at| bundle.bytes[at[0] + 2..at[1]].to_vec()).collect();
        let (one, other) = (dice.below(entries.len()), dice.below(entries.len()));
        match dice.below(4) {
            0 => drop(entries.remove(one)),
            1 => entries.insert(one, entries[other].clone()),
            2 if one != other => entries.swap(one, other),
            _ => drop(dice.flip(&mut entries[one])),
        }
        let bytes: Vec<u8> = entries
            .iter()
            .flat_map(|entry| {
                let length = u16::try_from(entry.len()).unwrap().to_be_bytes();
                [&length[..], entry].concat()
            })
            .collect();
        fs::write(&bundle.path, bytes).unwrap();
        fs::write(&leaves.path, entries.iter().flat_map(|entry| leaf(entry)).collect::<Vec<u8>>())
            .unwrap();
        let found = check(&whole).unwrap_or_else(|| panic!("round {round} of {which}: missed"));
        // By a hash above the leaves, by a width, or by the first checkpoint that covers it.
        let named = found.position.is_some() || found.file.starts_with("checkpoint");
        assert!(named, "round {round}: {found}");
        bundle.put_back();
        leaves.put_back();
    }
    assert_eq!(check(&whole), None);
    println!("{number} rewritten bundles with fitting hashes, none missed");
}

fn find(whole: &Whole, row: &str, which: &str) -> Kept {
    let folder = exported_at(whole).join("tile").join(row);
    let name = if which == "000" {
        "000".to_owned()
    } else {
        let partial = fs::read_dir(folder.join("001.p")).unwrap().next().unwrap().unwrap();
        format!("001.p/{}", partial.file_name().into_string().unwrap())
    };
    kept(whole, &format!("tile/{row}/{name}"))
}
