//! Values in MessagePack, as Terraform's cty writes them.
//!
//! Read and written by type, for the encoding alone does not tell a set from a
//! list or a decimal from a text. Every extension type is an unknown value and
//! goes back byte for byte.

use std::collections::BTreeMap;

use rmp::Marker;
use rmp::decode::{RmpRead, read_marker};
use rmp::encode;

use super::Fault;
use crate::provider::number::Number;
use crate::provider::types::Type;
use crate::provider::{Step, Unknown, Value};

/// An unknown value of which nothing is promised: extension type 0.
const PLAIN_UNKNOWN: [u8; 3] = [0xd4, 0, 0];

/// Reads one value of a type, and nothing after it.
///
/// # Errors
/// What does not fit the type, or is no MessagePack.
pub fn read(ty: &Type, bytes: &[u8]) -> Result<Value, Fault> {
    let mut rest = bytes;
    let value = value(ty, &mut rest)?;
    if rest.is_empty() {
        Ok(value)
    } else {
        Err(Fault::new(format!("{} bytes after the value", rest.len())))
    }
}

/// Writes one value of a type.
///
/// # Errors
/// What does not fit the type.
pub fn write(ty: &Type, value: &Value) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(256);
    put(ty, value, &mut out)?;
    Ok(out)
}

fn value(ty: &Type, rest: &mut &[u8]) -> Result<Value, Fault> {
    let start = *rest;
    let marker = read_marker(rest).map_err(|_| cut())?;
    if marker == Marker::Null {
        return Ok(Value::Null);
    }
    if let Some(length) = ext_length(marker, rest)? {
        let code = rest.read_data_i8().map_err(|_| cut())?;
        take(rest, length)?;
        let token = &start[..start.len() - rest.len()];
        return Ok(match code {
            0 => Value::unknown(),
            _ => Value::Unknown(Unknown::refined(token)),
        });
    }
    match ty {
        Type::Dynamic => dynamic(marker, rest),
        Type::Bool => match marker {
            Marker::True => Ok(Value::Bool(true)),
            Marker::False => Ok(Value::Bool(false)),
            other => Err(wants("true or false", other)),
        },
        Type::String => text(marker, rest).map(|text| Value::String(text.to_owned())),
        Type::Number => number(marker, rest).map(Value::Number),
        Type::List(of) | Type::Set(of) => {
            let length = array_length(marker, rest)?;
            let items = (0..length).map(|at| element(at, of, rest));
            items.collect::<Result<_, _>>().map(Value::List)
        }
        Type::Tuple(types) => {
            let length = array_length(marker, rest)?;
            if length != types.len() {
                let problem = format!("wants {} elements, found {length}", types.len());
                return Err(Fault::new(problem));
            }
            let items = types.iter().enumerate();
            let items = items.map(|(at, of)| element(at, of, rest));
            items.collect::<Result<_, _>>().map(Value::List)
        }
        Type::Map(of) => entries(marker, rest, |key, rest| {
            let read = value(of, rest).map_err(|fault| fault.inside(Step::Key(key.into())));
            read.map(Some)
        }),
        Type::Object(fields) => entries(marker, rest, |key, rest| match fields.get(key) {
            None => skip(rest).map(|()| None),
            Some(of) => {
                let step = || Step::Attribute(key.into());
                let read = value(of, rest).map_err(|fault| fault.inside(step()));
                read.map(Some)
            }
        }),
    }
}

fn element(at: usize, ty: &Type, rest: &mut &[u8]) -> Result<Value, Fault> {
    value(ty, rest).map_err(|fault| fault.inside(Step::Index(at)))
}

fn entries(
    marker: Marker,
    rest: &mut &[u8],
    mut each: impl FnMut(&str, &mut &[u8]) -> Result<Option<Value>, Fault>,
) -> Result<Value, Fault> {
    let length = map_length(marker, rest)?;
    let mut entries = BTreeMap::new();
    for _ in 0..length {
        let marker = read_marker(rest).map_err(|_| cut())?;
        let key = text(marker, rest)?;
        if let Some(value) = each(key, rest)? {
            entries.insert(key.to_owned(), value);
        }
    }
    Ok(Value::Map(entries))
}

