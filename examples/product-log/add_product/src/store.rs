//! The tables in MySQL or MariaDB: `Products`, and `ProductsOutbox` with the events still to be
//! published. No locks are held between calls: a row is lent for a time, and is free again when
//! the borrower has died.

use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlPool, MySqlPoolOptions};
use tokio::sync::OnceCell;

use crate::product::Product;
use crate::settings::Settings;

/// How long a row is lent to who wants to publish it; a publishing attempt takes less.
pub const LEASE: Duration = Duration::from_secs(30);

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 1000;

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

const PRODUCTS: &str = "CREATE TABLE IF NOT EXISTS Products (
    ID int NOT NULL AUTO_INCREMENT PRIMARY KEY,
    UserID varchar(255),
    Name varchar(255),
    Category varchar(255),
    Price varchar(255)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4";

const OUTBOX: &str = "CREATE TABLE IF NOT EXISTS ProductsOutbox (
    ID bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    ProductID int NOT NULL,
    Detail mediumtext NOT NULL,
    Attempts int NOT NULL DEFAULT 1 COMMENT 'loans of this row so far',
    DueAt datetime(3) NOT NULL COMMENT 'UTC: nobody takes the row before',
    Parked boolean NOT NULL DEFAULT false COMMENT 'no more attempts until a person sets it to false',
    Reason varchar(1000) COMMENT 'why the last attempt failed',
    KEY (Parked, DueAt)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4";

/// The database.
#[derive(Clone)]
pub struct Store {
    pool: MySqlPool,
    tables: std::sync::Arc<OnceCell<()>>,
}

/// One event to publish, lent to the caller for [`LEASE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loan {
    /// The outbox row.
    pub id: i64,
    /// The product that the event is about, `Products.ID`.
    pub product_id: u64,
    /// The event's detail, JSON.
    pub detail: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// Why a product was not added.
#[derive(Debug, thiserror::Error)]
pub enum NotAdded {
    /// The table can't hold a value.
    #[error("{0}")]
    Refused(String),
    /// The database can't be reached or failed; nothing was stored.
    #[error("the database failed: {0}")]
    Failed(#[from] sqlx::Error),
    /// The connection was lost at the commit, and the database could not be asked after it.
    #[error("the connection was lost while product {product_id} was committed: {error}")]
    Unknown {
        /// The id that the product has, if it was stored.
        product_id: u64,
        /// What was lost.
        error: sqlx::Error,
    },
}

impl Store {
    /// Makes a store; nothing is contacted before the first call.
    pub fn new(settings: &Settings, connections: u32) -> Store {
        let options = MySqlConnectOptions::new()
            .host(&settings.host)
            .port(settings.port)
            .username(&settings.user)
            .password(&settings.password)
            .database(&settings.database);
        let pool = MySqlPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(options);
        let tables = Default::default();
        Store { pool, tables }
    }

    /// Adds a product and its event in one transaction; the event is lent to the caller.
    pub async fn add(&self, product: &Product) -> Result<Loan, NotAdded> {
        self.make_tables().await?;
        let mut transaction = self.pool.begin().await?;
        let sql = "INSERT INTO Products (UserID, Name, Category, Price) VALUES (?, ?, ?, ?)";
        let inserted = sqlx::query(sql)
            .bind(&product.user_id)
            .bind(&product.name)
            .bind(&product.category)
            .bind(&product.price)
            .execute(&mut *transaction)
            .await
            .map_err(refused)?;
        let product_id = inserted.last_insert_id();
        let detail = product.detail(product_id);
        let sql = "INSERT INTO ProductsOutbox (ProductID, Detail, DueAt)
                   VALUES (?, ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)";
        let queued = sqlx::query(sql)
            .bind(product_id)
            .bind(&detail)
            .bind(LEASE.as_secs())
            .execute(&mut *transaction)
            .await?;
        let loan = Loan {
            id: queued.last_insert_id().cast_signed(),
            product_id,
            detail,
            attempt: 1,
        };
        match transaction.commit().await {
            Ok(()) => Ok(loan),
            // The answer was lost, the commit perhaps not: the product must not be added twice.
            Err(error) => match self.holds(product_id).await {
                Ok(true) => Ok(loan),
                Ok(false) => Err(error.into()),
                Err(_) => Err(NotAdded::Unknown { product_id, error }),
            },
        }
    }

