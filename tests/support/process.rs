//! One started provider: its environment, its handshake line, what it prints.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The built provider.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-eventbridge");
/// What Terraform sets to say that it is Terraform.
pub const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// A running provider. Killed when dropped.
pub struct Process {
    /// The process, or the shell that is its parent.
    pub child: Child,
    /// The first line of standard output.
    pub line: String,
    stderr: Arc<Mutex<Vec<u8>>>,
    stdout: Arc<Mutex<Vec<u8>>>,
}

/// A command with nothing of our environment in it.
pub fn command(program: &str, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        // Never ask the network for credentials.
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Process {
    /// Starts a command and waits for its first line of output.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the provider starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let stderr = collect(child.stderr.take().expect("piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a first line");
        Self {
            child,
            line: line.trim_end().to_owned(),
            stderr,
            stdout: collect(stdout),
        }
    }

    /// What it printed to standard error so far.
    pub fn stderr(&self) -> String {
        String::from_utf8(self.stderr.lock().unwrap().clone()).expect("UTF-8")
    }

    /// What it printed to standard output after the first line.
    pub fn stdout(&self) -> String {
        String::from_utf8(self.stdout.lock().unwrap().clone()).expect("UTF-8")
    }

    /// Whether it runs still.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("our child").is_none()
    }

    /// Waits for its end; its exit code, or nothing if it goes on.
    pub async fn ended(&mut self, patience: Duration) -> Option<i32> {
        let start = Instant::now();
        while start.elapsed() < patience {
            if let Some(status) = self.child.try_wait().expect("our child") {
                return Some(status.code().unwrap_or(-1));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already is just as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(mut stream: impl Read + Send + 'static) -> Arc<Mutex<Vec<u8>>> {
    let all = Arc::new(Mutex::new(Vec::new()));
    let sink = all.clone();
    std::thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            sink.lock().unwrap().extend_from_slice(&buffer[..count]);
        }
    });
    all
}
