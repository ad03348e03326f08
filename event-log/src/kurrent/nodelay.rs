//! Small packets go out at once: the client does not ask for it, and there each call waits 40 ms.
//!
//! The client of version 1.2.0 leaves Nagle's algorithm on: the second small packet of a call waits
//! until the server has acknowledged the first, and servers put that off for 40 ms. It has no setting
//! for it and does not hand out its socket; Linux gives a process a second handle on a socket of its
//! own. Elsewhere, and where that is forbidden, nothing happens but that calls take longer.

use eventstore_client::ClientSettings;

/// Switches the delay off on the connections of this process to the ports of the cluster.
#[cfg(target_os = "linux")]
pub(super) fn on_connections_to(settings: &ClientSettings) {
    // What cannot be switched off only costs time; nobody is to be told at every connection.
    drop(linux::switch_off(settings));
}

#[cfg(not(target_os = "linux"))]
pub(super) fn on_connections_to(_settings: &ClientSettings) {}

#[cfg(target_os = "linux")]
mod linux {
    use std::{fs, io, net::SocketAddr};

    use eventstore_client::ClientSettings;
    use rustix::{
        net::{getpeername, sockopt::set_tcp_nodelay},
        process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open},
    };

    pub(super) fn switch_off(settings: &ClientSettings) -> io::Result<()> {
        let ports: Vec<u32> = settings.hosts().iter().map(|host| host.port).collect();
        let process = pidfd_open(getpid(), PidfdFlags::empty())?;
        for entry in fs::read_dir("/proc/self/fd")? {
            let Ok(entry) = entry else { continue };
            let Ok(number) = entry.file_name().to_string_lossy().parse() else { continue };
            let is_socket = fs::read_link(entry.path())
                .is_ok_and(|target| target.to_string_lossy().starts_with("socket:"));
            if !is_socket {
                continue;
            }
            // One that has been closed since, or is no connection, is passed over.
            let Ok(socket) = pidfd_getfd(&process, number, PidfdGetfdFlags::empty()) else {
                continue;
            };
            let peer = getpeername(&socket).ok().flatten();
            let peer = peer.and_then(|peer| SocketAddr::try_from(peer).ok());
            if peer.is_some_and(|peer| ports.contains(&u32::from(peer.port()))) {
                set_tcp_nodelay(&socket, true)?;
            }
        }
        Ok(())
    }
}