    /// Lends up to `limit` events that are due, the oldest first.
    pub async fn borrow(&self, limit: usize) -> Result<Vec<Loan>, sqlx::Error> {
        self.make_tables().await?;
        let sql = "SELECT ID, ProductID, Detail, Attempts FROM ProductsOutbox
                   WHERE NOT Parked AND DueAt <= UTC_TIMESTAMP(3) ORDER BY DueAt, ID LIMIT ?";
        let due: Vec<(i64, i32, String, i32)> = sqlx::query_as(sql)
            .bind(u32::try_from(limit).unwrap_or(u32::MAX))
            .fetch_all(&self.pool)
            .await?;
        let mut loans = Vec::new();
        for (id, product_id, detail, attempts) in due {
            // Whoever counts up first has the row; others see that it has changed.
            let sql = "UPDATE ProductsOutbox
                       SET Attempts = Attempts + 1, DueAt = UTC_TIMESTAMP(3) + INTERVAL ? SECOND
                       WHERE ID = ? AND Attempts = ? AND NOT Parked";
            let ours = sqlx::query(sql)
                .bind(LEASE.as_secs())
                .bind(id)
                .bind(attempts)
                .execute(&self.pool)
                .await?;
            if ours.rows_affected() == 1 {
                loans.push(Loan {
                    id,
                    product_id: u64::from(product_id.unsigned_abs()),
                    detail,
                    attempt: attempts.unsigned_abs().saturating_add(1),
                });
            }
        }
        Ok(loans)
    }

    /// Takes a published event out of the outbox.
    pub async fn published(&self, loan: &Loan) -> Result<(), sqlx::Error> {
        let sql = "DELETE FROM ProductsOutbox WHERE ID = ?";
        sqlx::query(sql).bind(loan.id).execute(&self.pool).await?;
        Ok(())
    }

    /// Gives an event back for another attempt, not before `delay` has passed.
    pub async fn later(&self, loan: &Loan, delay: Duration, why: &str) -> Result<(), sqlx::Error> {
        let sql = "UPDATE ProductsOutbox
                   SET DueAt = UTC_TIMESTAMP(3) + INTERVAL ? SECOND, Reason = ? WHERE ID = ?";
        let query = sqlx::query(sql).bind(delay.as_secs());
        query
            .bind(shortened(why))
            .bind(loan.id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Puts an event aside: no more attempts until a person sets `Parked` to false.
    pub async fn park(&self, loan: &Loan, why: &str) -> Result<(), sqlx::Error> {
        let sql = "UPDATE ProductsOutbox SET Parked = true, Reason = ? WHERE ID = ?";
        let query = sqlx::query(sql).bind(shortened(why));
        query.bind(loan.id).execute(&self.pool).await?;
        Ok(())
    }

    /// Makes the tables where they are absent, once a process.
    async fn make_tables(&self) -> Result<(), sqlx::Error> {
        let make = || async {
            sqlx::query(PRODUCTS).execute(&self.pool).await?;
            sqlx::query(OUTBOX).execute(&self.pool).await?;
            Ok(())
        };
        self.tables.get_or_try_init(make).await.map(|_| ())
    }

    async fn holds(&self, product_id: u64) -> Result<bool, sqlx::Error> {
        let sql = "SELECT ID FROM Products WHERE ID = ?";
        let found = sqlx::query(sql).bind(product_id).fetch_optional(&self.pool);
        Ok(found.await?.is_some())
    }
}

/// Tells a value that the table can't hold from a database that fails: a table that was there
/// before may have narrower columns than ours, or a smaller character set.
fn refused(error: sqlx::Error) -> NotAdded {
    const INCORRECT_STRING_VALUE: u16 = 1366;
    const DATA_TOO_LONG: u16 = 1406;
    const COLUMNS: [(&str, &str); 4] = [
        ("UserID", "userId"),
        ("Name", "name"),
        ("Category", "category"),
        ("Price", "price"),
    ];
    let database = error.as_database_error();
    let wrong = match database.and_then(|e| e.try_downcast_ref::<MySqlDatabaseError>()) {
        Some(e) if e.number() == INCORRECT_STRING_VALUE => {
            "has characters which its column in the table Products can't hold"
        }
        Some(e) if e.number() == DATA_TOO_LONG => "is longer than its column in the table Products",
        _ => return NotAdded::Failed(error),
    };
    // The server names the column in quotes, 'Name' or `Name`.
    let said = error.to_string();
    let quoted =
        |column: &str| said.contains(&format!("{column}'")) || said.contains(&format!("{column}`"));
    let field = COLUMNS.into_iter().find(|(column, _)| quoted(column));
    let field = field.map_or("a field", |(_, field)| field);
    NotAdded::Refused(format!("{field} {wrong}"))
}

fn shortened(reason: &str) -> String {
    reason.chars().take(LONGEST_REASON).collect()
}
