//! Compiles the wire contract in proto/ to Rust, with no protoc binary. The
//! descriptor itself is kept too: a test compares it with the contract's table.
//! Also decides the version that the program gives.

use protox::prost::Message;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = ["proto/tfplugin6.proto", "proto/plugin.proto"];
    for file in files {
        println!("cargo::rerun-if-changed={file}");
    }
    println!("cargo::rerun-if-changed=build.rs");

    // A release is named at its build; any other build is what Cargo.toml says.
    println!("cargo::rerun-if-env-changed=PROVIDER_VERSION");
    let version = std::env::var("PROVIDER_VERSION").or(std::env::var("CARGO_PKG_VERSION"))?;
    println!("cargo::rustc-env=PROVIDER_VERSION={version}");

    let descriptors = protox::compile(files, ["proto"])?;
    let out = std::path::PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    // Calls that we do not write answer UNIMPLEMENTED; the client half is what
    // the protocol tests speak.
    tonic_prost_build::configure()
        .generate_default_stubs(true)
        .build_transport(false)
        .codec_path("crate::plugin::messages::Messages")
        .compile_fds(descriptors)?;
    Ok(())
}
