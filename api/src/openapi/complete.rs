//! What holds for every operation is said once, here, and added to each.

use serde_json::json;
use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, Required, Response,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::Schema,
};

/// Adds path parameters, the Idempotency-Key, and problems.
pub(super) fn complete(description: &mut OpenApi) {
    if let Ok(problem) = serde_json::from_value::<Schema>(problem_schema()) {
        let components = description.components.get_or_insert_default();
        components.schemas.insert("Problem".to_owned(), RefOr::T(problem));
    }
    for (path, item) in &mut description.paths.paths {
        for operation in [&mut item.get, &mut item.put, &mut item.delete].into_iter().flatten() {
            describe(path, operation);
        }
        if let Some(operation) = &mut item.post {
            describe(path, operation);
            add(operation, header("Idempotency-Key", IDEMPOTENCY));
            add(operation, header("X-Correlation-Id", CORRELATION));
            add(operation, header("Prefer", PREFER));
        }
    }
}

const IDEMPOTENCY: &str = "1 to 255 characters of the caller's choice. The same request with the \
     same key happens once, and is answered the same.";
const CORRELATION: &str = "A UUID that the caller gives to a whole undertaking; recorded.";

const PREFER: &str = "`wait`, or `wait=<seconds>` (RFC 7240): answer once a signed checkpoint covers what \
     was recorded. `Preference-Applied: wait` says that it does, and each event in the answer then carries its receipt.";

fn describe(path: &str, operation: &mut Operation) {
    for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        if !has(operation, name) {
            let schema = json!({"type": "string", "format": "uuid"});
            add(operation, parameter(name, ParameterIn::Path, Required::True, schema, "A handle."));
        }
    }
    let mut problem = Response::new("A refusal");
    problem.content.insert(
        crate::problem::MEDIA_TYPE.to_owned(),
        RefOr::T(Content::new(Some(Ref::from_schema_name("Problem")))),
    );
    operation.responses.responses.entry("default".to_owned()).or_insert(RefOr::T(problem));
}

fn has(operation: &Operation, name: &str) -> bool {
    operation
        .parameters
        .as_ref()
        .is_some_and(|all| all.iter().any(|each| matches!(each, RefOr::T(one) if one.name == name)))
}

pub(super) fn add(operation: &mut Operation, parameter: Parameter) {
    operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
}

fn header(name: &str, text: &str) -> Parameter {
    parameter(name, ParameterIn::Header, Required::False, json!({"type": "string"}), text)
}

pub(super) fn parameter(
    name: &str,
    place: ParameterIn,
    required: Required,
    schema: serde_json::Value,
    text: &str,
) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(Some(text))
        .schema(serde_json::from_value::<RefOr<Schema>>(schema).ok())
        .build()
}

fn problem_schema() -> serde_json::Value {
    json!({
        "type": "object",
        "description": "RFC 9457. The types are listed under /problems; further members depend on the type.",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string", "description": "/problems/<name>"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "decision": {"type": "string", "description": "The decision that refused"},
            "rule_ids": {"type": "array", "items": {"type": "string"}},
            "unmet": {"type": "array", "items": {"type": "string"}},
            "errors": {"type": "array", "items": {"type": "object", "properties": {
                "field": {"type": "string"}, "rule": {"type": "string"}}}}
        }
    })
}
