//! What holds for every listing: which moment, which page, which form.

use serde_json::json;
use utoipa::openapi::{
    Content, OpenApi, RefOr, Required,
    path::{Operation, ParameterIn, PathItem},
};

use super::complete::{add, parameter};
use crate::queries::LISTINGS;

/// Describes the parameters of every listing, and adds its twins in CSV and JSON Lines.
pub(super) fn complete(description: &mut OpenApi) {
    for path in LISTINGS {
        let Some(item) = description.paths.paths.get_mut(path) else { continue };
        for operation in operations(item) {
            describe(operation);
        }
        let item = item.clone();
        for (form, media) in [("csv", "text/csv"), ("jsonl", "application/jsonl")] {
            let mut twin = item.clone();
            for operation in operations(&mut twin) {
                as_twin(operation, form, media);
            }
            description.paths.paths.insert(format!("{path}.{form}"), twin);
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post].into_iter().flatten()
}

fn as_twin(operation: &mut Operation, form: &str, media: &str) {
    let id = operation.operation_id.take().unwrap_or_default();
    operation.operation_id = Some(format!("{id}_{form}"));
    let summary = operation.summary.take().unwrap_or_default();
    operation.summary = Some(format!("{summary} (the rows as {form})"));
    if let Some(RefOr::T(good)) = operation.responses.responses.get_mut("200") {
        good.content.clear();
        good.content.insert(media.to_owned(), RefOr::T(Content::default()));
    }
}

fn describe(operation: &mut Operation) {
    let time = json!({"type": "string", "format": "date-time"});
    let number = json!({"type": "integer", "minimum": 0});
    let text = json!({"type": "string"});
    let parameters = [
        ("as_of", time.clone(), "As known at this instant."),
        (
            "as_of_position",
            number.clone(),
            "As known at this position of the log; means the same for ever.",
        ),
        (
            "effective_at",
            time,
            "Judged at this instant; that of the moment it is known at if left out.",
        ),
        ("limit", number, "At most so many rows: 1 to 10000; 50, in the twins 1000, if left out."),
        (
            "cursor",
            text.clone(),
            "Of an earlier page of the same question: `page.next`, `page.prev`.",
        ),
        ("facets", text.clone(), "`none` leaves the counts out."),
    ];
    for (name, schema, says) in parameters {
        add(operation, parameter(name, ParameterIn::Query, Required::False, schema, says));
    }
    let headers = [
        (
            "Prefer",
            "`wait=N`: wait up to so many seconds for what is asked. `handling=strict`: refuse a query parameter that is not understood.",
        ),
        ("Consistency-Token", "As a command answered it: the answer knows of that command."),
    ];
    for (name, says) in headers {
        add(operation, parameter(name, ParameterIn::Header, Required::False, text.clone(), says));
    }
}
