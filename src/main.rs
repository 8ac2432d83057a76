//! The program: a provider when Terraform starts it, a few commands by hand.

use std::ffi::OsString;
use std::process::ExitCode;

use terraform_provider_eventbridge::plugin::lifecycle::Owner;
use terraform_provider_eventbridge::plugin::{self, by_hand};
use terraform_provider_eventbridge::{cli, registry};

fn main() -> ExitCode {
    plugin::guard::install_hook();
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let Some(first) = arguments.first() else {
        return plugin::serve(registry::server, Owner::Terraform);
    };
    match first.to_string_lossy().as_ref() {
        // Terraform's other providers write it with one dash.
        "--debug" | "-debug" => plugin::serve(registry::server, Owner::Person),
        "--version" | "-version" | "-V" => print(&by_hand::version()),
        "--help" | "-help" | "-h" | "help" => print(&by_hand::help()),
        command if cli::COMMANDS.contains(&command) => cli::run(arguments),
        unknown => {
            by_hand::say(&format!(
                "Error: no command {unknown:?}\n\n{}",
                by_hand::help()
            ));
            ExitCode::from(2)
        }
    }
}

fn print(text: &str) -> ExitCode {
    use std::io::Write;
    // A closed pipe (`… --help | head -1`) is no failure.
    drop(std::io::stdout().write_all(text.as_bytes()));
    ExitCode::SUCCESS
}
