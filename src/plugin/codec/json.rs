//! Values in JSON, the protocol's second encoding. Numbers keep every digit.

use super::Fault;
use crate::json::{Document, Kind, Node};
use crate::provider::number::Number;
use crate::provider::types::Type;
use crate::provider::{Key, Step, Value};

/// Reads one value of a type. JSON has no unknown values.
///
/// # Errors
/// What does not fit the type, or is no JSON.
pub fn read(ty: &Type, bytes: &[u8]) -> Result<Value, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::new("the JSON is not UTF-8"))?;
    let document = Document::parse(text).map_err(|error| Fault::new(error.to_string()))?;
    document
        .root()
        .map_or(Ok(Value::Null), |node| value(ty, node))
}

fn value(ty: &Type, node: Node) -> Result<Value, Fault> {
    match (ty, node.kind()) {
        (_, Kind::Null) => Ok(Value::Null),
        (Type::Dynamic, Kind::Object) => dynamic(node),
        (Type::Bool, Kind::True | Kind::False) => Ok(Value::Bool(node.kind() == Kind::True)),
        (Type::String, Kind::String) => Ok(Value::String(text(node))),
        (Type::Number, Kind::Number) => decimal(node.raw()),
        (Type::Number, Kind::String) => decimal(&text(node)),
        (Type::List(of) | Type::Set(of), Kind::Array) => {
            let items = node.elements().enumerate();
            let items = items.map(|(at, item)| element(at, of, item));
            items.collect::<Result<_, _>>().map(Value::List)
        }
        (Type::Tuple(types), Kind::Array) if node.elements().count() == types.len() => {
            let items = types.iter().zip(node.elements()).enumerate();
            let items = items.map(|(at, (of, item))| element(at, of, item));
            items.collect::<Result<_, _>>().map(Value::List)
        }
        (Type::Map(of), Kind::Object) => {
            let entries = node.members().map(|(name, item)| {
                let key = key(name);
                let read = value(of, item).map_err(|f| f.inside(Step::Key(key.clone())));
                read.map(|read| (key, read))
            });
            entries.collect::<Result<_, _>>().map(Value::Map)
        }
        (Type::Object(fields), Kind::Object) => {
            let known = node.members().filter_map(|(name, item)| {
                let key = key(name);
                fields.get(key.as_str()).map(|of| (key, of, item))
            });
            let entries = known.map(|(key, of, item)| {
                let read = value(of, item).map_err(|f| f.inside(Step::Attribute(key.clone())));
                read.map(|read| (key, read))
            });
            entries.collect::<Result<_, _>>().map(Value::Map)
        }
        (ty, kind) => {
            let problem = format!("wants {}, found {}", ty.to_json(), kind.name());
            Err(Fault::new(problem))
        }
    }
}

fn element(at: usize, ty: &Type, node: Node) -> Result<Value, Fault> {
    value(ty, node).map_err(|fault| fault.inside(Step::Index(at)))
}

/// `{"type": …, "value": …}`.
fn dynamic(node: Node) -> Result<Value, Fault> {
    let ty = node.get("type").map(|ty| ty.raw());
    let ty = ty.and_then(|ty| serde_json::from_str(ty).ok());
    let ty = ty.and_then(|ty| Type::from_json(&ty));
    let ty = ty.ok_or_else(|| Fault::new("the type beside the value is none"))?;
    node.get("value")
        .map_or(Ok(Value::Null), |of| value(&ty, of))
}

fn text(node: Node) -> String {
    node.as_str().unwrap_or_default().into_owned()
}

fn key(node: Node) -> Key {
    node.as_str().unwrap_or_default().into()
}

fn decimal(text: &str) -> Result<Value, Fault> {
    let number = Number::parse(text).map(Value::Number);
    number.ok_or_else(|| Fault::new(format!("{text:?} is not a number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_type() {
        let ty = Type::Object(
            [
                ("n".to_owned(), Type::Number),
                ("m".to_owned(), Type::map(Type::String)),
                ("t".to_owned(), Type::Tuple(vec![Type::Bool, Type::Dynamic])),
            ]
            .into(),
        );
        let json = br#"{"n": 0.10000000000000000000001, "gone": 1, "m": {"k": "v"},
            "t": [true, {"type": ["list", "number"], "value": ["1"]}]}"#;
        let value = read(&ty, json).unwrap();
        let number = Number::parse("0.10000000000000000000001").unwrap();
        assert_eq!(value.get("n"), &Value::Number(number));
        assert_eq!(value.get("m").get("k"), &Value::from("v"));
        assert_eq!(value.get("t").at(1).at(0), &Value::from(1));
        assert_eq!(value.get("gone"), &Value::Null);
    }

    #[test]
    fn faults_name_their_place() {
        let ty = Type::list(Type::map(Type::Bool));
        let fault = read(&ty, br#"[{"k": 1}]"#).unwrap_err();
        assert_eq!(fault.path().to_string(), r#"[0]["k"]"#);
        assert!(read(&ty, b"[").is_err());
    }
}
