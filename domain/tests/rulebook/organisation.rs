//! Organisations, the training programme, information to the public: the rules O1 to O6, T1 to T6, P1 to P3.

mod accreditation;
mod enable_capability;
mod fair_processing;
mod programme;
mod public_information;
mod register;
mod shielding_phase;
mod training_phase;
