//! The double: one log, and the nodes that serve it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use serde_json::json;
use uuid::Uuid;

use crate::{
    access::Access,
    faults::Faults,
    log::{Expected, Log, Proposed},
    node::Node,
    options::Options,
};

/// What the nodes of a cluster share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) log: Log,
    pub(crate) faults: Faults,
    pub(crate) access: Mutex<Access>,
    pub(crate) options: Mutex<Options>,
    pub(crate) leader: AtomicUsize,
    /// Address and whether it is up, of each node.
    pub(crate) nodes: Mutex<Vec<(SocketAddr, bool)>>,
    pub(crate) subscribers: AtomicU64,
}

impl Shared {
    pub(crate) fn access(&self) -> MutexGuard<'_, Access> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn options(&self) -> MutexGuard<'_, Options> {
        self.options.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn nodes(&self) -> MutexGuard<'_, Vec<(SocketAddr, bool)>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn leader_address(&self) -> Option<SocketAddr> {
        self.nodes().get(self.leader.load(Ordering::Relaxed)).map(|(address, _)| *address)
    }
}

/// A cluster that is none. Ends when it is dropped.
#[derive(Debug)]
pub struct Double {
    shared: Arc<Shared>,
    nodes: Vec<Node>,
}

impl Double {
    /// One node over an empty log, set up as an audit trail should be.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start() -> Self {
        Self::over(Log::new(), &[0])
    }

    /// Two nodes over one empty log; the first leads.
    ///
    /// # Panics
    /// When no port is free.
    pub fn pair() -> Self {
        Self::over(Log::new(), &[0, 0])
    }

    /// A node for each port, over a log that may have events. Port 0 takes any free one.
    ///
    /// # Panics
    /// When a port is taken.
    pub fn over(log: Log, ports: &[u16]) -> Self {
        let shared = Arc::new(Shared {
            log,
            faults: Faults::default(),
            access: Mutex::default(),
            options: Mutex::default(),
            leader: AtomicUsize::new(0),
            nodes: Mutex::default(),
            subscribers: AtomicU64::new(0),
        });
        shared.options().flags.insert("ClusterSize", ports.len().to_string());
        let mut double = Self { shared, nodes: Vec::new() };
        if double.shared.log.everything().is_empty() {
            double.set_up();
        }
        for (index, &port) in ports.iter().enumerate() {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let node = Node::start(index, address, &double.shared);
            double.shared.nodes().push((node.address, true));
            double.nodes.push(node);
        }
        double
    }

    /// The access lists that an operator writes before anything else.
    fn set_up(&mut self) {
        let (writer, reader) = (json!(["audit-writer"]), json!(["audit-reader"]));
        let ours = json!({"$w": writer, "$r": reader, "$d": [], "$mw": [], "$mr": reader});
        let system = json!({"$w": [], "$r": ["$admins"], "$d": [], "$mw": [], "$mr": ["$admins"]});
        let settings = json!({"$userStreamAcl": ours, "$systemStreamAcl": system});
        self.write("$settings", "update-default-acl", &settings);
        for stream in ["$all", "$scavenges", "$settings"] {
            let list = json!({"$acl": {"$r": reader, "$mr": reader}});
            self.write(&format!("$${stream}"), "$metadata", &list);
        }
    }

    /// Writes an event as an administrator would.
    ///
    /// # Panics
    /// When the stream has been tombstoned.
    pub fn write(&self, stream: &str, kind: &str, data: &serde_json::Value) {
        let event = Proposed {
            id: Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{stream}{data}").as_bytes()),
            kind: kind.to_owned(),
            json: true,
            data: data.to_string().into_bytes(),
            custom: Vec::new(),
        };
        let written = self.log().append(stream, Expected::Any, vec![event]);
        assert!(written.is_ok(), "{stream} has been tombstoned");
    }

    /// The log.
    pub fn log(&self) -> &Log {
        &self.shared.log
    }

    /// What shall go wrong.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// Who may do what.
    pub fn access(&self) -> MutexGuard<'_, Access> {
        self.shared.access()
    }

    /// How the server says it is set up.
    pub fn options(&self) -> MutexGuard<'_, Options> {
        self.shared.options()
    }

    /// How many subscriptions there are now.
    pub fn subscribers(&self) -> u64 {
        self.shared.subscribers.load(Ordering::Relaxed)
    }

    /// The connection string of the server's own user. Several nodes are found by gossip.
    pub fn connection(&self) -> String {
        self.connection_as("contactpoint", "double")
    }

    /// The connection string of a user.
    pub fn connection_as(&self, login: &str, password: &str) -> String {
        let hosts: Vec<String> =
            self.shared.nodes().iter().map(|(address, _)| address.to_string()).collect();
        format!("kurrentdb://{login}:{password}@{}?tls=false", hosts.join(","))
    }

    /// The address of a node.
    ///
    /// # Panics
    /// When there is no such node.
    pub fn address(&self, node: usize) -> SocketAddr {
        self.nodes[node].address
    }

    /// A node dies: its connections break, and nothing listens any more.
    ///
    /// # Panics
    /// When there is no such node.
    pub fn kill(&mut self, node: usize) {
        self.nodes[node].kill();
        self.shared.nodes()[node].1 = false;
    }

    /// A node that died is there again, at its old address.
    ///
    /// # Panics
    /// When there is no such node, or its port has been taken.
    pub fn revive(&mut self, node: usize) {
        let address = self.nodes[node].address;
        self.nodes[node] = Node::start(node, address, &self.shared);
        self.shared.nodes()[node].1 = true;
    }

    /// Another node leads from now on.
    pub fn lead(&self, node: usize) {
        self.shared.leader.store(node, Ordering::Relaxed);
    }
}