/// `[type as JSON, value]`.
fn dynamic(marker: Marker, rest: &mut &[u8]) -> Result<Value, Fault> {
    if array_length(marker, rest)? != 2 {
        return Err(Fault::new("wants a type and a value"));
    }
    let marker = read_marker(rest).map_err(|_| cut())?;
    let json = match marker {
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
            let length = sized(marker, rest)?;
            take(rest, length)?
        }
        other => text(other, rest)?.as_bytes(),
    };
    let ty = serde_json::from_slice(json).ok();
    let ty = ty.and_then(|json| Type::from_json(&json));
    let ty = ty.ok_or_else(|| Fault::new("the type beside the value is none"))?;
    value(&ty, rest)
}

fn text<'b>(marker: Marker, rest: &mut &'b [u8]) -> Result<&'b str, Fault> {
    let length = match marker {
        Marker::FixStr(length) => usize::from(length),
        Marker::Str8 | Marker::Str16 | Marker::Str32 => sized(marker, rest)?,
        other => return Err(wants("a string", other)),
    };
    let bytes = take(rest, length)?;
    std::str::from_utf8(bytes).map_err(|_| Fault::new("the string is not UTF-8"))
}

/// Integers of any size, doubles, and decimal text for all that neither holds.
fn number(marker: Marker, rest: &mut &[u8]) -> Result<Number, Fault> {
    let int = |read: Result<i64, _>| -> Result<Number, Fault> {
        read.map(Number::Int)
            .map_err(|_: rmp::decode::ValueReadError| cut())
    };
    match marker {
        Marker::FixPos(n) => Ok(Number::Int(n.into())),
        Marker::FixNeg(n) => Ok(Number::Int(n.into())),
        Marker::U8 => int(rest.read_data_u8().map(Into::into)),
        Marker::U16 => int(rest.read_data_u16().map(Into::into)),
        Marker::U32 => int(rest.read_data_u32().map(Into::into)),
        Marker::I8 => int(rest.read_data_i8().map(Into::into)),
        Marker::I16 => int(rest.read_data_i16().map(Into::into)),
        Marker::I32 => int(rest.read_data_i32().map(Into::into)),
        Marker::I64 => int(rest.read_data_i64()),
        Marker::U64 => {
            let n = rest.read_data_u64().map_err(|_| cut())?;
            decimal(&n.to_string())
        }
        Marker::F32 => double(rest.read_data_f32().map_err(|_| cut())?.into()),
        Marker::F64 => double(rest.read_data_f64().map_err(|_| cut())?),
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
            decimal(text(marker, rest)?)
        }
        other => Err(wants("a number", other)),
    }
}

fn double(float: f64) -> Result<Number, Fault> {
    Number::from_f64(float).ok_or_else(|| Fault::new(format!("{float} is no number we can hold")))
}

fn decimal(text: &str) -> Result<Number, Fault> {
    Number::parse(text).ok_or_else(|| Fault::new(format!("{text:?} is not a number")))
}

fn array_length(marker: Marker, rest: &mut &[u8]) -> Result<usize, Fault> {
    match marker {
        Marker::FixArray(length) => Ok(length.into()),
        Marker::Array16 | Marker::Array32 => sized(marker, rest),
        other => Err(wants("a list", other)),
    }
}

fn map_length(marker: Marker, rest: &mut &[u8]) -> Result<usize, Fault> {
    match marker {
        Marker::FixMap(length) => Ok(length.into()),
        Marker::Map16 | Marker::Map32 => sized(marker, rest),
        other => Err(wants("an object", other)),
    }
}

fn ext_length(marker: Marker, rest: &mut &[u8]) -> Result<Option<usize>, Fault> {
    Ok(match marker {
        Marker::FixExt1 => Some(1),
        Marker::FixExt2 => Some(2),
        Marker::FixExt4 => Some(4),
        Marker::FixExt8 => Some(8),
        Marker::FixExt16 => Some(16),
        Marker::Ext8 | Marker::Ext16 | Marker::Ext32 => Some(sized(marker, rest)?),
        _ => None,
    })
}

