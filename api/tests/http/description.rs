//! The description names every route, in words that the domain knows, and its page is our own.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use crate::world::World;

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                found.insert(target.clone());
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn it_is_openapi_3_1_and_complete() {
    let world = World::empty().await;
    let description = world.send(Method::GET, "/openapi.json", &[], None).await.good();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut targets = BTreeSet::new();
    references(&description, &mut targets);
    for target in targets {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{target} leads nowhere");
    }
    let mut operations = BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(operations.insert(id.to_owned()), "{id} is there twice");
            assert!(operation["responses"].get("default").is_some(), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path} says nothing");
            for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let parameters = operation["parameters"].as_array().unwrap();
                assert!(parameters.iter().any(|one| one["name"] == name), "{path}: {name}");
            }
        }
    }
    assert!(operations.len() >= 75, "{}", operations.len());
}

/// The twenty that change a child's record say which header that takes.
#[tokio::test]
async fn a_change_of_a_record_is_described_with_its_if_match() {
    let world = World::empty().await;
    let description = world.send(Method::GET, "/openapi.json", &[], None).await.good();
    let named = |parameters: &Value, name: &str| {
        parameters.as_array().is_some_and(|all| all.iter().any(|one| one["name"] == name))
    };
    let paths = description["paths"].as_object().unwrap();
    let changing: Vec<&String> = paths
        .iter()
        .filter(|(_, item)| named(&item["post"]["parameters"], "If-Match"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(changing.len(), 20, "{changing:?}");
    for path in changing {
        assert!(path.starts_with("/children/{child}/"), "{path}");
        let parameters = &paths[path]["post"]["parameters"];
        assert!(named(parameters, "child") && named(parameters, "Idempotency-Key"), "{path}");
    }
}

/// Every route that is described is served: none falls through to "nothing here".
#[tokio::test]
async fn every_route_described_is_served() {
    let world = World::empty().await;
    let description = world.send(Method::GET, "/openapi.json", &[], None).await.good();
    for (path, item) in description["paths"].as_object().unwrap() {
        if ["/health", "/problems", "/tlog"].iter().any(|open| path.starts_with(open)) {
            continue;
        }
        let filled = path
            .split('/')
            .map(|part| {
                if part.starts_with('{') { uuid::Uuid::nil().to_string() } else { part.to_owned() }
            })
            .collect::<Vec<_>>()
            .join("/");
        for method in item.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let answer = world.send(method.clone(), &filled, &[], None).await;
            assert_eq!(answer.status, 401, "{method} {path} is open to anybody, or not served");
        }
    }
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let world = World::empty().await;
    let page = world.send(Method::GET, "/docs/", &[], None).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
    let html = String::from_utf8_lossy(&page.body).into_owned();
    assert!(html.contains("swagger-ui"));
    assert!(!html.contains("src=\"http") && !html.contains("href=\"http"), "{html}");
    let start = world.send(Method::GET, "/docs/swagger-initializer.js", &[], None).await;
    assert!(String::from_utf8_lossy(&start.body).contains("/openapi.json"));
}

#[tokio::test]
async fn nothing_may_be_kept_on_the_way() {
    let world = World::empty().await;
    for path in ["/health/live", "/openapi.json", "/docs/", "/problems", "/nowhere"] {
        let headers = world.send(Method::GET, path, &[], None).await.headers;
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(headers.contains_key("content-security-policy"), "{path}");
    }
}
