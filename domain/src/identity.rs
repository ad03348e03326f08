//! Handles: random 128-bit names for persons and things, which say nothing about them.

/// Declares a handle: a newtype over a random UUID, parsed at the edge and printed hyphenated.
macro_rules! handle {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// Takes an identity chosen by the caller's edge.
            pub const fn new(id: uuid::Uuid) -> Self {
                Self(id)
            }

            /// The identity as a UUID.
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.hyphenated())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::identity::NotAHandle;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                uuid::Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| $crate::identity::NotAHandle { kind: stringify!($name) })
            }
        }
    };
}

/// The text is not a UUID, so it names nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a handle of kind {kind}: 32 hexadecimal digits, with or without hyphens, are expected"
)]
pub struct NotAHandle {
    /// The kind of handle that was expected.
    pub kind: &'static str,
}

handle! {
    /// A person who works with, or administers, the directory. One stream of standing each.
    PractitionerId
}
handle! {
    /// A child's record. Random; the number printed on papers is a personal value inside the record.
    ChildRef
}
handle! {
    /// A local authority, national partner, other accredited body, or the department.
    OrganisationId
}
handle! {
    /// An investigation, opened by the system.
    InvestigationId
}
handle! {
    /// One opening of one record by one user; closed when they leave it.
    OpeningId
}
handle! {
    /// One run of the override procedure; never reused.
    OverrideId
}
handle! {
    /// A copy of a screen that left the directory, on paper or as a file.
    CopyId
}
handle! {
    /// One request to be put in touch with whoever else works with a child.
    BrokeringId
}
handle! {
    /// A carer on one child's record.
    CarerId
}
handle! {
    /// An involvement of a service with one child.
    InvolvementId
}
handle! {
    /// A request to shield a record.
    ShieldRequestId
}
handle! {
    /// A physical security token.
    TokenId
}
handle! {
    /// An activity that informed the public, or a notice of a school.
    PublicityId
}
handle! {
    /// A legal hold: while it is open, nothing about its subject is erased.
    HoldId
}
handle! {
    /// One stored event.
    EventId
}

impl OrganisationId {
    /// The department, which is an organisation like the others with a handle everyone knows.
    pub const DEPARTMENT: Self =
        Self(uuid::Uuid::from_u128(0xdc5f_0000_0000_4000_8000_0000_0000_0001));
}
