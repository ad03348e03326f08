use projections::store::{Ask, Range, Row, beginning_with, between};

use crate::{
    on_every_store,
    stores::{OneStore, batch, put, ready},
};

async fn ask(it: &OneStore, ask: Ask) -> Vec<(String, String)> {
    let build = crate::stores::build("things", 1, 1);
    let reply = it.store.read(&build, vec![ask]).await.unwrap().unwrap();
    let text = |row: Row| (row.key, String::from_utf8(row.value).unwrap());
    reply.answers.into_iter().flatten().map(text).collect()
}

async fn filled(it: &OneStore) {
    let build = ready(&*it.store).await;
    let writes = vec![
        put("d/a", "A"),
        put("d/b", "B"),
        put("d/c", "C"),
        put("i/by-day/2009-01-01|c", ""),
        put("i/by-day/2009-01-02|a", ""),
        put("i/by-day/2009-01-03|b", ""),
        put("i/by-day/2009-01-03|nobody", ""),
        put("i/by-week/2009-01|b", ""),
        put("s/00000000000000000007", "not to be read"),
    ];
    it.store.apply(batch(&build, 0, 8, writes)).await.unwrap();
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn one_key_is_read_or_found_missing() {
    on_every_store(async |it| {
        filled(&it).await;
        assert_eq!(ask(&it, Ask::Get("d/b".to_owned())).await, pairs(&[("d/b", "B")]));
        assert_eq!(ask(&it, Ask::Get("d/x".to_owned())).await, pairs(&[]));
    })
    .await;
}

#[tokio::test]
async fn a_range_has_a_beginning_and_an_end_and_a_limit() {
    on_every_store(async |it| {
        filled(&it).await;
        let range = || between("by-day", "2009-01-02", "2009-01-03", 9);
        let rows = ask(&it, Ask::Rows(range())).await;
        assert_eq!(rows, pairs(&[("i/by-day/2009-01-02|a", "")]));
        let all = ask(&it, Ask::Rows(Range::documents(2))).await;
        assert_eq!(all, pairs(&[("d/a", "A"), ("d/b", "B")]));
        let next = ask(&it, Ask::Rows(Range::documents(2).after("d/b"))).await;
        assert_eq!(next, pairs(&[("d/c", "C")]));
        let last = ask(&it, Ask::Rows(Range::documents(1).backwards())).await;
        assert_eq!(last, pairs(&[("d/c", "C")]));
        let before = ask(&it, Ask::Rows(Range::documents(9).backwards().after("d/c"))).await;
        assert_eq!(before, pairs(&[("d/b", "B"), ("d/a", "A")]));
        let skipped = ask(&it, Ask::Rows(Range::skipped(9))).await;
        assert_eq!(skipped, pairs(&[("s/00000000000000000007", "not to be read")]));
        assert_eq!(ask(&it, Ask::Rows(Range::everything(99))).await.len(), 9);
    })
    .await;
}

#[tokio::test]
async fn entries_lead_to_documents_in_their_order() {
    on_every_store(async |it| {
        filled(&it).await;
        let range = || beginning_with("by-day", "2009-", 9);
        let expected = [
            ("i/by-day/2009-01-01|c", "C"),
            ("i/by-day/2009-01-02|a", "A"),
            ("i/by-day/2009-01-03|b", "B"),
        ];
        assert_eq!(ask(&it, Ask::Documents(range())).await, pairs(&expected));
        let backwards = ask(&it, Ask::Documents(range().backwards())).await;
        assert_eq!(backwards, pairs(&[expected[2], expected[1], expected[0]]));
    })
    .await;
}

#[tokio::test]
async fn entries_are_counted_whatever_the_limit() {
    on_every_store(async |it| {
        filled(&it).await;
        let counted = ask(&it, Ask::Count(beginning_with("by-day", "2009-", 1))).await;
        assert_eq!(counted, pairs(&[("", "4")]));
    })
    .await;
}
