//! DynamicValue: how a value of a known type travels.

use super::{Fault, json, msgpack};
use crate::plugin::proto::tfplugin6::{DynamicValue, ResourceIdentityData};
use crate::provider::Value;
use crate::provider::types::Type;

/// Reads a value of a type; nothing at all is null, as OpenTofu writes it.
///
/// # Errors
/// What does not fit the type.
pub fn decode(ty: &Type, value: Option<&DynamicValue>) -> Result<Value, Fault> {
    match value {
        Some(DynamicValue { msgpack, .. }) if !msgpack.is_empty() => msgpack::read(ty, msgpack),
        Some(DynamicValue { json, .. }) if !json.is_empty() => json::read(ty, json),
        _ => Ok(Value::Null),
    }
}

/// Writes a value of a type, always as MessagePack.
///
/// # Errors
/// What does not fit the type.
pub fn encode(ty: &Type, value: &Value) -> Result<DynamicValue, Fault> {
    Ok(DynamicValue {
        msgpack: msgpack::write(ty, value)?,
        json: Vec::new(),
    })
}

/// Reads an identity; a missing one is null.
///
/// # Errors
/// What does not fit the type.
pub fn decode_identity(ty: &Type, identity: Option<&ResourceIdentityData>) -> Result<Value, Fault> {
    decode(ty, identity.and_then(|data| data.identity_data.as_ref()))
}

/// Writes an identity; null is a missing one.
///
/// # Errors
/// What does not fit the type.
pub fn encode_identity(ty: &Type, identity: &Value) -> Result<Option<ResourceIdentityData>, Fault> {
    if identity.is_null() {
        return Ok(None);
    }
    let identity_data = Some(encode(ty, identity)?);
    Ok(Some(ResourceIdentityData { identity_data }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_encoding_is_null() {
        assert_eq!(decode(&Type::Bool, None), Ok(Value::Null));
        let empty = DynamicValue::default();
        assert_eq!(decode(&Type::Bool, Some(&empty)), Ok(Value::Null));
    }

    #[test]
    fn both_encodings_are_read_and_one_is_written() {
        let json = DynamicValue {
            json: b"true".to_vec(),
            ..DynamicValue::default()
        };
        assert_eq!(decode(&Type::Bool, Some(&json)), Ok(true.into()));
        let written = encode(&Type::Bool, &true.into()).unwrap();
        assert_eq!((written.msgpack, written.json), (vec![0xc3], vec![]));
    }

    #[test]
    fn no_identity_is_none() {
        let ty = Type::Object([("name".to_owned(), Type::String)].into());
        assert_eq!(encode_identity(&ty, &Value::Null), Ok(None));
        let named = Value::map([("name", Value::from("a"))]);
        let written = encode_identity(&ty, &named).unwrap();
        assert_eq!(decode_identity(&ty, written.as_ref()), Ok(named));
    }
}
