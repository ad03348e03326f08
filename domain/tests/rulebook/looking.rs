//! Looking at records: the rules A1 to A14, and the investigations that follow, I1 to I3.

mod a_record;
mod accesses;
mod assign;
mod attempt_override;
mod close_record;
mod conclude;
mod confirm_override;
mod end_override;
mod matching;
mod near_match;
mod open_record;
mod progress;
mod properties_looking;
mod query_trail;
mod result_list;
mod screen;
mod search;
mod visible;
mod withdraw_override;
mod world;
