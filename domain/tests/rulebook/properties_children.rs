//! What holds of a record and its shield after any sequence of commands, by anybody.

mod steps;
mod world;

use domain::{
    access::ShieldState,
    child::{self, Child},
    fold::Fold,
    shield::{self, Shield, history::ShieldingHistory},
};
use proptest::{collection::vec, prelude::*, strategy::ValueTree};

use self::{
    steps::{shield_event, step},
    world::{World, Written},
};

fn is_shielded(state: ShieldState) -> bool {
    match state {
        ShieldState::Unshielded => false,
        ShieldState::Provisional | ShieldState::Applied => true,
    }
}

/// The only ways out of a shield.
fn may_unshield(before: ShieldState, event: &shield::Event) -> bool {
    match (before, event) {
        (ShieldState::Applied, shield::Event::Lifted { .. })
        | (
            ShieldState::Provisional,
            shield::Event::Refused { .. } | shield::Event::Lifted { .. },
        ) => true,
        (_, _) => false,
    }
}

/// A pair of states on either side of one step, and what the step wrote.
fn responsibility_moved_only_by_agreement(
    before: &Child,
    after: &Child,
    written: &Written,
) -> Result<(), TestCaseError> {
    if before.responsible_authority() == after.responsible_authority() {
        return Ok(());
    }
    let Written::Child(events) = written else {
        return Err(TestCaseError::fail("responsibility moved without an event of the record"));
    };
    match events.as_slice() {
        [
            child::Event::RecordCreated { .. },
            ..,
            child::Event::ResponsibilityAllocated { authority },
        ] => {
            prop_assert_eq!(before.responsible_authority(), None);
            prop_assert_eq!(after.responsible_authority(), Some(*authority));
        }
        [child::Event::ResponsibilityTransferAccepted { by }] => {
            prop_assert_eq!(before.transfer_offered_to(), Some(*by));
            prop_assert_eq!(after.responsible_authority(), Some(*by));
        }
        events => prop_assert!(false, "responsibility moved by {:?}", events),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r1_from_its_creation_a_record_has_exactly_one_responsible_authority(
        steps in vec(step(), 1..50),
    ) {
        let mut world = World::default();
        for step in steps {
            let before = world.child().clone();
            let written = world.take(&step);
            prop_assert_eq!(world.child().exists(), world.child().responsible_authority().is_some());
            responsibility_moved_only_by_agreement(&before, world.child(), &written)?;
        }
    }

    #[test]
    fn s6_a_shield_changes_by_events_of_its_own_and_ends_only_by_decision(
        steps in vec(step(), 1..50),
    ) {
        let mut world = World::default();
        for step in steps {
            let before = world.shield().clone();
            let written = world.take(&step);
            match &written {
                Written::Nothing | Written::Child(_) => prop_assert_eq!(&before, world.shield()),
                Written::Shield(events) => {
                    if before.is_shielded() && !world.shield().is_shielded() {
                        prop_assert!(events.iter().any(|event| may_unshield(before.state(), event)));
                    }
                }
            }
        }
    }

    #[test]
    fn s6_no_sequence_of_shield_events_whatever_unshields_but_a_refusal_or_a_lifting(
        events in vec(shield_event(), 1..40),
    ) {
        let mut state = Shield::default();
        for recorded in world::recorded(events) {
            let before = state.state();
            state.evolve(&recorded);
            if is_shielded(before) && !is_shielded(state.state()) {
                prop_assert!(may_unshield(before, &recorded.event), "{:?}", recorded.event);
            }
            prop_assert_eq!(state.is_shielded(), state.grounds().is_some());
            prop_assert_eq!(state.is_shielded(), is_shielded(state.state()));
        }
    }

    #[test]
    fn r4_no_sequence_of_commands_shows_a_quarantined_record_but_a_decision(
        steps in vec(step(), 1..50),
    ) {
        let mut world = World::default();
        for step in steps {
            let was_hidden = world.child().exists() && !world.child().is_live();
            let written = world.take(&step);
            if was_hidden && world.child().is_live() {
                let resolved = matches!(
                    &written,
                    Written::Child(events)
                        if matches!(events.as_slice(), [child::Event::QuarantineResolved { .. }])
                );
                prop_assert!(resolved);
            }
        }
    }

    #[test]
    fn r1_folding_step_by_step_is_replaying_the_whole(steps in vec(step(), 1..50)) {
        let mut world = World::default();
        for step in steps {
            world.take(&step);
        }
        prop_assert_eq!(world.child(), &Child::replay(world.child_history()));
        prop_assert_eq!(world.shield(), &Shield::replay(world.shield_history()));
        let shown = ShieldingHistory::replay(world.shield_history());
        prop_assert_eq!(world.shield(), shown.shield());
    }

    #[test]
    fn s7_the_shown_history_is_unbroken(steps in vec(step(), 1..50)) {
        let mut world = World::default();
        for step in steps {
            world.take(&step);
        }
        let shown = ShieldingHistory::replay(world.shield_history());
        let mut state = ShieldState::Unshielded;
        for decision in shown.decisions() {
            prop_assert_eq!(decision.before, state);
            state = decision.after;
        }
        prop_assert_eq!(state, world.shield().state());
    }
}

/// The properties above would hold of a generator that never gets anywhere. This one gets everywhere.
#[test]
fn s6_the_generated_sequences_reach_every_kind_of_step() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..250 {
        let steps = vec(step(), 60).new_tree(&mut runner).unwrap().current();
        let mut world = World::default();
        for step in steps {
            world.take(&step);
        }
        reached.extend(world.kinds());
    }
    let missing: Vec<_> = world::KINDS.iter().filter(|kind| !reached.contains(**kind)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
}
