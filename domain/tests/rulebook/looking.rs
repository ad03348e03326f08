//! Looking at records: the rules A1 to A20, and the investigations that follow, I1 to I3.

mod a_record;
mod accesses;
mod assign;
mod attempt_override;
mod brokering;
mod close_record;
mod conclude;
mod confirm_override;
mod destroy_copy;
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
mod take_copy;
mod visible;
mod withdraw_override;
mod world;