/// The length that follows a marker of 8, 16 or 32 bits.
fn sized(marker: Marker, rest: &mut &[u8]) -> Result<usize, Fault> {
    let length = match marker {
        Marker::Str8 | Marker::Bin8 | Marker::Ext8 => rest.read_data_u8().map(u32::from),
        Marker::Str16 | Marker::Bin16 | Marker::Ext16 | Marker::Array16 | Marker::Map16 => {
            rest.read_data_u16().map(u32::from)
        }
        _ => rest.read_data_u32(),
    };
    length.map(|length| length as usize).map_err(|_| cut())
}

fn take<'b>(rest: &mut &'b [u8], length: usize) -> Result<&'b [u8], Fault> {
    let (taken, left) = rest.split_at_checked(length).ok_or_else(cut)?;
    *rest = left;
    Ok(taken)
}

/// Passes over a value of whatever type: an attribute of a newer schema.
fn skip(rest: &mut &[u8]) -> Result<(), Fault> {
    // A count and not a recursion: depth is the sender's choice.
    let mut values = 1_usize;
    while values > 0 {
        values -= 1;
        let marker = read_marker(rest).map_err(|_| cut())?;
        let bytes = match marker {
            Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => {
                values += array_length(marker, rest)?;
                0
            }
            Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => {
                values += map_length(marker, rest)? * 2;
                0
            }
            Marker::FixStr(length) => length.into(),
            Marker::Str8 | Marker::Str16 | Marker::Str32 => sized(marker, rest)?,
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => sized(marker, rest)?,
            Marker::U8 | Marker::I8 => 1,
            Marker::U16 | Marker::I16 => 2,
            Marker::U32 | Marker::I32 | Marker::F32 => 4,
            Marker::U64 | Marker::I64 | Marker::F64 => 8,
            other => ext_length(other, rest)?.map_or(0, |length| length + 1),
        };
        take(rest, bytes)?;
    }
    Ok(())
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
        (Type::Object(fields), value @ Value::Map(_)) => {
            put_map_length(fields.len(), out)?;
            for (name, of) in fields {
                encode::write_str(out, name).map_err(unwritable)?;
                let step = |fault: Fault| fault.inside(Step::Attribute(name.clone()));
                put(of, value.get(name), out).map_err(step)?;
            }
        }
        (ty, _) => return Err(Fault::new(format!("does not fit the type {}", ty.to_json()))),
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
            Type::Object(fields.map(|(key, v)| (key.clone(), type_of(v))).collect())
        }
    }
}

fn cut() -> Fault {
    Fault::new("the value ends too early")
}

