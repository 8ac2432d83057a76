//! Values in MessagePack, as Terraform's cty writes them.
//!
//! Read and written by type, for the encoding alone does not tell a set from a
//! list or a decimal from a text. Every extension type is an unknown value and
//! goes back byte for byte.

mod read;
mod write;

pub use read::read;
pub use write::write;

use super::Fault;

/// An unknown value of which nothing is promised: extension type 0.
const PLAIN_UNKNOWN: [u8; 3] = [0xd4, 0, 0];

fn cut() -> Fault {
    Fault::new("the value ends too early")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Value;
    use crate::provider::number::Number;
    use crate::provider::types::Type;

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
        assert_eq!(
            huge,
            Value::Number(Number::parse("18446744073709551615").unwrap())
        );
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
            &[
                0x82, 0xa1, b'c', 0x92, 0x81, 0xa1, b'x', 0xcd, 1, 2, 0xc4, 1, 9,
            ][..],
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
