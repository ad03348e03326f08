//! What is asked of one build in the file.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::schema::{Known, as_text, number, table};
use crate::store::{Ask, Range, Reply, Row, layout::led_to};

/// What is asked of a build, with how far it has come.
pub(super) fn reply(
    state: &Transaction<'_>,
    known: &Known,
    asks: &[Ask],
) -> rusqlite::Result<Reply> {
    let answers = asks.iter().map(|ask| answer(state, known.id, ask));
    let answers = answers.collect::<rusqlite::Result<_>>()?;
    Ok(Reply { checkpoint: known.checkpoint, answers })
}

fn answer(state: &Transaction<'_>, id: i64, ask: &Ask) -> rusqlite::Result<Vec<Row>> {
    match ask {
        Ask::Get(key) => Ok(get(state, id, key.clone())?.into_iter().collect()),
        Ask::Rows(range) => rows(state, id, range),
        Ask::Documents(range) => {
            let mut documents = Vec::new();
            for Row { key, .. } in rows(state, id, range)? {
                if let Some(Row { value, .. }) = get(state, id, led_to(&key))? {
                    documents.push(Row { key, value });
                }
            }
            Ok(documents)
        }
        Ask::Count(Range { from, to, .. }) => {
            let count = format!("SELECT count(*) FROM {} WHERE key >= ?1 AND key < ?2", table(id));
            let count = state
                .prepare_cached(&count)?
                .query_row([from.as_bytes(), to.as_bytes()], |row| row.get::<_, i64>(0))?;
            Ok(vec![Row { key: String::new(), value: count.to_string().into_bytes() }])
        }
    }
}

fn get(state: &Transaction<'_>, id: i64, key: String) -> rusqlite::Result<Option<Row>> {
    let value = state
        .prepare_cached(&format!("SELECT value FROM {} WHERE key = ?1", table(id)))?
        .query_row([key.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(value.map(|value| Row { key, value }))
}

fn rows(state: &Transaction<'_>, id: i64, range: &Range) -> rusqlite::Result<Vec<Row>> {
    let order = if range.backwards { "DESC" } else { "ASC" };
    let select = format!(
        "SELECT key, value FROM {} WHERE key >= ?1 AND key < ?2 ORDER BY key {order} LIMIT ?3",
        table(id)
    );
    let limit = number(u64::try_from(range.limit).unwrap_or(u64::MAX));
    state
        .prepare_cached(&select)?
        .query_map(params![range.from.as_bytes(), range.to.as_bytes(), limit], |row| {
            Ok(Row { key: as_text(row.get(0)?), value: row.get(1)? })
        })?
        .collect()
}
