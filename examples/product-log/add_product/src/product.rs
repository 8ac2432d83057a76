//! A request's body: checked, and turned into columns and into the event's detail.

use serde_json::{Map, Value};

/// The columns are varchar(255): characters, not bytes.
const LONGEST: usize = 255;

/// The fields of a product, all required.
const FIELDS: [&str; 4] = ["userId", "name", "category", "price"];

/// A product that can be stored.
#[derive(Debug)]
pub struct Product {
    /// The user who adds it.
    pub user_id: String,
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: String,
    /// Its price as the column keeps it, which is text.
    pub price: String,
    /// The body as it came: the event has the price as a number where the body has one.
    body: Map<String, Value>,
}

impl Product {
    /// Reads a body; the error has one line for every fault in it.
    pub fn parse(body: &[u8]) -> Result<Product, Vec<String>> {
        let body = match serde_json::from_slice(body) {
            Ok(Value::Object(body)) => body,
            Ok(other) => {
                let found = type_of(&other);
                return Err(vec![format!(
                    "the body is {found}; send an object with {}",
                    FIELDS.join(", ")
                )]);
            }
            Err(error) => return Err(vec![format!("the body is not JSON: {error}")]),
        };
        let mut faults = Vec::new();
        let mut column = |name: &str, number_too: bool| {
            column(&body, name, number_too).unwrap_or_else(|fault| {
                faults.push(fault);
                String::new()
            })
        };
        let [user_id, name, category] = ["userId", "name", "category"].map(|f| column(f, false));
        let price = column("price", true);
        for name in body.keys().filter(|name| !FIELDS.contains(&name.as_str())) {
            let name: String = name.chars().take(LONGEST).collect();
            faults.push(format!(
                "{name:?} is no field of a product; send {}",
                FIELDS.join(", ")
            ));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Product {
            user_id,
            name,
            category,
            price,
            body,
        })
    }

    /// The event's detail: the body and the id that the product got.
    pub fn detail(&self, inserted_id: u64) -> String {
        let mut detail = self.body.clone();
        detail.insert("insertedId".to_owned(), inserted_id.into());
        Value::Object(detail).to_string()
    }
}

/// Returns a field's text for its column, or what is wrong with it.
fn column(body: &Map<String, Value>, name: &str, number_too: bool) -> Result<String, String> {
    let wanted = match number_too {
        true => format!("a number or a string of at most {LONGEST} characters"),
        false => format!("a string of at most {LONGEST} characters"),
    };
    let text = match body.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if number_too => number.to_string(),
        Some(other) => return Err(format!("{name} is {}; send {wanted}", type_of(other))),
        None => return Err(format!("{name} is missing; send {wanted}")),
    };
    match text.chars().count() {
        0..=LONGEST => Ok(text),
        length => Err(format!("{name} has {length} characters; send {wanted}")),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(body: Value) -> Result<Product, Vec<String>> {
        Product::parse(body.to_string().as_bytes())
    }

    fn article() -> Value {
        json!({"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100})
    }

    #[test]
    fn the_articles_body_is_a_product() {
        let product = parse(article()).expect("a product");
        assert_eq!(product.user_id, "user-123");
        assert_eq!(product.name, "My First Book");
        assert_eq!(product.category, "Finance");
        assert_eq!(product.price, "100");
        assert_eq!(
            product.detail(1),
            r#"{"userId":"user-123","name":"My First Book","category":"Finance","price":100,"insertedId":1}"#
        );
    }

    #[test]
    fn a_price_is_a_number_or_a_string() {
        for (price, column) in [(json!(19.99), "19.99"), (json!("19.90 EUR"), "19.90 EUR")] {
            let mut body = article();
            body["price"] = price.clone();
            let product = parse(body).expect("a product");
            assert_eq!(product.price, column);
            let detail: Value = serde_json::from_str(&product.detail(1)).expect("JSON");
            assert_eq!(detail["price"], price);
        }
    }

    #[test]
    fn a_column_takes_255_characters_of_any_script() {
        let mut body = article();
        body["name"] = json!("ü".repeat(255));
        assert!(parse(body.clone()).is_ok());
        body["name"] = json!("ü".repeat(256));
        let faults = parse(body).expect_err("too long");
        assert_eq!(
            faults,
            ["name has 256 characters; send a string of at most 255 characters"]
        );
    }

    #[test]
    fn every_fault_has_a_line() {
        let body = json!({"userId": 5, "category": null, "price": true, "insertedId": 7});
        assert_eq!(
            parse(body).expect_err("faults"),
            [
                "userId is a number; send a string of at most 255 characters",
                "name is missing; send a string of at most 255 characters",
                "category is null; send a string of at most 255 characters",
                "price is a boolean; send a number or a string of at most 255 characters",
                "\"insertedId\" is no field of a product; send userId, name, category, price",
            ]
        );
    }

    #[test]
    fn what_is_no_object_is_said_so() {
        let faults = Product::parse(b"{").expect_err("not JSON");
        assert!(
            faults[0].starts_with("the body is not JSON: "),
            "{faults:?}"
        );
        let faults = Product::parse(b"[]").expect_err("a list");
        assert!(
            faults[0].starts_with("the body is a list; send an object"),
            "{faults:?}"
        );
    }
}
