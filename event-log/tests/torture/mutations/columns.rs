//! Rows of the log and of the tree, altered by somebody who knows SQL and took the triggers off.

use event_log::audit::Place;
use rusqlite::{Connection, params};

use super::{Dice, Whole, must_begin, must_name, times};

/// Runs statements past the triggers, and puts those back word for word.
fn past_the_triggers(db: &Connection, alter: impl FnOnce(&Connection)) {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
    let triggers: Vec<(String, String)> = db
        .prepare(sql)
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    db.execute_batch("PRAGMA synchronous = OFF; BEGIN").unwrap();
    for (name, _) in &triggers {
        db.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    alter(db);
    for (_, sql) in &triggers {
        db.execute_batch(sql).unwrap();
    }
    db.execute_batch("COMMIT").unwrap();
}

fn cell<T: rusqlite::types::FromSql>(db: &Connection, column: &str, position: u64) -> T {
    let sql = format!("SELECT {column} FROM event WHERE position = ?1");
    db.query_row(&sql, [i64::try_from(position).unwrap()], |row| row.get(0)).unwrap()
}

/// Alters one cell of one row; answers what was done, and at which position it must show.
fn alter_cell(db: &Connection, dice: &mut Dice, length: u64) -> (String, u64) {
    let at = u64::try_from(dice.below(usize::try_from(length).unwrap())).unwrap();
    let place = i64::try_from(at).unwrap();
    let set = |column: &str, value: &dyn rusqlite::ToSql| {
        let sql = format!("UPDATE event SET {column} = ?1 WHERE position = ?2");
        db.execute(&sql, params![value, place]).unwrap();
    };
    let what = match dice.below(12) {
        0 => {
            let to = [-1 - place, i64::try_from(length).unwrap() + 1 + place][dice.below(2)];
            set("position", &to);
            "position"
        }
        1 => {
            let mut name = cell::<String>(db, "stream", at).into_bytes();
            dice.flip(&mut name);
            set("stream", &Text(&name));
            "stream"
        }
        2 => {
            let revision: i64 = cell(db, "revision", at);
            set("revision", &(revision ^ (1 << dice.below(62))));
            "revision"
        }
        3 => {
            let previous: Option<i64> = cell(db, "previous", at);
            match previous {
                None => set("previous", &i64::try_from(dice.below(9)).unwrap()),
                Some(_) if dice.below(3) == 0 => set("previous", &None::<i64>),
                Some(previous) => set("previous", &(previous ^ (1 << dice.below(62)))),
            }
            "previous"
        }
        4..=8 => {
            let mut entry = cell::<String>(db, "entry", at).into_bytes();
            match dice.below(12) {
                0 => entry.truncate(dice.below(entry.len())),
                1 => entry.insert(dice.below(entry.len()), b' '),
                _ => drop(dice.flip(&mut entry)),
            }
            set("entry", &Text(&entry));
            "entry"
        }
        _ => {
            let sealed: Option<Vec<u8>> = cell(db, "sealed", at);
            match sealed {
                None => set("sealed", &vec![7_u8; 1 + dice.below(100)]),
                Some(mut sealed) => match dice.below(12) {
                    0 => set("sealed", &None::<Vec<u8>>),
                    1 => set("sealed", &sealed[..dice.below(sealed.len())].to_vec()),
                    2 => set("sealed", &[&sealed[..], &[0]].concat()),
                    _ => {
                        dice.flip(&mut sealed);
                        set("sealed", &sealed);
                    }
                },
            }
            "sealed"
        }
    };
    (format!("{what} of {at}"), at)
}

/// Bytes as text, whatever they are.
struct Text<'a>(&'a [u8]);

impl rusqlite::ToSql for Text<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        let text = rusqlite::types::ValueRef::Text(self.0);
        Ok(rusqlite::types::ToSqlOutput::Borrowed(text))
    }
}

/// Removes, doubles or reorders rows; answers the first position at which it must show.
fn alter_rows(db: &Connection, dice: &mut Dice, length: u64) -> (String, u64) {
    let length = i64::try_from(length).unwrap();
    let mut any = || i64::try_from(dice.below(usize::try_from(length).unwrap())).unwrap();
    let (one, other) = (any(), any());
    let (first, second) = (one.min(other), one.max(other));
    let run = |sql: &str| db.execute_batch(sql).unwrap();
    let exchange = |columns: &[&str]| {
        for column in columns {
            run(&format!(
                "CREATE TEMP TABLE held AS SELECT {column} AS it FROM event WHERE position = {first};
                 UPDATE event SET {column} = (SELECT {column} FROM event WHERE position = {second})
                 WHERE position = {first};
                 UPDATE event SET {column} = (SELECT it FROM held) WHERE position = {second};
                 DROP TABLE held;"
            ));
        }
    };
    let (what, shows) = match dice.below(7) {
        0 => {
            run(&format!("DELETE FROM event WHERE position = {first}"));
            ("removed", first)
        }
        1 => {
            run(&format!("DELETE FROM event WHERE position >= {first}"));
            ("tail cut", first)
        }
        2 => {
            run(&format!(
                "DELETE FROM event WHERE position = {first};
                 UPDATE event SET position = -position WHERE position > {first};
                 UPDATE event SET position = -position - 1 WHERE position < 0;"
            ));
            ("removed, and the rest moved up", first)
        }
        3 => {
            run(&format!(
                "INSERT INTO event SELECT {length}, stream, revision, previous, entry, sealed
                 FROM event WHERE position = {first}"
            ));
            ("doubled at the end", length)
        }
        4 => {
            run(&format!(
                "UPDATE event SET position = -position - 2 WHERE position >= {first};
                 UPDATE event SET position = -position - 1 WHERE position < 0;
                 INSERT INTO event SELECT {first}, stream, revision, previous, entry, sealed
                 FROM event WHERE position = {first} + 1"
            ));
            // What was put in is the same; what it pushed away is the first that does not fit.
            ("doubled in place", first)
        }
        _ if first == second => {
            run(&format!("DELETE FROM event WHERE position = {first}"));
            ("removed", first)
        }
        5 => {
            exchange(&["entry"]);
            ("entries exchanged", first)
        }
        _ => {
            exchange(&["stream", "revision", "previous", "entry", "sealed"]);
            ("reordered", first)
        }
    };
    (format!("{what}: {first}, {second}"), u64::try_from(shows).unwrap())
}

