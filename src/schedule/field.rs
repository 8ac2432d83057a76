//! The grammar of one cron field: lists, ranges, steps, names, and `L W #` of the day
//! fields. Does not know of the other fields.

/// A field's values and its own wildcards beside `*`, `,`, `-` and `/`, which all have.
pub(super) struct Field {
    pub name: &'static str,
    min: u32,
    max: u32,
    /// Names of the values, the first one for `min`.
    pub names: &'static [&'static str],
    wildcards: &'static str,
    examples: &'static str,
}

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The six fields in the order in which they are written.
pub(super) const FIELDS: [Field; 6] = [
    field("minutes", 0, 59, &[], "", "0, 0/15 or 0,30"),
    field("hours", 0, 23, &[], "", "8, 8-17 or */2"),
    field("day-of-month", 1, 31, &[], "?LW", "1, 1,15, L or 3W"),
    field("month", 1, 12, &MONTHS, "", "1, JAN-MAR or 1/3"),
    field("day-of-week", 1, 7, &DAYS, "?L#", "MON-FRI, 6L or MON#1"),
    field("year", 1970, 2199, &[], "", "* or 2030-2035"),
];

const fn field(
    name: &'static str,
    min: u32,
    max: u32,
    names: &'static [&'static str],
    wildcards: &'static str,
    examples: &'static str,
) -> Field {
    Field {
        name,
        min,
        max,
        names,
        wildcards,
        examples,
    }
}

/// A fault in a field's text.
#[derive(Debug)]
pub(super) struct Fault {
    pub value: String,
    /// Where `value` begins in the field, in characters from 0.
    pub offset: usize,
    pub wrong: String,
    pub instead: String,
}

/// Checks one field; returns warnings.
pub(super) fn check(field: &Field, text: &str) -> Result<Vec<Fault>, Fault> {
    let reader = Reader { field, text };
    if text == "?" && field.has('?') {
        return Ok(Vec::new());
    }
    // Trailing and doubled commas are taken by the service.
    let items: Vec<&str> = text.split(',').filter(|item| !item.is_empty()).collect();
    if items.is_empty() {
        return Err(reader.fault(text, "has no value"));
    }
    if items.len() > 1
        && let Some(nth) = items
            .iter()
            .find(|item| item.contains('#') && field.has('#'))
    {
        return Err(reader.fault(nth, "has # and stands in a list: # must stand alone"));
    }
    let mut warnings = Vec::new();
    for item in items {
        warnings.extend(reader.item(item)?);
    }
    Ok(warnings)
}

/// The values that a field of plain values, names and ranges stands for; `None` for any
/// other, and for one that is not valid.
pub(super) fn values(field: &Field, text: &str) -> Option<Vec<u32>> {
    let reader = Reader { field, text };
    let mut values = Vec::new();
    for item in text.split(',').filter(|item| !item.is_empty()) {
        match item.split_once('-') {
            None => values.push(reader.value(item).ok()?),
            Some((from, to)) => {
                let (from, to) = (reader.value(from).ok()?, reader.value(to).ok()?);
                if from <= to {
                    values.extend(from..=to);
                } else {
                    values.extend((from..=field.max).chain(field.min..=to));
                }
            }
        }
    }
    Some(values)
}

impl Field {
    fn has(&self, wildcard: char) -> bool {
        self.wildcards.contains(wildcard)
    }

    fn is_year(&self) -> bool {
        self.name == "year"
    }
}

struct Reader<'a> {
    field: &'a Field,
    text: &'a str,
}

