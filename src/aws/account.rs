//! Which account is ours, and whether the settings allow it.

use std::time::Instant;

use super::arn::Arn;
use super::client::Region;
use super::error::{AwsError, ErrorKind};
use super::service::Service;
use super::sts;

/// What became of asking the default bus whose it is.
#[derive(Debug)]
pub(super) struct AccountAsked {
    answer: Result<(), AwsError>,
    at: Instant,
}

impl AccountAsked {
    /// Whether it is an answer to who came at this time: an outage may be over
    /// for who came later.
    fn holds(&self, came: Instant) -> bool {
        match &self.answer {
            Err(error) if !error.is_access_denied() => came <= self.at,
            _ => true,
        }
    }
}

impl Region {
    /// Our account: read off the first ARN that EventBridge answered, else off
    /// one DescribeEventBus of the default bus, which is made once for all who
    /// ask at the same time, and never again once it was refused; never asked
    /// of STS.
    pub async fn account(&self) -> Result<String, AwsError> {
        if let Some(account) = self.aws().known_account() {
            return Ok(account.to_owned());
        }
        // Before it is waited for below: it may have to know the account too.
        self.check_account().await?;
        let came = Instant::now();
        let mut asked = self.account_asked().lock().await;
        let answer = match &*asked {
            Some(asked) if asked.holds(came) => asked.answer.clone(),
            _ => {
                let answer = Box::pin(self.ask_account()).await;
                let at = Instant::now();
                asked.insert(AccountAsked { answer, at }).answer.clone()
            }
        };
        drop(asked);
        // Other answers may have told it since.
        match self.aws().known_account() {
            Some(account) => Ok(account.to_owned()),
            None => Err(answer.err().unwrap_or_else(no_account)),
        }
    }

    async fn ask_account(&self) -> Result<(), AwsError> {
        let bus = self.events().describe_bus_as("default").await?;
        if let Some(arn) = bus.and_then(|bus| Arn::parse(&bus.arn)) {
            self.learn_account(&arn);
        }
        Ok(())
    }

    /// Keeps the account of the first own ARN.
    pub(super) fn learn_account(&self, arn: &Arn) {
        if arn.account.len() == 12 {
            self.aws()
                .account_cell()
                .get_or_init(|| arn.account.clone());
        }
    }

    /// Whether the tagging API knows the objects that we manage: not where
    /// EventBridge is a local one and it is not.
    pub(super) async fn has_tagging(&self) -> Result<bool, AwsError> {
        let config = self.config().await?;
        Ok(!config.has_endpoint(Service::Events) || config.has_endpoint(Service::Tagging))
    }

    /// Before the first call: are the credentials good, is the account allowed?
    /// Asked once; the answer stands for all later calls.
    pub(super) async fn check_account(&self) -> Result<(), AwsError> {
        if self.is_unchecked() {
            return Ok(());
        }
        let checked = self.aws().account_check();
        // Boxed: the look makes calls, which come through here again.
        let look = || Box::pin(self.look_at_account());
        checked.get_or_init(look).await.clone()
    }

    async fn look_at_account(&self) -> Result<(), AwsError> {
        let (settings, config) = (self.aws().settings(), self.config().await?);
        let (allowed, forbidden) = (
            &settings.allowed_account_ids,
            &settings.forbidden_account_ids,
        );
        let restricted = !allowed.is_empty() || !forbidden.is_empty();
        let validate = !settings.skip_credentials_validation;
        // A local EventBridge without a local STS: the real STS knows nothing
        // of its credentials.
        let local = config.has_endpoint(Service::Events) && !config.has_endpoint(Service::Sts);
        let unchecked = self.unchecked();
        let account = if !local && (validate || restricted && !settings.skip_requesting_account_id)
        {
            let region = match &settings.sts_region {
                Some(name) => unchecked.sibling(name),
                None => unchecked.clone(),
            };
            Some(sts::caller_account(&region).await.map_err(explain)?)
        } else {
            None
        };
        if !restricted {
            return Ok(());
        }
        let account = match account {
            Some(account) => account,
            None => unchecked.account().await?,
        };
        if forbidden.contains(&account) || !allowed.is_empty() && !allowed.contains(&account) {
            return Err(AwsError::configuration(
                Service::Sts,
                format!("AWS account ID not allowed: {account}"),
            ));
        }
        Ok(())
    }
}

fn no_account() -> AwsError {
    AwsError::new(
        Service::Events,
        "DescribeEventBus",
        ErrorKind::Other,
        "the default bus's ARN names no account",
    )
}

