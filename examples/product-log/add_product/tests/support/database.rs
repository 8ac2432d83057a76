//! One MariaDB for all tests of a file, and a database of its own for each test.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use add_product::settings::Settings;
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{Connection, Row};

/// Started at the first use. It ends when this process does: its standard input closes then.
static SERVER: OnceLock<(Settings, Child)> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database that no other test uses.
pub struct Database {
    pub settings: Settings,
}

impl Database {
    /// Makes an empty database.
    pub async fn new() -> Database {
        let (server, _) = SERVER.get_or_init(start);
        let name = format!("products_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let mut settings = server.clone();
        run(&settings, &format!("CREATE DATABASE {name}")).await;
        settings.database = name;
        Database { settings }
    }

    /// Runs a statement.
    pub async fn run(&self, sql: &str) {
        run(&self.settings, sql).await;
    }

    /// Returns the rows of a query, each as its cells' text joined by ` | `; the query casts to char.
    pub async fn rows(&self, sql: &str) -> Vec<String> {
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(&mut connect(&self.settings).await)
            .await
            .expect(sql);
        let cell = |row: &sqlx::mysql::MySqlRow, index| {
            let text: Option<String> = row.try_get(index).expect("text");
            text.unwrap_or_else(|| "NULL".to_owned())
        };
        let line = |row: &sqlx::mysql::MySqlRow| {
            let cells: Vec<String> = (0..row.len()).map(|index| cell(row, index)).collect();
            cells.join(" | ")
        };
        rows.iter().map(line).collect()
    }

    /// Returns the products.
    pub async fn products(&self) -> Vec<String> {
        let sql =
            "SELECT CAST(ID AS char), UserID, Name, Category, Price FROM Products ORDER BY ID";
        self.rows(sql).await
    }

    /// Returns the outbox: product, attempts, parked or not, reason.
    pub async fn outbox(&self) -> Vec<String> {
        let sql =
            "SELECT CAST(ProductID AS char), CAST(Attempts AS char), CAST(Parked AS char), Reason
                   FROM ProductsOutbox ORDER BY ID";
        self.rows(sql).await
    }

    /// Lets the time of every loan and every pause pass.
    pub async fn make_due(&self) {
        self.run("UPDATE ProductsOutbox SET DueAt = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND")
            .await;
    }
}

async fn run(settings: &Settings, sql: &str) {
    let query = sqlx::query(AssertSqlSafe(sql));
    query
        .execute(&mut connect(settings).await)
        .await
        .expect(sql);
}

async fn connect(settings: &Settings) -> MySqlConnection {
    let options = MySqlConnectOptions::new()
        .host(&settings.host)
        .port(settings.port)
        .username(&settings.user)
        .password(&settings.password)
        .database(&settings.database);
    MySqlConnection::connect_with(&options)
        .await
        .expect("a connection")
}

fn start() -> (Settings, Child) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tools/mariadb.py");
    let mut child = Command::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 runs tools/mariadb.py; get it with: apt-get install python3");
    let mut line = String::new();
    if let Some(output) = child.stdout.take() {
        BufReader::new(output).read_line(&mut line).expect("text");
    }
    let Ok(environment) = serde_json::from_str::<Value>(&line) else {
        let mut words = String::new();
        if let Some(mut errors) = child.stderr.take() {
            errors.read_to_string(&mut words).expect("text");
        }
        panic!("no MariaDB for the tests: {words}");
    };
    let settings = Settings::read(|name| environment[name].as_str().map(str::to_owned));
    (settings.expect("complete settings"), child)
}