#[tokio::test]
async fn cells_and_rows_of_the_log() {
    cells_and_rows(0x2545_f491_4f6c_dd1d).await;
}

#[tokio::test]
async fn more_cells_and_rows_of_the_log() {
    cells_and_rows(0xa076_1d64_78bd_642f).await;
}

#[tokio::test]
async fn still_more_cells_and_rows_of_the_log() {
    cells_and_rows(0xe703_7ed1_a0b4_28db).await;
}

async fn cells_and_rows(seed: u64) {
    let whole = Whole::with(0).await;
    let file = whole.file("log/events.sqlite");
    let mut dice = Dice(seed);
    let number = 2_000 * times();
    for round in 0..number {
        let db = Connection::open(&file.path).unwrap();
        let (mut what, mut at) = (String::new(), 0);
        past_the_triggers(&db, |db| {
            let alter = if round % 4 == 0 { alter_rows } else { alter_cell };
            (what, at) = alter(db, &mut dice, whole.length);
        });
        drop(db);
        let what = format!("round {round}: {what}");
        let found = whole.findings_in_entries().await;
        if what.contains("doubled in place") {
            must_begin(&what, &found, &[Place::Position(at), Place::Position(at + 1)]);
        } else {
            must_begin(&what, &found, &[Place::Position(at)]);
        }
        file.put_back();
    }
    assert_eq!(whole.findings().await, []);
    println!("{number} mutations of cells and rows, none missed");
}

#[tokio::test]
async fn tiles_of_the_stored_tree() {
    let whole = Whole::with(260).await;
    let file = whole.file("tree/tree.sqlite");
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let number = 300 * times();
    for round in 0..number {
        let db = Connection::open(&file.path).unwrap();
        db.execute_batch("PRAGMA synchronous = OFF").unwrap();
        let (what, places) = alter_tile(&db, &mut dice, whole.length);
        drop(db);
        must_name(&format!("round {round}: {what}"), &whole.findings_in_entries().await, &places);
        file.put_back();
    }
    println!("{number} mutations of stored tiles, none missed");
}

fn alter_tile(db: &Connection, dice: &mut Dice, length: u64) -> (String, Vec<Place>) {
    let tiles: Vec<(i64, Vec<u8>)> = db
        .prepare("SELECT place, hashes FROM tile ORDER BY place")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let (place, mut hashes) = tiles[dice.below(tiles.len())].clone();
    let (level, index) =
        (u64::try_from(place >> 56).unwrap(), u64::try_from(place & 0xff_ffff).unwrap());
    let put = |hashes: &[u8]| {
        db.execute("UPDATE tile SET hashes = ?1 WHERE place = ?2", params![hashes, place]).unwrap();
    };
    let position =
        |at: usize| Place::Position((index * 256 + u64::try_from(at / 32).unwrap()) << (8 * level));
    let anywhere = vec![Place::Tiles, position(0)];
    match dice.below(10) {
        0 => {
            db.execute("DELETE FROM tile WHERE place = ?1", [place]).unwrap();
            (format!("tile {place} removed"), anywhere)
        }
        1 => {
            let at = dice.below(hashes.len());
            hashes.truncate(at);
            put(&hashes);
            (format!("tile {place} cut to {at}"), vec![Place::Tiles, position(at)])
        }
        2 => {
            hashes.extend([1; 32]);
            put(&hashes);
            (format!("tile {place} extended"), anywhere)
        }
        3 => {
            let size = i64::try_from(length).unwrap() ^ (1 << dice.below(20));
            db.execute("UPDATE tree SET size = ?1", [size]).unwrap();
            (format!("size {size}"), vec![Place::Tiles, Place::Position(length)])
        }
        4 => {
            db.execute("INSERT INTO tile VALUES (?1, ?2)", params![1_i64 << 57, hashes]).unwrap();
            ("a tile put in".to_owned(), vec![Place::Tiles])
        }
        5 if hashes.len() >= 64 => {
            let (one, other) = (dice.below(hashes.len() / 64), hashes.len() / 32 - 1);
            for byte in 0..32 {
                hashes.swap(one * 32 + byte, other * 32 + byte);
            }
            put(&hashes);
            (format!("hashes of {place} exchanged"), vec![position(one * 32)])
        }
        _ => {
            let at = dice.flip(&mut hashes);
            put(&hashes);
            (format!("byte {at} of tile {place}"), vec![position(at)])
        }
    }
}
