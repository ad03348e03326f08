//! Single bits of the files themselves, wherever they are.

use std::path::Path;

use rusqlite::{Connection, types::Value};

use super::{Dice, Whole, times};

/// Everything that stands in the tables; none if not all of it can be read.
fn content(path: &Path, tables: &[&str]) -> Option<Vec<Value>> {
    let db = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let mut values = Vec::new();
    for table in tables {
        let mut select = db.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).ok()?;
        let columns = select.column_count();
        let mut rows = select.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            for column in 0..columns {
                values.push(row.get(column).ok()?);
            }
        }
    }
    Some(values)
}

/// A flipped bit in a page that holds nothing changes nothing. Any other must be found.
async fn flipped(name: &str, tables: &[&str], number: usize, seed: u64) {
    let whole = Whole::with(0).await;
    let file = whole.file(name);
    let right = content(&file.path, tables);
    assert!(right.is_some());
    let (mut dice, mut altered) = (Dice(seed), 0);
    // Where there is something: most of a small database is empty.
    let used: Vec<usize> = (0..file.bytes.len()).filter(|at| file.bytes[*at] != 0).collect();
    for round in 0..number {
        let mut bytes = file.bytes.clone();
        let at =
            if round % 8 == 0 { dice.below(bytes.len()) } else { used[dice.below(used.len())] };
        bytes[at] ^= 1 << dice.below(8);
        std::fs::write(&file.path, &bytes).unwrap();
        let found = whole.findings_in_entries().await;
        if content(&file.path, tables) != right {
            altered += 1;
            assert!(!found.is_empty(), "byte {at} of {name}: missed");
        }
        file.put_back();
    }
    println!("{number} flipped bits of {name}, {altered} of them in what it says, none missed");
    assert!(altered * 2 > number, "most of them were in nothing");
}

#[tokio::test]
async fn bits_of_the_file_of_the_log() {
    flipped("log/events.sqlite", &["event", "about"], 1_500 * times(), 0x0123_4567_89ab_cdef).await;
}

#[tokio::test]
async fn bits_of_the_file_of_the_tree() {
    flipped("tree/tree.sqlite", &["tile", "tree"], 500 * times(), 0xfedc_ba98_7654_3210).await;
}
