//! The witness's table of decisions.

use event_log::transparency::{
    EMPTY_ROOT, Hash, Signed,
    note::{Kind, VerifierKey},
    proof::{Unproven, prove_consistency},
    witness::{AddCheckpoint, Refusal, Seen, cosign, decide, read_answer},
};

use crate::{
    keys::{ORIGIN, key, log_keys, signed, verifiers, witness},
    oracle::{Levels, grow},
};

fn root(size: u64) -> Hash {
    let (mut edge, mut levels) = Default::default();
    grow(&mut edge, &mut levels, size);
    edge.root()
}

fn seen(size: u64) -> Seen {
    Seen { size, root: root(size) }
}

fn request(old: u64, new: u64) -> AddCheckpoint {
    let (mut edge, mut levels) = Default::default();
    grow(&mut edge, &mut levels, new);
    let proof = prove_consistency::<Levels>(&mut levels, old, new).unwrap();
    AddCheckpoint { old, proof, checkpoint: signed(new, edge.root()) }
}

fn trusted() -> Vec<VerifierKey> {
    verifiers(&log_keys())
}

fn asked(request: &AddCheckpoint, state: Seen) -> Result<Seen, u16> {
    let read = AddCheckpoint::parse(request.to_string().as_bytes()).unwrap();
    assert_eq!(&read, request);
    decide(&read, Some(&trusted()), state).map_err(|refusal| refusal.status())
}

#[test]
fn what_follows_from_what_was_seen_is_granted() {
    for (old, new) in [(0, 0), (0, 1), (0, 300), (1, 2), (4, 7), (255, 300), (256, 300), (300, 300)]
    {
        assert_eq!(asked(&request(old, new), seen(old)), Ok(seen(new)), "{old} to {new}");
    }
}

#[test]
fn statuses_are_those_of_the_table() {
    let good = request(5, 9);
    assert_eq!(asked(&AddCheckpoint { old: 10, ..good.clone() }, seen(5)), Err(400));
    assert_eq!(decide(&good, None, seen(5)), Err(Refusal::UnknownLog));
    assert_eq!(Refusal::UnknownLog.status(), 404);
    let stranger = [key(ORIGIN, Kind::Ed25519, 99).verifier().clone()];
    assert_eq!(decide(&good, Some(&stranger), seen(5)), Err(Refusal::NotSigned));
    assert_eq!(Refusal::NotSigned.status(), 403);
    let altered = good.to_string().replace("\n9\n", "\n10\n");
    assert_eq!(asked(&AddCheckpoint::parse(altered.as_bytes()).unwrap(), seen(5)), Err(403));
    assert_eq!(asked(&good, seen(4)), Err(409));
    assert_eq!(asked(&good, seen(9)), Err(409));
    let refusal = decide(&good, Some(&trusted()), seen(9)).unwrap_err();
    assert_eq!((refusal.clone(), refusal.body().as_str()), (Refusal::OtherOld { size: 9 }, "9\n"));
    let mut unproven = good.clone();
    unproven.proof.pop();
    assert_eq!(asked(&unproven, seen(5)), Err(422));
    let surplus = AddCheckpoint { proof: vec![[0; 32]], ..request(0, 9) };
    assert_eq!(asked(&surplus, seen(0)), Err(422));
    let forked = AddCheckpoint { checkpoint: signed(9, [7; 32]), ..request(9, 9) };
    assert_eq!(asked(&forked, seen(9)), Err(422));
    let hollow = AddCheckpoint { old: 0, proof: vec![], checkpoint: signed(0, [7; 32]) };
    assert_eq!(asked(&hollow, seen(0)), Err(422));
    assert_eq!(
        decide(&hollow, Some(&trusted()), Seen { size: 0, root: EMPTY_ROOT }),
        Err(Refusal::Inconsistent(Unproven::WrongRoot))
    );
    for body in ["", "old 1\n", "old 01\n\n", "old 0\nAAAA\n\n", "old 0\n\nno checkpoint\n"] {
        let refusal = Refusal::from(AddCheckpoint::parse(body.as_bytes()).unwrap_err());
        assert_eq!(refusal.status(), 400, "{body}");
    }
}

#[test]
fn of_two_requests_that_race_the_second_is_told_the_size() {
    let (first, second) = (request(5, 9), request(5, 12));
    let state = asked(&first, seen(5)).unwrap();
    assert_eq!(asked(&second, state), Err(409));
    assert_eq!(asked(&request(9, 12), state), Ok(seen(12)));
}

#[test]
fn the_log_takes_good_cosignatures_and_ignores_the_rest() {
    let mut checkpoint = signed(9, root(9));
    let keys = [witness(1), key("witness.example/w2", Kind::CosignatureMlDsa44, 4)];
    let answer = cosign(&keys, &checkpoint, 77).unwrap();
    let other = cosign(&[witness(3)], &checkpoint, 77).unwrap();
    let elsewhere = cosign(&[witness(4)], &signed(10, root(10)), 77).unwrap();
    let known = [&keys[0], &keys[1], &witness(4)].map(|key| key.verifier().clone());
    let answer = format!("{answer}{other}{elsewhere}");
    let cosignatures = read_answer(&answer, &checkpoint, &known).unwrap();
    assert_eq!(cosignatures.len(), 2);
    checkpoint.add(cosignatures.clone());
    checkpoint.add(cosignatures);
    let again = Signed::parse(checkpoint.to_string().as_bytes()).unwrap();
    assert_eq!(again.note().signatures().len(), 4);
    let times = again.note().verified_by(&known[..2]).unwrap();
    assert!(times.iter().all(|verified| verified.time == Some(77)));
    assert!(read_answer("nonsense", &checkpoint, &known).is_err());
}
