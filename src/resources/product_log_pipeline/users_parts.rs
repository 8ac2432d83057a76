//! The ARNs by which parts of the user's are given: checked for what they name
//! before AWS is asked.

use crate::aws::Arn;
use crate::provider::{Diagnostics, Path, Value};

/// An argument that takes an ARN.
struct Part {
    path: &'static [&'static str],
    service: &'static str,
    /// Whether the part after the account is of such an object.
    is: fn(&str) -> bool,
    words: &'static str,
    /// Whether it lies in a region, which must be the pipeline's.
    regional: bool,
}

const PARTS: [Part; 6] = [
    Part {
        path: &["log_table", "arn"],
        service: "dynamodb",
        is: |resource| is_one(resource, "table/") && !resource.contains(':'),
        words: "a DynamoDB table (`arn:aws:dynamodb:REGION:ACCOUNT:table/NAME`)",
        regional: true,
    },
    Part {
        path: &["log_function", "arn"],
        service: "lambda",
        // No permission can be given on `$LATEST`; the function's own ARN means the same code.
        is: |resource| {
            let name = resource.strip_prefix("function:");
            name.is_some_and(|name| !name.is_empty() && !name.ends_with(":$LATEST"))
        },
        words: "a Lambda function, version or alias (`arn:aws:lambda:REGION:ACCOUNT:function:NAME`, without `:$LATEST`)",
        regional: true,
    },
    Part {
        path: &["dead_letter_queue_arn"],
        service: "sqs",
        is: |resource| !resource.ends_with(".fifo"),
        words: "a standard SQS queue; FIFO queues take no dead letters of EventBridge",
        regional: true,
    },
    Part {
        path: &["log_function", "role_arn"],
        service: "iam",
        is: |resource| resource.starts_with("role/"),
        words: "an IAM role (`arn:aws:iam::ACCOUNT:role/NAME`)",
        regional: false,
    },
    Part {
        path: &["log_function", "permissions_boundary"],
        service: "iam",
        is: |resource| resource.starts_with("policy/"),
        words: "an IAM policy (`arn:aws:iam::ACCOUNT:policy/NAME`)",
        regional: false,
    },
    Part {
        path: &["log_table", "kms_key_arn"],
        service: "kms",
        is: |resource| is_one(resource, "key/"),
        words: "a KMS key (`arn:aws:kms:REGION:ACCOUNT:key/ID`)",
        regional: true,
    },
];

/// Checks that each names an object of its kind; unknown values pass.
pub fn validate(config: &Value, out: &mut Diagnostics) {
    for (part, text, arn) in given(config) {
        if arn.service != part.service || !(part.is)(&arn.resource) {
            out.error_at(
                part.path(),
                format!("Wrong kind of ARN for {}", part.name()),
                format!(
                    "{}: {text:?} is not the ARN of {}.",
                    part.name(),
                    part.words
                ),
            );
        }
    }
}

/// Checks that each is of the pipeline's region, where that is known.
pub fn same_region(planned: &Value, out: &mut Diagnostics) {
    let Some(region) = planned.get("region").as_set_str() else {
        return;
    };
    for (part, text, arn) in given(planned) {
        if part.regional && arn.region != region {
            out.error_at(
                part.path(),
                format!("{} of another region", part.name()),
                format!(
                    "{}: {text:?} is in region {:?}, the pipeline in {region:?}; both must be one.",
                    part.name(),
                    arn.region
                ),
            );
        }
    }
}

impl Part {
    fn path(&self) -> Path {
        let (first, rest) = (self.path[0], &self.path[1..]);
        rest.iter()
            .fold(Path::of(first), |path, name| path.attribute(*name))
    }

    fn name(&self) -> String {
        self.path.join(".")
    }
}

fn given(value: &Value) -> impl Iterator<Item = (&'static Part, &str, Arn)> {
    PARTS.iter().filter_map(move |part| {
        let found = part.path.iter().fold(value, |value, name| value.get(name));
        let text = found.as_set_str()?;
        Some((part, text, Arn::parse(text)?))
    })
}

