//! What this process wrote of one bus, laid over what AWS answers: its reads
//! may lag behind the writes. Memory only.

use super::events::{Bus, BusSettings};

/// Own writes of one bus.
#[derive(Debug, Default)]
pub(super) struct OwnBus {
    /// Of a bus that this process made.
    arn: Option<String>,
    /// As they were sent: `None` left a setting as it was, `""` took it away.
    settings: BusSettings,
}

impl OwnBus {
    /// CreateEventBus succeeded.
    pub(super) fn made(settings: &BusSettings, arn: &str) -> Self {
        Self {
            arn: Some(arn.to_owned()),
            settings: settings.clone(),
        }
    }

    pub(super) fn is_made(&self) -> bool {
        self.arn.is_some()
    }

    /// UpdateEventBus succeeded.
    pub(super) fn updated(&mut self, settings: &BusSettings) {
        let own = &mut self.settings;
        for (own, sent) in [
            (&mut own.description, &settings.description),
            (&mut own.kms_key_identifier, &settings.kms_key_identifier),
            (&mut own.dead_letter_arn, &settings.dead_letter_arn),
        ] {
            if sent.is_some() {
                own.clone_from(sent);
            }
        }
        if settings.log_config.is_some() {
            own.log_config.clone_from(&settings.log_config);
        }
    }

    /// An answer of DescribeEventBus with own writes over it.
    pub(super) fn over(&self, answer: Option<Bus>) -> Option<Bus> {
        let own = &self.settings;
        let made = || {
            Some(Bus {
                name: own.name.clone(),
                arn: self.arn.clone()?,
                ..Bus::default()
            })
        };
        let mut bus = answer.or_else(made)?;
        lay(&own.description, &mut bus.description);
        lay(&own.kms_key_identifier, &mut bus.kms_key_identifier);
        lay(&own.dead_letter_arn, &mut bus.dead_letter_arn);
        if let Some(own) = &own.log_config {
            let logs = bus.log_config.get_or_insert_default();
            lay(&own.include_detail, &mut logs.include_detail);
            lay(&own.level, &mut logs.level);
        }
        Some(bus)
    }
}

fn lay(own: &Option<String>, over: &mut Option<String>) {
    if let Some(own) = own {
        *over = Some(own.clone()).filter(|own| !own.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::super::events::LogConfig;
    use super::*;

    fn settings(description: Option<&str>, key: Option<&str>) -> BusSettings {
        BusSettings {
            name: "orders".into(),
            description: description.map(str::to_owned),
            kms_key_identifier: key.map(str::to_owned),
            ..BusSettings::default()
        }
    }

    #[test]
    fn a_bus_of_ours_is_there_before_aws_knows_of_it() {
        let own = OwnBus::made(&settings(Some("one"), None), "arn");
        let bus = own.over(None).expect("there");
        assert_eq!((bus.name.as_str(), bus.arn.as_str()), ("orders", "arn"));
        assert_eq!(bus.description.as_deref(), Some("one"));
        assert_eq!(OwnBus::default().over(None), None);
    }

    #[test]
    fn what_was_not_sent_is_as_aws_answers_it() {
        let mut own = OwnBus::default();
        own.updated(&settings(Some("two"), Some("")));
        own.updated(&BusSettings {
            log_config: Some(LogConfig {
                level: Some("INFO".into()),
                include_detail: None,
            }),
            ..settings(None, None)
        });
        let answer = Bus {
            name: "orders".into(),
            description: Some("one".into()),
            kms_key_identifier: Some("key".into()),
            dead_letter_arn: Some("queue".into()),
            log_config: Some(LogConfig {
                level: Some("OFF".into()),
                include_detail: Some("FULL".into()),
            }),
            ..Bus::default()
        };
        let bus = own.over(Some(answer.clone())).expect("there");
        assert_eq!(bus.description.as_deref(), Some("two"));
        assert_eq!(bus.kms_key_identifier, None);
        assert_eq!(bus.dead_letter_arn, answer.dead_letter_arn);
        let logs = bus.log_config.expect("logs");
        assert_eq!(logs.level.as_deref(), Some("INFO"));
        assert_eq!(logs.include_detail.as_deref(), Some("FULL"));
    }
}
