//! Names that are nearly the same.

/// Returns whether two words are one edit apart: a character put in, left out,
/// changed, or two neighbours swapped.
pub(crate) fn is_near(left: &str, right: &str) -> bool {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let (short, long) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    if short == long || long.len() - short.len() > 1 {
        return false;
    }
    let same = short
        .iter()
        .zip(&long)
        .take_while(|(left, right)| left == right)
        .count();
    let (short, long) = (&short[same..], &long[same..]);
    if short.len() < long.len() {
        return *short == long[1..];
    }
    short[1..] == long[1..]
        || (short.len() > 1
            && short[0] == long[1]
            && short[1] == long[0]
            && short[2..] == long[2..])
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn one_edit_is_near() {
        for (left, right) in [
            ("source", "sorce"),
            ("source", "sources"),
            ("source", "soruce"),
            ("source", "xource"),
            ("a", ""),
        ] {
            assert!(
                is_near(left, right) && is_near(right, left),
                "{left} {right}"
            );
        }
        for (left, right) in [
            ("source", "source"),
            ("source", "scource x"),
            ("ab", "cd"),
            ("source", "sucroe"),
        ] {
            assert!(!is_near(left, right), "{left} {right}");
        }
    }
}
