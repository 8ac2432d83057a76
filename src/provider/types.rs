//! Terraform's types, and their JSON form on the wire.

use std::collections::BTreeMap;

/// The type of an attribute, a parameter or a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    String,
    Number,
    Bool,
    /// Any type, told beside the value.
    Dynamic,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Object(BTreeMap<String, Type>),
    Tuple(Vec<Type>),
}

impl Type {
    pub fn list(element: Type) -> Self {
        Type::List(Box::new(element))
    }

    pub fn set(element: Type) -> Self {
        Type::Set(Box::new(element))
    }

    pub fn map(element: Type) -> Self {
        Type::Map(Box::new(element))
    }

    /// As Terraform writes types in JSON: `"string"`, `["map","number"]`.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Type::String => json!("string"),
            Type::Number => json!("number"),
            Type::Bool => json!("bool"),
            Type::Dynamic => json!("dynamic"),
            Type::List(element) => json!(["list", element.to_json()]),
            Type::Set(element) => json!(["set", element.to_json()]),
            Type::Map(element) => json!(["map", element.to_json()]),
            Type::Object(fields) => {
                let fields: serde_json::Map<_, _> = fields
                    .iter()
                    .map(|(k, t)| (k.clone(), t.to_json()))
                    .collect();
                json!(["object", fields])
            }
            Type::Tuple(items) => {
                json!(["tuple", items.iter().map(Type::to_json).collect::<Vec<_>>()])
            }
        }
    }

    /// Reads what [`Type::to_json`] writes; `None` for anything else.
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        if let Some(name) = json.as_str() {
            return match name {
                "string" => Some(Type::String),
                "number" => Some(Type::Number),
                "bool" => Some(Type::Bool),
                "dynamic" => Some(Type::Dynamic),
                _ => None,
            };
        }
        let [kind, of, ..] = json.as_array()?.as_slice() else {
            return None;
        };
        match kind.as_str()? {
            "list" => Some(Type::list(Type::from_json(of)?)),
            "set" => Some(Type::set(Type::from_json(of)?)),
            "map" => Some(Type::map(Type::from_json(of)?)),
            "object" => {
                let fields = of
                    .as_object()?
                    .iter()
                    .map(|(k, t)| Some((k.clone(), Type::from_json(t)?)));
                fields.collect::<Option<_>>().map(Type::Object)
            }
            "tuple" => of
                .as_array()?
                .iter()
                .map(Type::from_json)
                .collect::<Option<_>>()
                .map(Type::Tuple),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_form_round_trips() {
        let ty = Type::map(Type::Object(
            [("a".to_owned(), Type::list(Type::Bool))].into(),
        ));
        assert_eq!(
            ty.to_json().to_string(),
            r#"["map",["object",{"a":["list","bool"]}]]"#
        );
        assert_eq!(Type::from_json(&ty.to_json()), Some(ty));
    }
}
