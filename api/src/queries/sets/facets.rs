//! How many rows there are of each kind.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

/// A row that need not have been written out to be counted.
pub(super) trait Row {
    /// What stands in a column; null if nothing does.
    fn cell(&self, column: &str) -> Cow<'_, Value>;

    /// The row as it is answered.
    fn written(self) -> Value;
}

impl Row for Value {
    fn cell(&self, column: &str) -> Cow<'_, Value> {
        Cow::Borrowed(self.get(column).unwrap_or(&Self::Null))
    }

    fn written(self) -> Value {
        self
    }
}

/// How many rows have which words in these columns.
pub(super) fn counted<'a, R: Row + 'a>(
    columns: &[&'static str],
    rows: &(impl Iterator<Item = &'a R> + Clone),
) -> BTreeMap<&'static str, BTreeMap<String, u64>> {
    let counts = columns.iter().map(|column| {
        let mut counts = BTreeMap::new();
        for row in rows.clone() {
            count(&row.cell(column), &mut counts);
        }
        (*column, counts)
    });
    counts.collect()
}

/// Counts a value under each of its words.
fn count(value: &Value, counts: &mut BTreeMap<String, u64>) {
    let mut under = |word: &str| match counts.get_mut(word) {
        Some(count) => *count = count.saturating_add(1),
        None => drop(counts.insert(word.to_owned(), 1)),
    };
    match value {
        Value::Null | Value::Object(_) => {}
        Value::String(word) => under(word),
        Value::Array(all) => all.iter().for_each(|one| count(one, counts)),
        Value::Bool(_) | Value::Number(_) => under(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::counted;

    #[test]
    fn rows_are_counted_under_every_word_of_a_column() {
        let rows = [
            json!({"a": "x", "b": ["p", "q", ["p"]], "c": 7}),
            json!({"a": "y", "b": [], "c": true}),
            json!({"a": "x", "b": null, "c": {"d": 1}}),
        ];
        let counts = json!(counted(&["a", "b", "c", "e"], &rows.iter()));
        let expected = json!({
            "a": {"x": 2, "y": 1}, "b": {"p": 2, "q": 1}, "c": {"7": 1, "true": 1}, "e": {},
        });
        assert_eq!(counts, expected);
    }
}
