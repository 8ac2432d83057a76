//! The environment, read once at the start.

use std::env;

/// Everything that the program is told.
#[derive(Clone)]
pub struct Settings {
    /// `MYSQL_HOST`: the database server.
    pub host: String,
    /// `MYSQL_PORT`: its port, 3306 unless set.
    pub port: u16,
    /// `MYSQL_DATABASE`: the database; it exists already.
    pub database: String,
    /// `MYSQL_USER`: who may write, and make tables where they are absent.
    pub user: String,
    /// `MYSQL_PASSWORD`: the user's password. Never printed.
    pub password: String,
    /// `EVENT_BUS_NAME`: the bus, `default` unless set.
    pub event_bus_name: String,
    /// `LISTEN`: the server's address, `127.0.0.1:3000` unless set; a function has none.
    pub listen: String,
}

/// What is wrong with the environment, one line a variable.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Faults(Vec<String>);

impl Settings {
    /// Reads this process's environment.
    pub fn from_environment() -> Result<Settings, Faults> {
        Settings::read(|name| env::var(name).ok())
    }

    /// Reads the settings through `get`; an empty variable counts as not set.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Settings, Faults> {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let mut faults = Vec::new();
        let port = get("MYSQL_PORT").unwrap_or_else(|| "3306".to_owned());
        let parsed = port.parse();
        if parsed.is_err() {
            faults.push(format!(
                "MYSQL_PORT is `{port}`; set it to a port from 0 to 65535"
            ));
        }
        let mut required = |name: &str, what: &str| {
            get(name).unwrap_or_else(|| {
                faults.push(format!("{name} is not set; set it to {what}"));
                String::new()
            })
        };
        let settings = Settings {
            host: required("MYSQL_HOST", "the database server's name or address"),
            port: parsed.unwrap_or_default(),
            database: required("MYSQL_DATABASE", "the database's name"),
            user: required("MYSQL_USER", "the database user's name"),
            password: required("MYSQL_PASSWORD", "the database user's password"),
            event_bus_name: get("EVENT_BUS_NAME").unwrap_or_else(|| "default".to_owned()),
            listen: get("LISTEN").unwrap_or_else(|| "127.0.0.1:3000".to_owned()),
        };
        match faults.is_empty() {
            true => Ok(settings),
            false => Err(Faults(faults)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Settings, Faults> {
        let find = |name: &str| set.iter().find(|(set, _)| *set == name);
        Settings::read(|name| find(name).map(|(_, value)| value.to_string()))
    }

    const FULL: [(&str, &str); 4] = [
        ("MYSQL_HOST", "db"),
        ("MYSQL_DATABASE", "products"),
        ("MYSQL_USER", "me"),
        ("MYSQL_PASSWORD", "secret"),
    ];

    #[test]
    fn the_rest_has_defaults() {
        let settings = read(&FULL).expect("complete");
        assert_eq!(settings.port, 3306);
        assert_eq!(settings.event_bus_name, "default");
        assert_eq!(settings.listen, "127.0.0.1:3000");
    }

    #[test]
    fn every_fault_has_a_line() {
        let faults = read(&[("MYSQL_PORT", "x"), ("MYSQL_HOST", "")])
            .err()
            .expect("faults");
        let faults = faults.to_string();
        for name in ["PORT", "HOST", "DATABASE", "USER", "PASSWORD"] {
            assert!(faults.contains(&format!("MYSQL_{name} is")), "{faults}");
        }
        assert_eq!(faults.lines().count(), 5);
    }
}
