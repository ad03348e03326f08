//! A stand-in for KurrentDB in tests: the documented wire protocol over a log in memory.
//!
//! It is no database. It answers as one does: streams with exact revisions and idempotent appends,
//! `$all` with filters and positions that have gaps, subscriptions with checkpoints, access lists,
//! gossip, and the few HTTP answers that an operator's checks read. What goes wrong on a real
//! cluster goes wrong here on demand ([`faults`]). Clients of other authors can use it.
//!
//! ```no_run
//! let double = kurrentdb_double::Double::start();
//! let connection = double.connection();   // kurrentdb://contactpoint:…@127.0.0.1:41233?tls=false
//! ```
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::result_large_err,
    reason = "a stand-in in tests, whose own mistakes end the test; a status is what tonic takes"
)]

pub mod access;
mod admin;
mod append;
mod batch;
mod convert;
mod deleting;
pub mod double;
mod errors;
pub mod faults;
mod filter;
pub mod log;
mod node;
pub mod options;
mod persisted;
mod read;
mod requests;
mod subscribe;

pub use double::Double;

/// What the build made of our description of the protocol.
#[expect(
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated"
)]
pub(crate) mod wire {
    pub(crate) mod google {
        pub(crate) mod rpc {
            tonic::include_proto!("google.rpc");
        }
    }
    pub(crate) mod event_store {
        pub(crate) mod client {
            tonic::include_proto!("event_store.client");
            pub(crate) mod streams {
                tonic::include_proto!("event_store.client.streams");
            }
            pub(crate) mod server_features {
                tonic::include_proto!("event_store.client.server_features");
            }
            pub(crate) mod gossip {
                tonic::include_proto!("event_store.client.gossip");
            }
        }
    }
    pub(crate) use event_store::client::{gossip, server_features, streams};
}
