//! Receipts: one entry proven with nothing else at hand.

use event_log::transparency::{
    Hash, Policy, Receipt, leaf,
    note::Unverified,
    policy::NotAccepted,
    proof::{Unproven, prove_inclusion},
    receipt::{NotAReceipt, NotProven},
};

use crate::{
    keys::{ORIGIN, log_keys, signed, verifiers},
    oracle::{Levels, entry, grow},
};

fn receipt(index: u64, size: u64) -> Receipt {
    let (mut edge, mut levels) = Default::default();
    grow(&mut edge, &mut levels, size);
    let proof = prove_inclusion::<Levels>(&mut levels, index, size).unwrap();
    Receipt { extra: None, index, proof, checkpoint: signed(size, edge.root()) }
}

fn policy() -> Policy {
    Policy::of_log(verifiers(&log_keys()))
}

#[test]
fn a_receipt_survives_being_written_and_convinces() {
    for (index, size) in [(0, 1), (0, 2), (1, 2), (255, 256), (256, 257), (699, 700)] {
        let mut receipt = receipt(index, size);
        let text = receipt.to_string();
        assert_eq!(Receipt::parse(text.as_bytes()).as_ref(), Ok(&receipt));
        assert_eq!(receipt.verify(&entry(index), &policy()).unwrap().logs.len(), 2);
        receipt.extra = Some(b"whatever".to_vec());
        let text = receipt.to_string();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra d2hhdGV2ZXI=\nindex "));
        assert_eq!(Receipt::parse(text.as_bytes()), Ok(receipt));
    }
}

#[test]
fn a_receipt_for_anything_else_does_not_convince() {
    let good = receipt(5, 700);
    let wrong = |unproven| Err(NotProven::Inclusion(unproven));
    assert_eq!(good.verify(&entry(6), &policy()), wrong(Unproven::WrongRoot));
    let moved = Receipt { index: 4, ..good.clone() };
    assert_eq!(moved.verify(&entry(5), &policy()), wrong(Unproven::WrongRoot));
    let beyond = Receipt { index: 700, ..good.clone() };
    assert_eq!(beyond.verify(&entry(5), &policy()), wrong(Unproven::OutsideTree));
    let mut short = good.clone();
    short.proof.pop();
    assert_eq!(short.verify(&entry(5), &policy()), wrong(Unproven::WrongLength));
    let forged = good.to_string().replace(&format!("{ORIGIN}\n700\n"), &format!("{ORIGIN}\n701\n"));
    let forged = Receipt::parse(forged.as_bytes()).unwrap();
    let forgery = NotAccepted::Signature(Unverified::Forged(ORIGIN.to_owned()));
    assert_eq!(forged.verify(&entry(5), &policy()), Err(NotProven::Checkpoint(forgery)));
    let node: [Hash; 2] = [leaf(&entry(0)), leaf(&entry(1))];
    assert!(good.verify(&node.concat(), &policy()).is_err());
}

#[test]
fn every_flipped_byte_of_a_receipt_is_noticed() {
    let text = receipt(5, 12).to_string().into_bytes();
    for place in 0..text.len() {
        let mut forged = text.clone();
        forged[place] ^= 1;
        let convinced = Receipt::parse(&forged).is_ok_and(|receipt| {
            receipt.verify(&entry(5), &policy()).is_ok_and(|a| a.logs.len() == 2)
        });
        assert!(!convinced, "byte {place}");
    }
}

#[test]
fn what_is_no_receipt_is_refused() {
    let good = receipt(0, 2).to_string();
    for (from, to, expected) in [
        ("proof@v1", "proof@v2", NotAReceipt::FirstLine),
        ("index 0", "extra !\nindex 0", NotAReceipt::Extra),
        ("index 0", "index 00", NotAReceipt::Index),
        ("index 0", "indeks 0", NotAReceipt::Index),
        ("index 0\n", "index 0\nAAAA\n", NotAReceipt::Proof),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_eq!(Receipt::parse(bad.as_bytes()), Err(expected), "{to}");
    }
}