impl Reader<'_> {
    /// One item of the list: a value, a range or a wildcard, with or without a step.
    fn item(&self, item: &str) -> Result<Option<Fault>, Fault> {
        let (base, step) = match item.split_once('/') {
            Some((base, step)) => (base, Some(step)),
            None => (item, None),
        };
        let warning = match step {
            Some(step) => self.step(item, step)?,
            None => None,
        };
        // "/5" is read as "*/5".
        if base == "*" || (base.is_empty() && step.is_some()) {
            return Ok(warning);
        }
        if base.contains('?') {
            return Err(self.question_mark(item));
        }
        if self.field.has('#') && base.contains('#') {
            self.nth(base)?;
        } else if self.is_last_or_nearest(base)? {
            // checked there
        } else if let Some((from, to)) = base.split_once('-') {
            self.range(base, from, to)?;
        } else {
            self.value(base)?;
        }
        Ok(warning)
    }

    fn step(&self, item: &str, step: &str) -> Result<Option<Fault>, Fault> {
        let field = self.field;
        match number(step) {
            None => Err(self.fault(step, "is not a number of steps")),
            Some(0) => Err(self.fault(step, "is a step of zero")),
            Some(step) if !field.is_year() && step > field.max => Ok(Some(self.fault(
                item,
                format!(
                    "steps past {}: it fires at the first value alone",
                    field.max
                ),
            ))),
            Some(_) => Ok(None),
        }
    }

    fn question_mark(&self, item: &str) -> Fault {
        if !self.field.has('?') {
            return self.fault(item, "is for day-of-month and day-of-week only");
        }
        self.fault(item, "has a ? that does not stand alone")
    }

    /// `3#2`: the second Tuesday.
    fn nth(&self, base: &str) -> Result<(), Fault> {
        let (day, nth) = base.split_once('#').unwrap_or((base, ""));
        self.value(day)?;
        match number(nth) {
            Some(1..=5) => Ok(()),
            _ => Err(self.fault(base, "needs a number from 1 to 5 after the #")),
        }
    }

    /// `L`, `LW`, `L-3`, `3W` of a month, `L`, `6L`, `FRIL` of a week: true for one of these.
    fn is_last_or_nearest(&self, base: &str) -> Result<bool, Fault> {
        let upper = base.to_ascii_uppercase();
        if self.field.has('W') {
            if upper == "L" || upper == "LW" {
                return Ok(true);
            }
            if let Some(before) = upper.strip_prefix("L-") {
                return match number(before) {
                    Some(0..=30) => Ok(true),
                    _ => Err(self.fault(base, "does not count from 0 to 30 days back")),
                };
            }
            if upper.ends_with('W') {
                self.value(&base[..base.len() - 1])?;
                return Ok(true);
            }
        } else if self.field.has('L') && upper.ends_with('L') {
            let day = &base[..base.len() - 1];
            if !day.is_empty() {
                self.value(day)?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// `20-2` wraps around, save for years.
    fn range(&self, base: &str, from: &str, to: &str) -> Result<(), Fault> {
        let (first, last) = (self.value(from)?, self.value(to)?);
        if self.field.is_year() && first > last {
            return Err(self.fault(base, "ends before it begins"));
        }
        Ok(())
    }

    /// A number in the field's range, or a name.
    fn value(&self, text: &str) -> Result<u32, Fault> {
        let Field {
            min, max, names, ..
        } = *self.field;
        if let Some(index) = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text))
        {
            return Ok(min + index as u32);
        }
        match number(text) {
            Some(value) if (min..=max).contains(&value) => Ok(value),
            Some(0) if names == DAYS => Err(self.fault(
                text,
                "is not from 1 to 7: here 1 is Sunday and 7 is Saturday",
            )),
            Some(_) => Err(self.fault(text, format!("is not from {min} to {max}"))),
            None if text.is_empty() => Err(self.fault(self.text, "lacks a value")),
            None => Err(self.fault(text, self.what_it_is_not(text))),
        }
    }

    fn what_it_is_not(&self, text: &str) -> String {
        let Field {
            min, max, names, ..
        } = *self.field;
        let home = match text.chars().find(|character| "LW#".contains(*character)) {
            Some('#') => "# is for day-of-week only",
            Some('W') if text.ends_with('W') => "W is for day-of-month only",
            Some('L') if text.ends_with('L') => "L is for day-of-month and day-of-week only",
            _ => "",
        };
        match (home, names) {
            ("", []) => format!("is not a number from {min} to {max}"),
            ("", names) => format!(
                "is neither a number from {min} to {max} nor a name from {} to {}",
                names[0],
                names[names.len() - 1]
            ),
            (home, _) => format!("is no value of this field: {home}"),
        }
    }

    /// A fault of `part`, which is a slice of the field's text.
    fn fault(&self, part: &str, wrong: impl Into<String>) -> Fault {
        let bytes = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let before = self.text.get(..bytes).unwrap_or_default();
        Fault {
            value: part.to_owned(),
            offset: before.chars().count(),
            wrong: wrong.into(),
            instead: format!("Write for example {}", self.field.examples),
        }
    }
}

/// A number written in digits only; leading zeros are taken.
fn number(text: &str) -> Option<u32> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> &'static Field {
        FIELDS
            .iter()
            .find(|field| field.name == name)
            .expect("a field")
    }

    #[test]
    fn values_of_lists_ranges_and_names() {
        assert_eq!(values(named("month"), "FEB,4-6"), Some(vec![2, 4, 5, 6]));
        assert_eq!(values(named("hours"), "22-1"), Some(vec![22, 23, 0, 1]));
        assert_eq!(values(named("month"), "*"), None);
        assert_eq!(values(named("day-of-month"), "L"), None);
    }

    #[test]
    fn a_wildcard_outside_its_field_is_named() {
        for (field, text, word) in [
            ("minutes", "?", "day-of-month and day-of-week only"),
            ("hours", "5L", "L is for"),
            ("month", "3W", "W is for"),
            ("day-of-month", "3#1", "# is for"),
        ] {
            let fault = check(named(field), text).unwrap_err();
            assert!(
                fault.wrong.contains(word),
                "{field} {text}: {}",
                fault.wrong
            );
        }
    }

    #[test]
    fn zero_is_no_day_of_the_week() {
        assert!(
            check(named("day-of-week"), "0")
                .unwrap_err()
                .wrong
                .contains("1 is Sunday")
        );
        assert!(check(named("day-of-week"), "8").is_err());
    }

    #[test]
    fn steps() {
        assert!(check(named("minutes"), "*/5").unwrap().is_empty());
        assert!(check(named("minutes"), "0/0").is_err());
        assert!(check(named("minutes"), "5/").is_err());
        assert_eq!(check(named("minutes"), "0/90").unwrap().len(), 1);
    }
}
