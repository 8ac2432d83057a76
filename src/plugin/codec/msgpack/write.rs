//! Values to MessagePack.

use rmp::{Marker, encode};

use super::super::Fault;
use super::{PLAIN_UNKNOWN, cut};
use crate::provider::number::Number;
use crate::provider::types::Type;
use crate::provider::{Step, Value};

/// Writes one value of a type.
///
/// # Errors
/// What does not fit the type.
pub fn write(ty: &Type, value: &Value) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(256);
    put(ty, value, &mut out)?;
    Ok(out)
}

fn put(ty: &Type, value: &Value, out: &mut Vec<u8>) -> Result<(), Fault> {
    let unwritable = |_| Fault::new("more elements than MessagePack can count");
    match (ty, value) {
        (_, Value::Null) => encode::write_nil(out).map_err(|_| cut())?,
        (_, Value::Unknown(unknown)) => {
            out.extend_from_slice(unknown.refinement().unwrap_or(&PLAIN_UNKNOWN));
        }
        (Type::Dynamic, value) => {
            let ty = type_of(value);
            out.push(Marker::FixArray(2).to_u8());
            encode::write_bin(out, ty.to_json().to_string().as_bytes()).map_err(unwritable)?;
            put(&ty, value, out)?;
        }
        (Type::Bool, Value::Bool(b)) => encode::write_bool(out, *b).map_err(|_| cut())?,
        (Type::Number, Value::Number(number)) => match number {
            Number::Int(int) => drop(encode::write_sint(out, *int).map_err(unwritable)?),
            Number::Float(float) => encode::write_f64(out, *float).map_err(unwritable)?,
            Number::Decimal(text) => encode::write_str(out, text).map_err(unwritable)?,
        },
        (Type::String, Value::String(text)) => encode::write_str(out, text).map_err(unwritable)?,
        (Type::List(of) | Type::Set(of), Value::List(items)) => {
            put_array_length(items.len(), out)?;
            for (at, item) in items.iter().enumerate() {
                put(of, item, out).map_err(|fault| fault.inside(Step::Index(at)))?;
            }
        }
        (Type::Tuple(types), Value::List(items)) if types.len() == items.len() => {
            put_array_length(items.len(), out)?;
            for (at, (of, item)) in types.iter().zip(items).enumerate() {
                put(of, item, out).map_err(|fault| fault.inside(Step::Index(at)))?;
            }
        }
        (Type::Map(of), Value::Map(entries)) => {
            put_map_length(entries.len(), out)?;
            for (key, item) in entries {
                encode::write_str(out, key).map_err(unwritable)?;
                put(of, item, out).map_err(|fault| fault.inside(Step::Key(key.clone())))?;
            }
        }
        // Exactly the type's attributes: one more or less loses the object.
        (Type::Object(fields), Value::Map(entries)) => {
            put_map_length(fields.len(), out)?;
            // Both are sorted.
            let mut entries = entries.iter().peekable();
            for (name, of) in fields {
                while entries.next_if(|(key, _)| *key < name).is_some() {}
                let entry = entries.next_if(|(key, _)| *key == name);
                let value = entry.map_or(&Value::Null, |(_, value)| value);
                encode::write_str(out, name).map_err(unwritable)?;
                let step = |fault: Fault| fault.inside(Step::Attribute(name.into()));
                put(of, value, out).map_err(step)?;
            }
        }
        (ty, _) => {
            return Err(Fault::new(format!(
                "does not fit the type {}",
                ty.to_json()
            )));
        }
    }
    Ok(())
}

fn put_array_length(length: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let length = u32::try_from(length).map_err(|_| cut())?;
    encode::write_array_len(out, length).map_err(|_| cut())?;
    Ok(())
}

fn put_map_length(length: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let length = u32::try_from(length).map_err(|_| cut())?;
    encode::write_map_len(out, length).map_err(|_| cut())?;
    Ok(())
}

/// The type that a value of any type has: lists are tuples, maps are objects.
fn type_of(value: &Value) -> Type {
    match value {
        Value::Null | Value::Unknown(_) => Type::Dynamic,
        Value::Bool(_) => Type::Bool,
        Value::Number(_) => Type::Number,
        Value::String(_) => Type::String,
        Value::List(items) => Type::Tuple(items.iter().map(type_of).collect()),
        Value::Map(entries) => {
            let fields = entries.iter();
            Type::Object(
                fields
                    .map(|(key, v)| (key.to_string(), type_of(v)))
                    .collect(),
            )
        }
    }
}
