//! Authorised users: the rules U1 to U18.

mod appointment;
mod authorise_account;
mod close_account;
mod crb_check;
mod identity;
mod isa_monitoring;
mod nominate;
mod override_right;
mod procedures_agreement;
mod security_token;
mod standing;
mod suspension;
mod test_result;
mod training;