fn is_one(resource: &str, prefix: &str) -> bool {
    resource
        .strip_prefix(prefix)
        .is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &[&str], arn: &str, region: Option<&str>) -> Vec<String> {
        let leaf = path
            .iter()
            .rev()
            .fold(Value::from(arn), |value, name| Value::map([(*name, value)]));
        let mut config = leaf;
        let mut out = Diagnostics::new();
        match region {
            Some(region) => {
                config.set("region", region);
                same_region(&config, &mut out);
            }
            None => validate(&config, &mut out),
        }
        out.iter().map(|d| d.detail.clone()).collect()
    }

    const RIGHT: [(&[&str], &str); 8] = [
        (
            &["log_table", "arn"],
            "arn:aws:dynamodb:eu-west-1:123456789012:table/t.a-b_c",
        ),
        (
            &["log_function", "arn"],
            "arn:aws:lambda:eu-west-1:123456789012:function:f",
        ),
        (
            &["log_function", "arn"],
            "arn:aws:lambda:eu-west-1:123456789012:function:f:live",
        ),
        (
            &["dead_letter_queue_arn"],
            "arn:aws-cn:sqs:eu-west-1:123456789012:q",
        ),
        (
            &["log_function", "role_arn"],
            "arn:aws:iam::123456789012:role/a/b/r",
        ),
        (
            &["log_function", "permissions_boundary"],
            "arn:aws:iam::aws:policy/PowerUserAccess",
        ),
        (
            &["log_table", "kms_key_arn"],
            "arn:aws:kms:eu-west-1:123456789012:key/mrk-1",
        ),
        (&["log_table", "kms_key_arn"], ""),
    ];

    #[test]
    fn each_argument_takes_its_kind_of_object() {
        for (path, arn) in RIGHT {
            assert_eq!(said(path, arn, None), Vec::<String>::new(), "{arn}");
            assert_eq!(
                said(path, arn, Some("eu-west-1")),
                Vec::<String>::new(),
                "{arn}"
            );
        }
        for (path, arn) in [
            (
                &["log_table", "arn"][..],
                "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2022-07-11T21:03:56",
            ),
            (
                &["log_table", "arn"],
                "arn:aws:sqs:eu-west-1:123456789012:t",
            ),
            (
                &["log_function", "arn"],
                "arn:aws:lambda:eu-west-1:123456789012:layer:f:1",
            ),
            (
                &["log_function", "arn"],
                "arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST",
            ),
            (
                &["log_function", "arn"],
                "arn:aws:lambda:eu-west-1:123456789012:function:",
            ),
            (
                &["dead_letter_queue_arn"],
                "arn:aws:sqs:eu-west-1:123456789012:q.fifo",
            ),
            (
                &["dead_letter_queue_arn"],
                "arn:aws:sns:eu-west-1:123456789012:q",
            ),
            (
                &["log_function", "role_arn"],
                "arn:aws:iam::123456789012:user/r",
            ),
            (
                &["log_function", "permissions_boundary"],
                "arn:aws:iam::123456789012:role/r",
            ),
            (
                &["log_table", "kms_key_arn"],
                "arn:aws:kms:eu-west-1:123456789012:alias/a",
            ),
        ] {
            let said = said(path, arn, None);
            assert!(said.len() == 1 && said[0].contains(arn), "{arn}: {said:?}");
        }
    }

    #[test]
    fn what_has_a_region_is_in_the_pipelines() {
        for (path, arn) in RIGHT.iter().filter(|(_, arn)| arn.contains("eu-west-1")) {
            let said = said(path, arn, Some("us-east-1"));
            assert!(
                said.len() == 1 && said[0].contains("us-east-1"),
                "{arn}: {said:?}"
            );
        }
    }
}
