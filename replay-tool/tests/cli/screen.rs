//! What was on the screen, byte for byte.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use domain::actor::Role;
use fixtures::demonstration::child;
use serde_json::Value;

use super::demonstration::{Told, told};

/// Sends a request and returns the body of the answer, as it came.
fn post(told: &Told, path: &str, token: &str, body: &str) -> Vec<u8> {
    let address = told.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.0\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    answer.drain(..=head.checked_add(3).unwrap());
    answer
}

fn nurse(told: &Told) -> String {
    told.staff(32, Role::Practitioner)
}

#[test]
fn an_opening_is_rebuilt_to_the_byte() {
    let told = told();
    let body = r#"{"reason":{"code":"direct-contact-with-child","text":"Clinic."}}"#;
    for number in [1, 3] {
        let path = format!("/children/{}/openings", child(number));
        let answered = post(told, &path, &nurse(told), body);
        let screen: Value = serde_json::from_slice(&answered).unwrap();
        let event = screen["event"].as_str().unwrap();
        let rebuilt = told.unsealed(&["screen", event]).good();
        assert_eq!(rebuilt.out, String::from_utf8(answered).unwrap());
        assert_eq!(screen["shielded"], number == 3);
    }
}

#[test]
fn a_result_list_is_rebuilt_to_the_byte() {
    let told = told();
    let body = r#"{"terms":{"surname":"Farnworth","postcode":"ZZ1 4AB"},
                   "reason":{"code":"direct-contact-with-child","text":"Clinic."}}"#;
    let answered = post(told, "/children/search", &nurse(told), body);
    let list: Value = serde_json::from_slice(&answered).unwrap();
    assert_eq!(list["rows"].as_array().unwrap().len(), 2, "{list}");
    let rebuilt = told.unsealed(&["screen", list["event"].as_str().unwrap()]).good();
    assert_eq!(rebuilt.out, String::from_utf8(answered).unwrap());
    assert!(!rebuilt.said.contains("sealed"), "{}", rebuilt.said);
    let sealed = told.replay(&["screen", list["event"].as_str().unwrap()]).good();
    let sealed: Value = serde_json::from_str(&sealed.out).unwrap();
    for row in sealed["rows"].as_array().unwrap() {
        assert_eq!(row["name"], serde_json::json!({ "sealed": true }));
    }
}

#[test]
fn without_keys_the_screen_has_its_shape_and_says_sealed_not_erased() {
    let told = told();
    let body = r#"{"reason":{"code":"assessment","text":"Clinic."}}"#;
    let answered = post(told, &format!("/children/{}/openings", child(2)), &nurse(told), body);
    let screen: Value = serde_json::from_slice(&answered).unwrap();
    let sealed = told.replay(&["screen", screen["event"].as_str().unwrap()]).good();
    assert!(sealed.said.contains("sealed, not erased"), "{}", sealed.said);
    assert!(sealed.said.contains("--unseal-via") && !sealed.out.contains("erased"));
    let sealed: Value = serde_json::from_str(&sealed.out).unwrap();
    assert_eq!(sealed["record"]["name"], serde_json::json!({ "sealed": true }));
    assert_eq!(sealed["event"], screen["event"]);
    assert_eq!(sealed["opening"], screen["opening"]);
}

#[test]
fn an_event_that_disclosed_nothing_has_no_screen() {
    let told = told();
    let closed =
        told.replay(&["log", "--type", "record-closed", "--limit", "1", "--format", "json"]);
    let position = &closed.columns(["position"])[0][0];
    assert_eq!(told.replay(&["screen", position]).code, 3);
    assert_eq!(told.replay(&["screen", "99999999"]).code, 5);
}

#[test]
fn a_file_that_holds_no_keys_is_named_with_what_is_wanted() {
    let told = told();
    let keyring = told.folder.path().join("keys/keyring.sqlite");
    let text = told.folder.path().join("not-keys.json");
    std::fs::write(&text, r#"{"keys":[]}"#).unwrap();
    let bytes = told.folder.path().join("not-text");
    std::fs::write(&bytes, [0xff, 0xfe]).unwrap();
    for (file, said) in
        [(&keyring, "is a database"), (&text, "not a file of keys"), (&bytes, "is not text")]
    {
        let ran = told.replay(&["screen", "579", "--keys", file.to_str().unwrap()]);
        assert_eq!(ran.code, 2, "{}", ran.said);
        assert!(ran.said.contains(said) && ran.said.contains("POST /events/keys"), "{}", ran.said);
        assert!(ran.said.contains(file.to_str().unwrap()) && ran.out.is_empty(), "{}", ran.said);
    }
}
