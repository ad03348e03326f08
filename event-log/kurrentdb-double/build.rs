//! Makes Rust of our own description of the protocol, without `protoc`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    let files = ["streams.proto", "server_features.proto", "gossip.proto"];
    let described = protox::compile(files, ["proto"])?;
    tonic_build::configure().build_client(false).compile_fds(described)?;
    Ok(())
}
