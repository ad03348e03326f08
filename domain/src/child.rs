//! A child's record: facts, carers, involvements, the one responsible authority.

mod address;
mod date_of_birth;
mod event;
mod gender;
mod name;
mod number;
mod party;

pub use address::{Address, ReturnStatement, UnusableAddress, Whereabouts};
pub use date_of_birth::{DateOfBirth, UnusableDateOfBirth};
pub use event::{DataSource, Detail, Event, QuarantineOutcome, SensitiveBasis};
pub use gender::Gender;
pub use name::{Name, UnusableName};
pub use number::{ChildNumber, UnusableNumber};
pub use party::{Carer, Contact, InvolvedService, Provider, Relation, ServiceKind};
