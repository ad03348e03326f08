//! Whatever three rings do in whatever order, and wherever they stop: they end as one.

use std::collections::HashMap;

use event_log::keyring::{Keyring, KeyringError, State, replicated::memory::Fault};
use proptest::prelude::*;

use crate::world::{World, id, keys, ratchet, states, unpack};

/// Few, so that much happens to each.
const SUBJECTS: [u128; 4] = [1, 2, 3, 4];
const RINGS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Create(Vec<u128>),
    Hold(u128, bool),
    Destroy(Vec<u128>),
    Look(u128),
    Follow,
    Reopen,
    /// The next thing that is said meets a fault.
    Fault(bool),
    /// The folder is copied, and a copy takes the ring's place; the ring itself is struck off.
    Replace,
}

fn step() -> impl Strategy<Value = Step> {
    let subject = || prop::sample::select(&SUBJECTS[..]);
    prop_oneof![
        5 => prop::collection::vec(subject(), 1..3).prop_map(Step::Create),
        5 => (subject(), any::<bool>()).prop_map(|(subject, held)| Step::Hold(subject, held)),
        1 => prop::collection::vec(subject(), 1..3).prop_map(Step::Destroy),
        2 => subject().prop_map(Step::Look),
        3 => Just(Step::Follow),
        2 => Just(Step::Reopen),
        1 => any::<bool>().prop_map(Step::Fault),
        1 => Just(Step::Replace),
    ]
}

/// Rings that are opened when they are needed: whether a fault met the opening or not.
struct Rings {
    world: World,
    names: [String; RINGS],
    open: [Option<Keyring>; RINGS],
    replaced: usize,
}

impl Rings {
    fn ring(&mut self, number: usize) -> &Keyring {
        if self.open[number].is_none() {
            let opened = self.world.open(&self.names[number]);
            // Once more, if that met the fault.
            let opened = opened.or_else(|_| self.world.open(&self.names[number]));
            self.open[number] = Some(opened.unwrap());
        }
        self.open[number].as_ref().unwrap()
    }

    fn take(&mut self, number: usize, step: &Step) {
        let subjects = |some: &[u128]| some.iter().map(|it| id(*it)).collect::<Vec<_>>();
        let fine = |result: Result<(), KeyringError>| match result {
            Ok(())
            | Err(
                KeyringError::Tombstoned(_)
                | KeyringError::Held(_)
                | KeyringError::NoKey(_)
                | KeyringError::Awaiting(_)
                | KeyringError::Unavailable { .. },
            ) => {}
            Err(other) => panic!("{other:?}"),
        };
        match step {
            Step::Create(some) => fine(self.ring(number).create(&subjects(some)).map(drop)),
            Step::Hold(subject, held) => fine(self.ring(number).hold(id(*subject), *held)),
            Step::Destroy(some) => fine(self.ring(number).destroy(&subjects(some)).map(drop)),
            Step::Look(subject) => fine(self.ring(number).key(id(*subject)).map(drop)),
            Step::Follow => fine(self.ring(number).follow()),
            Step::Reopen => self.open[number] = None,
            Step::Fault(written) => {
                let fault = if *written { Fault::AnswerLost } else { Fault::NotWritten };
                self.world.stream.next_append(fault);
            }
            Step::Replace => {
                let old = self.ring(number).name().unwrap();
                self.open[number] = None;
                self.replaced += 1;
                let new = format!("{number}-{}", self.replaced);
                self.world.copy(&self.names[number], &new).unwrap();
                self.names[number] = new;
                self.ring(number);
                let struck = self.world.strike_off(old).or_else(|_| self.world.strike_off(old));
                struck.unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn three_rings_end_as_one(steps in prop::collection::vec((0..RINGS, step()), 1..60)) {
        let (world, open) = World::with_rings::<RINGS>();
        let first = world.transport("0", 1);
        let names = std::array::from_fn(|ring| ring.to_string());
        let mut rings = Rings { world, names, open: open.map(Some), replaced: 0 };
        let mut known: HashMap<u128, [u8; 32]> = HashMap::new();
        for (number, step) in &steps {
            rings.take(*number, step);
            // A key is the same for good in whichever ring, until it is gone for good.
            for ring in rings.open.iter().flatten() {
                for subject in SUBJECTS {
                    let state = ring.state(id(subject)).unwrap();
                    if let Some(State::Live | State::Held) = state {
                        let key = ring.key(id(subject)).unwrap().unwrap().commitment();
                        prop_assert_eq!(*known.entry(subject).or_insert(key), key);
                    }
                }
            }
        }
        rings.take(0, &Step::Follow);
        for number in (0..RINGS).chain(0..RINGS) {
            let ring = rings.ring(number);
            // Once more, if that met a fault.
            ring.follow().or_else(|_| ring.follow()).unwrap();
        }
        let (state, key) = (states(rings.ring(0), &SUBJECTS), keys(rings.ring(0), &SUBJECTS));
        for number in 1..RINGS {
            prop_assert_eq!(&states(rings.ring(number), &SUBJECTS), &state);
            prop_assert_eq!(&keys(rings.ring(number), &SUBJECTS), &key);
        }
        let erased: Vec<u128> = SUBJECTS
            .into_iter()
            .zip(&state)
            .filter(|(_, state)| **state == Some(State::Tombstoned))
            .map(|(subject, _)| subject)
            .collect();
        for subject in &erased {
            rings.ring(1).destroy(&[id(*subject)]).unwrap();
        }
        opens_nowhere(&mut rings, &first, &erased);
    }
}

/// Everything that is left is tried on everything that the stream ever carried.
fn opens_nowhere(rings: &mut Rings, first: &[u8; 32], erased: &[u128]) {
    let epoch =
        rings.world.events().iter().filter(|event| event["what"]["type"] == "destroyed").count();
    let epoch = 1 + u32::try_from(epoch).unwrap();
    let mut then = *first;
    let mut of_each = vec![(1, then)];
    for next in 2..=epoch {
        then = ratchet(&then, next);
        of_each.push((next, then));
    }
    for number in 0..RINGS {
        rings.ring(number);
        let left = rings.world.transport(&rings.names[number], epoch);
        assert_eq!(left, then);
    }
    for event in rings.world.events() {
        for key in event["what"]["keys"].as_array().into_iter().flatten() {
            let made_in = u32::try_from(event["what"]["epoch"].as_u64().unwrap()).unwrap();
            let (_, right) = of_each[made_in as usize - 1];
            assert!(unpack(&right, made_in, key).is_some(), "the right one opens it");
            let subject = key["subject"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
            if erased.contains(&subject.as_u128()) {
                for tried in 0..=epoch + 1 {
                    assert_eq!(unpack(&then, tried, key), None, "{subject} opens");
                }
            }
        }
    }
}
