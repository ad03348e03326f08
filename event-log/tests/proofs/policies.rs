//! Policies: which logs and witnesses are believed.

use event_log::transparency::{
    Policy, Signed,
    note::{Kind, SigningKey},
    policy::{Fault, NotAPolicy, NotAccepted},
};

use crate::keys::{ORIGIN, key, log_keys, signed, witness};

fn logs() -> String {
    log_keys().map(|key| format!("log {} https://a.example/\n", key.verifier())).concat()
}

/// Witnesses 1 to 4: two groups of which both are needed, of the first two of three.
fn two_groups() -> String {
    let witnesses = [1, 2, 3, 4]
        .map(|number: u8| format!("witness W{number} {}\n", witness(number).verifier()))
        .concat();
    format!(
        "# ours\n\n{}{witnesses}\tgroup  first 2 W1 W2 W3 \ngroup all-of all first W4\nquorum all-of\n",
        logs()
    )
}

fn cosigned(by: &[SigningKey], time: u64) -> Signed {
    let mut signed = signed(5, [6; 32]);
    let cosignatures: Vec<_> =
        by.iter().map(|key| key.sign(signed.note().text(), time).unwrap()).collect();
    signed.add(cosignatures);
    signed
}

fn accepts(policy: &str, by: &[u8]) -> Result<usize, NotAccepted> {
    let keys: Vec<_> = by.iter().map(|number| witness(*number)).collect();
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    policy.accept(&cosigned(&keys, 9)).map(|accepted| accepted.witnesses.len())
}

#[test]
fn a_quorum_is_counted_through_groups() {
    let policy = two_groups();
    assert_eq!(accepts(&policy, &[1, 3, 4]), Ok(3));
    assert_eq!(accepts(&policy, &[1, 2, 3, 4]), Ok(4));
    assert_eq!(accepts(&policy, &[1, 2, 3]), Err(NotAccepted::Quorum));
    assert_eq!(accepts(&policy, &[1, 4]), Err(NotAccepted::Quorum));
    assert_eq!(accepts(&policy, &[]), Err(NotAccepted::Quorum));
    assert_eq!(accepts(&format!("{}quorum none\n", logs()), &[]), Ok(0));
}

#[test]
fn one_witness_twice_is_one_witness() {
    assert_eq!(accepts(&two_groups(), &[1, 1, 4]), Err(NotAccepted::Quorum));
}

#[test]
fn a_cosignature_without_a_time_is_none() {
    let policy = Policy::parse(two_groups().as_bytes()).unwrap();
    let keys = [witness(1), witness(2), witness(4)];
    assert!(policy.accept(&cosigned(&keys, 1)).is_ok());
    assert_eq!(policy.accept(&cosigned(&keys, 0)), Err(NotAccepted::Quorum));
}

#[test]
fn a_log_that_is_not_listed_is_not_believed() {
    let other = key("other.example/log", Kind::Ed25519, 3);
    let policy = format!("log {}\nquorum none\n", other.verifier());
    assert!(matches!(accepts(&policy, &[]), Err(NotAccepted::Signature(_))));
}

#[test]
fn what_is_no_policy_is_refused_with_its_line() {
    let log = log_keys()[0].verifier().to_string();
    let one = witness(1).verifier().to_string();
    let two = witness(2).verifier().to_string();
    let renamed = key("witness.example/other", Kind::CosignatureEd25519, 101);
    let renamed = renamed.verifier();
    let cosigner = key(ORIGIN, Kind::CosignatureEd25519, 1);
    let cosigner = cosigner.verifier();
    for (policy, line, fault) in [
        (String::new(), 0, Fault::NoQuorum),
        (format!("log {log}\n"), 1, Fault::NoQuorum),
        ("quorum none".to_owned(), 1, Fault::NoLineEnd),
        ("quorum none\r\n".to_owned(), 1, Fault::ControlCharacter),
        ("quorum none\nquorum none\n".to_owned(), 2, Fault::QuorumTwice),
        ("quorum nobody\n".to_owned(), 1, Fault::NameUnknown),
        (format!("quorum W\nwitness W {one}\n"), 1, Fault::NameUnknown),
        (format!("log {log}\nlog {log}\n"), 2, Fault::KeyTwice),
        (format!("witness A {one}\nwitness B {renamed}\n"), 2, Fault::KeyTwice),
        (format!("witness A {one}\nwitness A {two}\n"), 2, Fault::NameTaken),
        (format!("witness none {one}\n"), 1, Fault::NameTaken),
        (format!("witness A {log}\n"), 1, Fault::KeyType),
        (format!("log {cosigner}\n"), 1, Fault::KeyType),
        (format!("witness A {one}\ngroup G 2 A\n"), 2, Fault::Threshold),
        (format!("witness A {one}\ngroup G 0 A\n"), 2, Fault::Threshold),
        (format!("witness A {one}\ngroup G any\n"), 2, Fault::Form),
        (format!("witness A {one}\ngroup G any A A\n"), 2, Fault::MemberTwice),
        (format!("witness A {one}\ngroup G any A\ngroup H any A\n"), 3, Fault::MemberTwice),
        (format!("witness A {one}\ngroup G any G\n"), 2, Fault::NameUnknown),
        (format!("log {log} https://a b\n"), 1, Fault::Form),
        ("trust everybody\n".to_owned(), 1, Fault::Form),
    ] {
        assert_eq!(Policy::parse(policy.as_bytes()), Err(NotAPolicy { line, fault }), "{policy}");
    }
}

#[test]
fn names_are_octets() {
    let policy = [
        b"witness \xff\xfe ".as_slice(),
        witness(1).verifier().to_string().as_bytes(),
        b"\nquorum \xff\xfe\n",
    ]
    .concat();
    assert!(Policy::parse(&policy).is_ok());
}
