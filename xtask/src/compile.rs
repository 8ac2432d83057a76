//! Runs cargo: the provider's release build, and the docs generator, which is a crate of
//! its own so that its dependencies are the provider's and stay built.

use crate::Outcome;
use crate::baseline::{self, GLIBC};
use crate::files::{Platform, Version};
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGE: &str = "terraform-provider-eventbridge";
/// What cross-links against it, from PyPI.
const TOOLS: [&str; 2] = ["cargo-zigbuild==0.24.0", "ziglang==0.17.1"];

/// The repository.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// When the commit was made, in seconds since 1970: the time of everything packaged.
/// `SOURCE_DATE_EPOCH` in the environment wins.
pub fn commit_time(root: &Path) -> Outcome<i64> {
    if let Ok(epoch) = std::env::var("SOURCE_DATE_EPOCH") {
        return epoch
            .trim()
            .parse()
            .map_err(|_| format!("SOURCE_DATE_EPOCH={epoch} is no time"));
    }
    let output = Command::new("git")
        .args(["log", "-1", "--format=%ct"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run git (or set SOURCE_DATE_EPOCH): {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .map_err(|_| "git knows no commit here: set SOURCE_DATE_EPOCH".to_owned())
}

/// Builds the provider for this machine's kind; on Linux for old C libraries too.
pub fn provider(root: &Path, version: &Version, epoch: i64) -> Outcome<(Platform, PathBuf)> {
    let platform = Platform::of_this_machine();
    let triple = match (platform.os.as_str(), platform.arch.as_str()) {
        ("linux", "amd64") => Some("x86_64-unknown-linux-gnu"),
        ("linux", "arm64") => Some("aarch64-unknown-linux-gnu"),
        _ => None,
    };
    let target = root.join("target");
    let mut command = Command::new(env!("CARGO"));
    let mut has_baseline = false;
    let directory = match triple.map(|triple| (triple, zigbuild(root))) {
        Some((triple, Ok(tools))) => {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let path = [tools].into_iter().chain(std::env::split_paths(&path));
            let path = std::env::join_paths(path).map_err(|error| error.to_string())?;
            command.env("PATH", path);
            has_baseline = true;
            command.args(["zigbuild", "--target", &format!("{triple}.{GLIBC}")]);
            target.join(triple).join("release")
        }
        Some((_, Err(why))) => {
            println!("Without cargo-zigbuild ({why}):");
            println!("the binary will need a C library as new as this machine's.");
            command.arg("build");
            target.join("release")
        }
        None => {
            command.arg("build");
            target.join("release")
        }
    };
    command
        .args(["--locked", "--release", "--package", PACKAGE])
        .current_dir(root)
        .env("PROVIDER_VERSION", version.to_string())
        .env("SOURCE_DATE_EPOCH", epoch.to_string())
        .env("CARGO_ENCODED_RUSTFLAGS", remapped(root).join("\u{1f}"))
        .env("CFLAGS", c_flags(root));
    run(command, "the release build")?;
    let binary = directory.join(if platform.os == "windows" {
        "terraform-provider-eventbridge.exe"
    } else {
        PACKAGE
    });
    if has_baseline {
        baseline::check(&binary)?;
    }
    Ok((platform, binary))
}

/// No path of this machine gets into the binary.
fn remapped(root: &Path) -> Vec<String> {
    let places = private_places(root).into_iter();
    places
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
        .collect()
}

fn c_flags(root: &Path) -> String {
    let places = private_places(root).into_iter();
    let flags = places.map(|(from, to)| format!("-ffile-prefix-map={}={to}", from.display()));
    flags.collect::<Vec<_>>().join(" ")
}

fn private_places(root: &Path) -> Vec<(PathBuf, &'static str)> {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map_or(home.join(".cargo"), PathBuf::from);
    vec![(root.to_owned(), "/source"), (cargo, "/cargo")]
}

/// Finds cargo-zigbuild, or installs it into the build directory; returns where it is.
fn zigbuild(root: &Path) -> Outcome<PathBuf> {
    let venv = root.join("target").join("venv-release");
    let bin = venv.join("bin");
    if bin.join("cargo-zigbuild").is_file() {
        return Ok(bin);
    }
    println!("Installing {} into {}", TOOLS.join(" and "), venv.display());
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(&venv);
    run(make, "python3 -m venv")?;
    let mut install = Command::new(bin.join("python"));
    install
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(TOOLS);
    run(install, "pip install")?;
    Ok(bin)
}

/// `cargo xtask docs`: hands over to the generator.
pub fn docs(mut parser: lexopt::Parser) -> Outcome {
    let rest: Vec<_> = parser
        .raw_args()
        .map_err(|error| error.to_string())?
        .collect();
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["run", "--quiet", "--package", "docs", "--"])
        .args(rest)
        .current_dir(root());
    run(command, "the docs generator")
}

fn run(mut command: Command, what: &str) -> Outcome {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} failed ({status})")),
        Err(error) => Err(format!("cannot run {program}: {error}")),
    }
}
