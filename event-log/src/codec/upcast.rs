//! Old JSON made new, before decoding: so the domain knows only today's events.
//!
//! A change of meaning is a new event or a new version. When a version is followed by another, its
//! samples stay in `fixtures/histories` for ever, and a step from it to the next stands in
//! [`Upcasts::current`]. Today every event is at the version it was born with, so there is none.

use std::collections::HashMap;

use serde_json::Value;

/// Makes the content of one old version that of the next. Personal values may stand in it as
/// `{"$personal":…}` or, without their key, as `{"$sealed":n}`: a step moves them, never looks inside.
pub type Step = fn(Value) -> Result<Value, NotThatVersion>;

/// The content is not what that version held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the content is not what version {0} holds")]
pub struct NotThatVersion(pub &'static str);

/// From the stored name of each old version to the next one, and how.
#[derive(Clone, Debug, Default)]
pub struct Upcasts {
    steps: HashMap<&'static str, (&'static str, Step)>,
}

impl Upcasts {
    /// Those of the directory.
    pub fn current() -> Self {
        Self::default()
    }

    /// Adds a step from one stored name to the one that followed it.
    #[must_use]
    pub fn step(mut self, from: &'static str, to: &'static str, step: Step) -> Self {
        self.steps.insert(from, (to, step));
        self
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        !self.steps.is_empty() && self.steps.contains_key(name)
    }

    /// Takes every step there is from a version on.
    pub(super) fn apply(
        &self,
        name: &str,
        mut data: Value,
    ) -> Result<(String, Value), NotThatVersion> {
        let mut name = name.to_owned();
        // A step leads to a later version, so more steps than versions would be a circle.
        for _ in 0..self.steps.len() {
            let Some((to, step)) = self.steps.get(name.as_str()) else { break };
            data = step(data)?;
            (*to).clone_into(&mut name);
        }
        Ok((name, data))
    }
}
