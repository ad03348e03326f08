//! The services, each call handed to the file that answers it.

use std::{
    pin::Pin,
    sync::{Arc, atomic::Ordering},
};

use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming, metadata::MetadataMap};
use uuid::Uuid;

use crate::{
    access::Right,
    append, batch,
    convert::Ids,
    deleting,
    double::Shared,
    errors,
    log::now,
    read,
    wire::{
        event_store::client::Empty,
        gossip::{ClusterInfo, EndPoint, MemberInfo, gossip_server, member_info::VNodeState},
        server_features::{SupportedMethod, SupportedMethods, server_features_server},
        streams::{
            AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, DeleteReq, DeleteResp, ReadReq,
            ReadResp, TombstoneReq, TombstoneResp, streams_server,
        },
    },
};

/// A stream of answers.
pub(crate) type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// What answers the calls to one node.
#[derive(Clone, Debug)]
pub(crate) struct Requests {
    pub(crate) shared: Arc<Shared>,
    pub(crate) node: usize,
}

impl Requests {
    fn leads(&self) -> bool {
        self.shared.leader.load(Ordering::Relaxed) == self.node
    }

    /// Only the leader answers who asks for the leader.
    pub(crate) fn check_leader(&self, metadata: &MetadataMap) -> Result<(), Status> {
        let asked = metadata.get("requires-leader").is_some_and(|asked| asked == "true");
        if asked && !self.leads() { Err(self.not_leader()) } else { Ok(()) }
    }

    pub(crate) fn not_leader(&self) -> Status {
        self.shared.leader_address().map_or_else(
            || Status::unavailable("no leader"),
            |leader| errors::not_leader(&leader.ip().to_string(), leader.port()),
        )
    }

    pub(crate) fn check(
        &self,
        metadata: &MetadataMap,
        stream: &str,
        right: Right,
    ) -> Result<(), Status> {
        let access = self.shared.access().clone();
        access.check(&self.shared.log, metadata, stream, right)
    }
}

#[tonic::async_trait]
impl streams_server::Streams for Requests {
    type ReadStream = Answers<ReadResp>;
    type BatchAppendStream = Answers<BatchAppendResp>;

    async fn read(&self, request: Request<ReadReq>) -> Result<Response<Answers<ReadResp>>, Status> {
        read::read(self, request).map(Response::new)
    }

    async fn append(
        &self,
        request: Request<Streaming<AppendReq>>,
    ) -> Result<Response<AppendResp>, Status> {
        append::append(self, request).await.map(Response::new)
    }

    async fn delete(&self, request: Request<DeleteReq>) -> Result<Response<DeleteResp>, Status> {
        deleting::delete(self, request).map(Response::new)
    }

    async fn tombstone(
        &self,
        request: Request<TombstoneReq>,
    ) -> Result<Response<TombstoneResp>, Status> {
        deleting::tombstone(self, request).map(Response::new)
    }

    async fn batch_append(
        &self,
        request: Request<Streaming<BatchAppendReq>>,
    ) -> Result<Response<Answers<BatchAppendResp>>, Status> {
        batch::batch_append(self, request).map(Response::new)
    }
}

#[tonic::async_trait]
impl server_features_server::ServerFeatures for Requests {
    async fn get_supported_methods(
        &self,
        _request: Request<Empty>,
    ) -> Result<Response<SupportedMethods>, Status> {
        let method = |name: &str, features: &[&str]| SupportedMethod {
            method_name: name.to_owned(),
            service_name: "event_store.client.streams.streams".to_owned(),
            features: features.iter().map(|&feature| feature.to_owned()).collect(),
        };
        Ok(Response::new(SupportedMethods {
            methods: vec![
                method("read", &["position", "events"]),
                method("append", &[]),
                method("delete", &[]),
                method("tombstone", &[]),
                method("batchappend", &["deadline_duration"]),
            ],
            event_store_server_version: self.shared.options().version.clone(),
        }))
    }
}

#[tonic::async_trait]
impl gossip_server::Gossip for Requests {
    async fn read(&self, _request: Request<Empty>) -> Result<Response<ClusterInfo>, Status> {
        let leader = self.shared.leader.load(Ordering::Relaxed);
        let nodes = self.shared.nodes().clone();
        let member = |(index, (address, alive)): (usize, (std::net::SocketAddr, bool))| {
            let state = if index == leader { VNodeState::Leader } else { VNodeState::Follower };
            MemberInfo {
                instance_id: Some(Ids::Text.write(Uuid::from_u128(index as u128 + 1))),
                time_stamp: i64::try_from(now()).unwrap_or(i64::MAX),
                state: state.into(),
                is_alive: alive,
                http_end_point: Some(EndPoint {
                    address: address.ip().to_string(),
                    port: address.port().into(),
                }),
            }
        };
        let members = nodes.into_iter().enumerate().map(member).collect();
        Ok(Response::new(ClusterInfo { members }))
    }
}
