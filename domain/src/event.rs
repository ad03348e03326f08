//! Every event there is, one variant per subject.

use serde::{Serialize, Serializer};

use crate::{
    access, activity, audit, child, erasure, investigation, key, organisation, policy,
    practitioner, shield,
};

/// Any event of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// About the values the rules need.
    Policy(policy::Event),
    /// About an organisation.
    Organisation(organisation::Event),
    /// About a person's standing.
    Practitioner(practitioner::Event),
    /// What a person searched for.
    Activity(activity::Event),
    /// About a child's record.
    Child(child::Event),
    /// About a shield.
    Shield(shield::Event),
    /// Who looked at a child's record.
    Access(access::Event),
    /// About an investigation.
    Investigation(investigation::Event),
    /// About the key of a subject.
    Key(key::Event),
    /// What was asked of the trail.
    Audit(audit::Event),
    /// About the erasure of a subject.
    Erasure(erasure::Event),
}

macro_rules! conversions {
    ($($variant:ident $module:ident),*) => {
        $(
            impl From<$module::Event> for Event {
                fn from(event: $module::Event) -> Self {
                    Self::$variant(event)
                }
            }
            impl TryFrom<Event> for $module::Event {
                type Error = Event;
                /// Narrows to this subject; an event of another one comes back unchanged.
                fn try_from(event: Event) -> Result<Self, Event> {
                    if let Event::$variant(event) = event { Ok(event) } else { Err(event) }
                }
            }
        )*

        impl Serialize for Event {
            /// Writes `{"<stored name>": {…}}`.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(event) => event.serialize(serializer),)*
                }
            }
        }

        impl Event {
            /// Every subject: the first part of its events' stored names and of its streams'.
            pub const CATEGORIES: &'static [&'static str] = &[$(stringify!($module)),*];

            /// Reads an event of the named category from `{"<stored name>": {…}}`.
            ///
            /// # Errors
            /// Says which name or field is not known; `None` when the category itself is not.
            pub fn deserialize_as<'de, D: serde::Deserializer<'de>>(
                category: &str,
                deserializer: D,
            ) -> Option<Result<Self, D::Error>> {
                $(
                    if category == stringify!($module) {
                        return Some(
                            <$module::Event as serde::Deserialize>::deserialize(deserializer)
                                .map(Self::$variant),
                        );
                    }
                )*
                None
            }
        }
    };
}

conversions!(
    Policy policy,
    Organisation organisation,
    Practitioner practitioner,
    Activity activity,
    Child child,
    Shield shield,
    Access access,
    Investigation investigation,
    Key key,
    Audit audit,
    Erasure erasure
);
