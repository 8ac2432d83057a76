//! MessagePack to values.

use rmp::Marker;
use rmp::decode::{RmpRead, read_marker};

use super::super::Fault;
use super::cut;
use crate::provider::number::Number;
use crate::provider::types::Type;
use crate::provider::{Entries, Step, Unknown, Value};

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
        Type::Object(fields) => {
            // Both come sorted: the next name is nearly always the next field's.
            let mut next = fields.iter();
            entries(marker, rest, |key, rest| {
                let field = next.next().filter(|(name, _)| *name == key);
                let field = field.map(|(_, of)| of).or_else(|| fields.get(key));
                let Some(of) = field else {
                    return skip(rest).map(|()| None);
                };
                let step = || Step::Attribute(key.into());
                let read = value(of, rest).map_err(|fault| fault.inside(step()));
                read.map(Some)
            })
        }
    }
}

/// Entries that room is made for at once: the length is the sender's word.
const ROOM: usize = 64;

fn element(at: usize, ty: &Type, rest: &mut &[u8]) -> Result<Value, Fault> {
    value(ty, rest).map_err(|fault| fault.inside(Step::Index(at)))
}

fn entries(
    marker: Marker,
    rest: &mut &[u8],
    mut each: impl FnMut(&str, &mut &[u8]) -> Result<Option<Value>, Fault>,
) -> Result<Value, Fault> {
    let length = map_length(marker, rest)?;
    // They come sorted, so that the map is built of them at once.
    let mut entries = Vec::with_capacity(length.min(ROOM));
    for _ in 0..length {
        let marker = read_marker(rest).map_err(|_| cut())?;
        let key = text(marker, rest)?;
        if let Some(value) = each(key, rest)? {
            entries.push((key.into(), value));
        }
    }
    Ok(Value::Map(Entries::from_iter(entries)))
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
