//! What to write for comparisons of numbers that are put together wrongly.

use super::meant::{Meant, meant};
use super::{list, object};
use crate::json::{Decimal, Kind, Node, quote};
use crate::pattern::operator::number::Number;

/// A comparison and its number, as JSON writes it.
type Bound = (&'static str, String);

enum Token {
    Comparison(&'static str),
    Number(String),
}

/// Returns the operand of `numeric` that these are meant to be together; none if
/// that is not clear.
pub(crate) fn range_meant(operands: &[Node<'_>], between: bool) -> Option<String> {
    let bounds = bounds(operands, between)?;
    let is_range = match bounds.as_slice() {
        [(lower, low), (upper, high)] => {
            let is_less = Number::new(low).value() < Number::new(high).value();
            lower.starts_with('>') && upper.starts_with('<') && is_less
        }
        _ => true,
    };
    let parts = bounds
        .iter()
        .flat_map(|(comparison, number)| [quote(comparison), number.clone()]);
    is_range.then(|| list(parts))
}

/// Returns what to write for the numbers that a range excludes.
pub(super) fn outside(operand: Node<'_>) -> Option<String> {
    let opposite = |(comparison, number): &Bound| {
        let opposite = match *comparison {
            ">" => "<=",
            ">=" => "<",
            "<" => ">=",
            "<=" => ">",
            _ => return object("anything-but", number),
        };
        object("numeric", &format!("[\"{opposite}\", {number}]"))
    };
    Some(match bounds(&[operand], false)?.as_slice() {
        [one] => format!("for the other numbers write {}", opposite(one)),
        both => format!(
            "for the other numbers write {}",
            list(both.iter().map(opposite))
        ),
    })
}

/// One bound, or a lower and an upper one.
fn bounds(operands: &[Node<'_>], mut between: bool) -> Option<Vec<Bound>> {
    let mut tokens = Vec::new();
    for operand in operands {
        read(*operand, &mut tokens, &mut between, 0)?;
    }
    use Token::{Comparison, Number};
    let number = |text: &String| text.clone();
    Some(match tokens.as_slice() {
        [Number(low), Number(high)] if between => vec![(">=", number(low)), ("<=", number(high))],
        [Number(only)] => vec![("=", number(only))],
        [Comparison(comparison), Number(only)] | [Number(only), Comparison(comparison)] => {
            vec![(comparison, number(only))]
        }
        [Comparison(lower), Number(low), Number(high)] if lower.starts_with('>') => {
            let upper = if *lower == ">" { "<" } else { "<=" };
            vec![(lower, number(low)), (upper, number(high))]
        }
        [
            Comparison(first),
            Number(one),
            Comparison(second),
            Number(other),
        ] => {
            let mut bounds = vec![(*first, number(one)), (*second, number(other))];
            bounds.sort_by_key(|(comparison, _)| !comparison.starts_with('>'));
            bounds
        }
        _ => return None,
    })
}

/// Takes comparisons and numbers out of lists, objects and texts such as `"> 5"`.
fn read(node: Node<'_>, tokens: &mut Vec<Token>, between: &mut bool, depth: usize) -> Option<()> {
    // Two bounds are four; a list or an object may be one too many.
    if tokens.len() > 4 || depth > 2 {
        return None;
    }
    match node.kind() {
        Kind::Number => {
            Decimal::as_exact_f64(node.raw())?;
            tokens.push(Token::Number(node.raw().to_owned()));
        }
        Kind::String => text(&node.as_str()?, tokens, between)?,
        Kind::Array => {
            for item in node.elements() {
                read(item, tokens, between, depth + 1)?;
            }
        }
        Kind::Object => {
            for (key, value) in node.members() {
                read(key, tokens, between, depth + 1)?;
                read(value, tokens, between, depth + 1)?;
            }
        }
        _ => return None,
    }
    Some(())
}

fn text(text: &str, tokens: &mut Vec<Token>, between: &mut bool) -> Option<()> {
    match meant(text) {
        Some((false, Meant::Comparison(comparison))) => tokens.push(Token::Comparison(comparison)),
        Some((false, Meant::Between)) => *between = true,
        _ => {
            let is_sign = |character: char| matches!(character, '<' | '>' | '=');
            let number = text.trim_start_matches(is_sign);
            let signs = text.strip_suffix(number).unwrap_or_default();
            match signs {
                "" => {}
                "==" => tokens.push(Token::Comparison("=")),
                "=>" => tokens.push(Token::Comparison(">=")),
                "=<" => tokens.push(Token::Comparison("<=")),
                signs => match meant(signs) {
                    Some((false, Meant::Comparison(known))) => {
                        tokens.push(Token::Comparison(known))
                    }
                    _ => return None,
                },
            }
            let number = number.trim();
            if !number.is_empty() || signs.is_empty() {
                Decimal::as_exact_f64(number)?;
                tokens.push(Token::Number(number.to_owned()));
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::pattern::Pattern;

    #[test]
    fn a_range_is_told_as_it_is_meant() {
        for (operand, wanted) in [
            (r#"["<",10,">",5]"#, r#"write [">", 5, "<", 10]"#),
            (r#"["< 10","> 5"]"#, r#"write [">", 5, "<", 10]"#),
            (r#"{">=":5}"#, r#"write [">=", 5]"#),
            (r#"{"lt":10,"gte":5}"#, r#"write [">=", 5, "<", 10]"#),
            (r#"[[">",5]]"#, r#"write [">", 5]"#),
            (r#"["between",1,5]"#, r#"write [">=", 1, "<=", 5]"#),
            (r#"[">",5,10]"#, r#"write [">", 5, "<", 10]"#),
            (r#"["=>",5]"#, r#"write [">=", 5]"#),
            (r#"["==",5]"#, r#"write ["=", 5]"#),
            ("5", r#"write ["=", 5]"#),
            (
                r#"["!=",5]"#,
                r#"write {"anything-but": 5} instead of numeric"#,
            ),
            (
                r#"["<",5,">",10]"#,
                r#"write ["=", 5], ["<", 5], [">=", 0] or [">=", 0, "<", 5]"#,
            ),
            (
                r#"[">=",5,"<=",5]"#,
                r#"for the number 5 alone write ["=", 5]"#,
            ),
            (
                r#"[">",10,"<",5]"#,
                r#"no number is > 10 and < 5: for those between write [">", 5, "<", 10], for those outside two elements, {"numeric": [">", 10]} and {"numeric": ["<", 5]}"#,
            ),
            (r#"[">",1e400]"#, "numbers end at 1.7976931348623157e308"),
        ] {
            let text = format!("{{\"p\":[{{\"numeric\":{operand}}}]}}");
            let errors = Pattern::parse(&text).unwrap_err();
            assert_eq!(errors.first().advice.as_deref(), Some(wanted), "{operand}");
        }
    }
}
