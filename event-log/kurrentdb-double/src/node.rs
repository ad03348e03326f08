//! One node: its own threads, so that it can die with everything it was doing.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::runtime::{Builder, Runtime};
use tokio_stream::{StreamExt, wrappers::TcpListenerStream};
use tonic::{service::Routes, transport::Server};

use crate::{
    admin,
    double::Shared,
    requests::Requests,
    wire::{
        gossip::gossip_server::GossipServer,
        server_features::server_features_server::ServerFeaturesServer,
        streams::streams_server::StreamsServer,
    },
};

/// The most a server takes in one message.
const LONGEST_MESSAGE: usize = 16 * 1024 * 1024 - 10_000;

/// For how long a port that has just been let go is asked for again.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) address: SocketAddr,
    threads: Option<Runtime>,
}

impl Node {
    pub(crate) fn start(index: usize, address: SocketAddr, shared: &Arc<Shared>) -> Self {
        let listener = listen(address);
        let address = listener.local_addr().expect("the listener has an address");
        listener.set_nonblocking(true).expect("the listener does not block");
        let requests = Requests { shared: Arc::clone(shared), node: index };
        let threads = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("kurrentdb-double")
            .enable_all()
            .build()
            .expect("a thread");
        threads.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            // As servers do: an answer does not wait for the acknowledgement of what went before it.
            let connections = TcpListenerStream::new(listener).map(|connection| {
                connection.and_then(|connection| connection.set_nodelay(true).map(|()| connection))
            });
            let streams = StreamsServer::new(requests.clone())
                .max_decoding_message_size(LONGEST_MESSAGE)
                .max_encoding_message_size(LONGEST_MESSAGE * 2);
            let routes = Routes::new(streams)
                .add_service(ServerFeaturesServer::new(requests.clone()))
                .add_service(GossipServer::new(requests.clone()));
            let routes = admin::routes(routes.into_axum_router(), requests);
            Server::builder()
                .accept_http1(true)
                .add_routes(Routes::from(routes))
                .serve_with_incoming(connections)
                .await
        });
        Self { address, threads: Some(threads) }
    }

    pub(crate) fn kill(&mut self) {
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A node that died lets go of its port in its own time.
fn listen(address: SocketAddr) -> TcpListener {
    let began = Instant::now();
    loop {
        match TcpListener::bind(address) {
            Ok(listener) => return listener,
            Err(cause) => assert!(began.elapsed() < PATIENCE, "{address}: {cause}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
