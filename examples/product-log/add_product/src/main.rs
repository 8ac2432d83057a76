//! Starts the service: as a Lambda function where the Lambda runtime runs it, as a server elsewhere.

use std::process::ExitCode;

use add_product::api::App;
use add_product::bus::Bus;
use add_product::outbox::Outbox;
use add_product::settings::Settings;
use add_product::store::Store;
use add_product::{lambda, server};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().json().flatten_event(true).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("add_product: {line}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), lambda_http::Error> {
    let settings = Settings::from_environment()?;
    let bus = Bus::from_environment(&settings.event_bus_name).await;
    let app = |connections| {
        let store = Store::new(&settings, connections);
        let outbox = Outbox::new(store.clone(), bus.clone());
        App { store, outbox }
    };
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        return lambda::run(app(lambda::CONNECTIONS)).await;
    }
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    };
    let listener = TcpListener::bind(&settings.listen)
        .await
        .map_err(|error| format!("LISTEN is `{}`: {error}", settings.listen))?;
    server::run(app(server::CONNECTIONS), listener, stop, server::PATIENCE).await?;
    Ok(())
}