/// Says what the failing call was for.
fn explain(mut error: AwsError) -> AwsError {
    if matches!(error.kind, ErrorKind::Lost | ErrorKind::Server) {
        error.message.push_str(
            ". It checks the credentials; where STS cannot be reached set \
             `skip_credentials_validation = true` in the provider block",
        );
    }
    error
}

#[cfg(test)]
mod tests {
    use super::super::client::Aws;
    use super::super::testing::{Fake, Reply};
    use super::*;

    const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult>\
        <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    const BUS: &str =
        r#"{"Name":"default","Arn":"arn:aws:events:eu-west-1:123456789012:event-bus/default"}"#;

    async fn fake() -> Fake {
        Fake::answering(|request| {
            Some(match request.operation.as_str() {
                "GetCallerIdentity" => Reply::Body(200, IDENTITY.into()),
                _ => Reply::ok(BUS),
            })
        })
        .await
    }

    #[tokio::test]
    async fn the_account_is_read_off_the_first_arn() {
        let fake = fake().await;
        let region = fake.region().await;
        assert_eq!(region.aws().known_account(), None);
        region.events().describe_bus("default").await.expect("bus");
        assert_eq!(region.account().await.as_deref(), Ok("123456789012"));
        assert_eq!(fake.operations(), ["DescribeEventBus"]);
    }

    #[tokio::test]
    async fn the_account_is_asked_for_once_whatever_the_answer() {
        for (reply, known) in [
            (Reply::ok(BUS), true),
            (Reply::Error(400, "AccessDeniedException", "no"), false),
        ] {
            let fake = Fake::answering(move |_| Some(reply.clone())).await;
            let region = fake.region().await;
            for _ in 0..2 {
                let asked = (0..3).map(|_| region.account());
                for account in futures_util::future::join_all(asked).await {
                    assert_eq!(account.is_ok(), known);
                }
            }
            assert_eq!(fake.operations(), ["DescribeEventBus"]);
        }
    }

    #[tokio::test]
    async fn an_account_that_was_not_to_be_had_is_asked_for_again() {
        let fails = Reply::Error(500, "InternalException", "no");
        let fake = Fake::scripted(vec![fails, Reply::ok(BUS)]).await;
        let mut settings = fake.settings();
        settings.max_retries = Some(1);
        let region = Aws::new(settings).region(None).await.expect("region");
        // All who wait for it hear so.
        let asked = (0..3).map(|_| region.account());
        let answers = futures_util::future::join_all(asked).await;
        assert!(answers.iter().all(Result::is_err));
        assert!(region.account().await.is_ok());
        assert_eq!(fake.operations().len(), 2);
    }

    #[tokio::test]
    async fn credentials_are_checked_once_and_only_when_asked() {
        let fake = fake().await;
        let mut settings = fake.settings();
        settings.skip_credentials_validation = false;
        let region = Aws::new(settings).region(None).await.expect("region");
        for _ in 0..2 {
            region.events().describe_bus("default").await.expect("bus");
        }
        assert_eq!(
            fake.operations(),
            ["GetCallerIdentity", "DescribeEventBus", "DescribeEventBus"]
        );
    }

    #[tokio::test]
    async fn a_local_eventbridge_alone_never_leads_to_sts() {
        let fake = fake().await;
        let mut settings = fake.settings();
        settings.skip_credentials_validation = false;
        settings.endpoints.remove(&Service::Sts);
        settings.allowed_account_ids = vec!["123456789012".into()];
        let region = Aws::new(settings).region(None).await.expect("region");
        region.events().describe_bus("default").await.expect("bus");
        assert_eq!(fake.operations(), ["DescribeEventBus", "DescribeEventBus"]);
    }

    #[tokio::test]
    async fn accounts_are_allowed_or_not() {
        for (allowed, forbidden, good) in [
            (vec![], vec!["123456789012"], false),
            (vec!["999999999999"], vec![], false),
            (vec!["123456789012"], vec!["999999999999"], true),
        ] {
            let fake = fake().await;
            let mut settings = fake.settings();
            settings.allowed_account_ids = allowed.into_iter().map(String::from).collect();
            settings.forbidden_account_ids = forbidden.into_iter().map(String::from).collect();
            let region = Aws::new(settings).region(None).await.expect("region");
            let result = region.events().describe_bus("default").await;
            match result {
                Ok(_) => assert!(good),
                Err(error) => {
                    assert!(!good);
                    assert_eq!(
                        error.to_string(),
                        "AWS account ID not allowed: 123456789012"
                    );
                }
            }
        }
    }
}