fn wants(what: &str, found: Marker) -> Fault {
    let found = match found {
        Marker::True | Marker::False => "a boolean",
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => "a string",
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => "a list",
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => "an object",
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => "bytes",
        _ => "a number",
    };
    Fault::new(format!("wants {what}, found {found}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(ty: &Type, bytes: &[u8]) -> Value {
        let value = read(ty, bytes).unwrap();
        assert_eq!(write(ty, &value).unwrap(), bytes, "{value:?}");
        value
    }

    fn object(fields: &[(&str, Type)]) -> Type {
        let fields = fields.iter();
        Type::Object(fields.map(|(k, t)| ((*k).to_owned(), t.clone())).collect())
    }

    #[test]
    fn every_number_goes_back_exactly() {
        for (bytes, wanted) in [
            (&[0x07][..], "7"),
            (&[0xff], "-1"),
            (&[0xcc, 200], "200"),
            (&[0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], "1.5"),
            (b"\xa30.1", "0.1"),
            (b"\xb412345678901234567890", "12345678901234567890"),
        ] {
            let Value::Number(number) = round(&Type::Number, bytes) else {
                panic!("{wanted} is a number");
            };
            assert_eq!(number.to_string(), wanted);
        }
    }

    #[test]
    fn older_cores_send_integers_as_doubles_and_as_unsigned() {
        let double = [0xcb, 0x40, 0x1c, 0, 0, 0, 0, 0, 0];
        assert_eq!(read(&Type::Number, &double), Ok(Value::from(7)));
        let unsigned = [0xcf, 0, 0, 0, 0, 0, 0, 0, 7];
        assert_eq!(read(&Type::Number, &unsigned), Ok(Value::from(7)));
        let huge = [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        let huge = read(&Type::Number, &huge).unwrap();
        assert_eq!(huge, Value::Number(Number::parse("18446744073709551615").unwrap()));
    }

    #[test]
    fn infinity_and_words_are_no_numbers() {
        let infinity = [0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0];
        assert!(read(&Type::Number, &infinity).is_err());
        assert!(read(&Type::Number, b"\xa3abc").is_err());
    }

    #[test]
    fn every_unknown_goes_back_as_it_came() {
        let plain = round(&Type::String, &PLAIN_UNKNOWN);
        assert_eq!(plain, Value::unknown());
        // Not null, begins with "b-".
        let refined = [0xc7, 7, 12, 0x82, 1, 0xc2, 2, 0xa2, b'b', b'-'];
        assert!(round(&Type::String, &refined).is_unknown());
        // A whole dynamic block, and an extension nobody knows yet.
        let block = Type::list(object(&[("a", Type::String)]));
        assert!(round(&block, &refined).is_unknown());
        assert!(round(&Type::Bool, &[0xd5, 77, 1, 2]).is_unknown());
    }

    #[test]
    fn objects_have_exactly_their_attributes() {
        let ty = object(&[("a", Type::String), ("b", Type::Bool)]);
        // b is missing; c, a list of a map, belongs to nobody.
        let bytes = [
            &[0x82, 0xa1, b'c', 0x92, 0x81, 0xa1, b'x', 0xcd, 1, 2, 0xc4, 1, 9][..],
            &[0xa1, b'a', 0xa1, b'v'],
        ]
        .concat();
        let value = read(&ty, &bytes).unwrap();
        assert_eq!(value, Value::map([("a", Value::from("v"))]));
        let written = write(&ty, &value).unwrap();
        assert_eq!(written, [0x82, 0xa1, b'a', 0xa1, b'v', 0xa1, b'b', 0xc0]);
    }

    #[test]
    fn a_dynamic_value_brings_its_type() {
        let bytes = [&[0x92, 0xc4, 8][..], b"\"number\"", &[5]].concat();
        assert_eq!(round(&Type::Dynamic, &bytes), Value::from(5));
        assert_eq!(round(&Type::Dynamic, &[0xc0]), Value::Null);
        let nested = Value::map([("list", Value::List(vec![Value::Null, true.into()]))]);
        let written = write(&Type::Dynamic, &nested).unwrap();
        assert_eq!(read(&Type::Dynamic, &written), Ok(nested));
        let no_type = [&[0x92, 0xc4, 3][..], b"\"x\"", &[5]].concat();
        assert!(read(&Type::Dynamic, &no_type).is_err());
    }

    #[test]
    fn faults_name_their_place() {
        let ty = object(&[("a", Type::list(Type::Bool))]);
        let fault = read(&ty, &[0x81, 0xa1, b'a', 0x92, 0xc3, 5]).unwrap_err();
        assert_eq!(fault.path().to_string(), "a[1]");
        assert_eq!(fault.problem, "wants true or false, found a number");
        let wrong = Value::map([("a", vec!["x"].into())]);
        assert_eq!(write(&ty, &wrong).unwrap_err().path().to_string(), "a[0]");
    }

    #[test]
    fn broken_bytes_are_faults_and_cost_no_memory() {
        let list = Type::list(Type::String);
        for bytes in [
            &[][..],
            &[0xdd, 0xff, 0xff, 0xff, 0xff],
            &[0x91],
            &[0x91, 0xa5, b'a'],
            &[0x90, 0x00],
            &[0xc7, 9, 12, 0],
        ] {
            assert!(read(&list, bytes).is_err(), "{bytes:?}");
        }
        let map = object(&[]);
        let deep = [&[0x81, 0xa1, b'x'][..], &[0x91].repeat(1_000_000)].concat();
        assert!(read(&map, &deep).is_err());
    }
}
