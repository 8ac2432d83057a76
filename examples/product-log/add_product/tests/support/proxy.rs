//! A wire to MariaDB that is cut when a commit has reached the server and before it answers.

use add_product::settings::Settings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Duration, sleep};

/// What reaches the server of the commit that is cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The commit arrives; its answer is lost.
    After,
    /// The commit itself is lost.
    Before,
}

/// Returns settings that lead through such a wire.
pub async fn cut_at_commit(settings: &Settings, cut: Cut) -> Settings {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let mut through = settings.clone();
    through.port = listener.local_addr().expect("an address").port();
    let server = (settings.host.clone(), settings.port);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(carry(client, server.clone(), cut));
        }
    });
    through
}

async fn carry(mut client: TcpStream, server: (String, u16), cut: Cut) -> Option<()> {
    let mut server = TcpStream::connect(server).await.ok()?;
    let (mut asked, mut answered) = ([0; 4096], [0; 4096]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let bytes = asked.get(..read.ok().filter(|n| *n > 0)?)?;
                let commit = bytes.windows(6).any(|window| window == b"COMMIT");
                if commit && cut == Cut::Before {
                    return None;
                }
                server.write_all(bytes).await.ok()?;
                if commit {
                    sleep(Duration::from_millis(300)).await;
                    return None;
                }
            }
            read = server.read(&mut answered) => {
                let bytes = answered.get(..read.ok().filter(|n| *n > 0)?)?;
                client.write_all(bytes).await.ok()?;
            }
        }
    }
}
