//! The loop around every call: rate limit, timeout, retries, cancellation.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use tokio::time::Instant;

use super::classify::classify;
use super::client::Region;
use super::error::{AwsError, ErrorKind};
use super::service::Service;
use super::waits;

/// A control-plane answer takes well under a second: this is a hang.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);
/// Tries of a call that there is another way for, where nothing answers.
const ATTEMPTS_WITH_ANOTHER_WAY: u32 = 2;
/// After "stop", a write that is under way may still answer in this time: its
/// answer is what keeps its object from being lost to the state.
const STOP_GRACE: Duration = Duration::from_secs(10);

/// One operation of an AWS API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub service: Service,
    pub name: &'static str,
    pub writes: bool,
    pub attempt_timeout: Duration,
    /// Whether there is another way to the answer.
    pub has_another_way: bool,
}

impl Operation {
    /// An operation that changes nothing.
    pub const fn read(service: Service, name: &'static str) -> Self {
        Self {
            service,
            name,
            writes: false,
            attempt_timeout: ATTEMPT_TIMEOUT,
            has_another_way: false,
        }
    }

    /// An operation that changes something.
    pub const fn write(service: Service, name: &'static str) -> Self {
        Self {
            service,
            name,
            writes: true,
            attempt_timeout: ATTEMPT_TIMEOUT,
            has_another_way: false,
        }
    }

    /// The same with another time to answer in.
    pub const fn answering_within(self, attempt_timeout: Duration) -> Self {
        Self {
            attempt_timeout,
            ..self
        }
    }

    /// The same, given up early where nothing answers.
    pub const fn with_another_way(self) -> Self {
        Self {
            has_another_way: true,
            ..self
        }
    }

    /// Whether the other way is taken now.
    fn is_given_up(&self, error: &AwsError) -> bool {
        self.has_another_way
            && error.kind == ErrorKind::Lost
            && error.attempts >= ATTEMPTS_WITH_ANOTHER_WAY
    }

    /// An error of this operation, of our own making.
    pub fn error(&self, kind: ErrorKind, message: impl Into<String>) -> AwsError {
        AwsError::new(self.service, self.name, kind, message)
    }
}

/// What one attempt came to.
pub(super) type Attempt<'a, T> = Pin<Box<dyn Future<Output = Result<T, AwsError>> + Send + 'a>>;

/// Turns the SDK's answer into ours.
pub(super) async fn attempt<T, E>(
    operation: &Operation,
    sending: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
) -> Result<T, AwsError>
where
    T: RequestId,
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match sending.await {
        Ok(answer) => {
            tracing::debug!(
                { rpc.service = operation.service.title(),
                rpc.method = operation.name,
                http.status = 200,
                aws.request_id = answer.request_id().unwrap_or_default() },
                "answered"
            );
            Ok(answer)
        }
        Err(error) => Err(classify(operation, error)),
    }
}

impl Region {
    /// Makes a call of the SDK, as often as it takes.
    pub(super) async fn call<T, E, F, Fut>(
        &self,
        operation: Operation,
        send: F,
    ) -> Result<T, AwsError>
    where
        F: Fn() -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        T: RequestId + Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        // Boxed, so that what only may come to a call has no room for one in its future.
        Box::pin(self.run(operation, || Box::pin(attempt(&operation, send())))).await
    }

    /// The loop itself.
    pub(super) async fn run<'a, T: Send>(
        &'a self,
        operation: Operation,
        send: impl Fn() -> Attempt<'a, T> + Send + Sync,
    ) -> Result<T, AwsError> {
        self.check_account().await?;
        let started = Instant::now();
        let (mut attempts, mut maybe_applied) = (0, false);
        loop {
            let stopped = |attempts, maybe_applied| AwsError {
                attempts,
                maybe_applied,
                ..operation.error(ErrorKind::Cancelled, "stopped before it was done")
            };
            if !self.pause(self.limiter(operation.service).reserve()).await {
                return Err(stopped(attempts, maybe_applied));
            }
            attempts += 1;
            let failed = match self.try_once(&operation, send()).await {
                Ok(answer) => {
                    if operation.writes {
                        self.remember_written();
                    }
                    self.retry().refund(attempts);
                    return Ok(answer);
                }
                Err(failed) => failed,
            };
            // Throttled, refused and malformed requests were answered: not applied.
            let unclear =
                matches!(failed.kind, ErrorKind::Lost | ErrorKind::Server) || failed.is_cancelled();
            maybe_applied |= operation.writes && failed.sent && unclear;
            if maybe_applied {
                self.remember_written();
            }
            let error = AwsError {
                attempts,
                maybe_applied,
                ..failed
            };
            if error.kind == ErrorKind::Throttling {
                self.limiter(operation.service).throttled();
            }
            let back_off = match operation.is_given_up(&error) {
                true => None,
                false => self.retry().next(&error, attempts, started.elapsed()),
            };
            tracing::debug!(
                { rpc.service = operation.service.title(),
                rpc.method = operation.name,
                http.status = error.status,
                aws.request_id = error.request_id.as_deref().unwrap_or_default(),
                attempt = attempts,
                error.code = error.code,
                retry_in_ms = back_off.map(|wait| wait.as_millis() as u64) },
                "failed"
            );
            let Some(back_off) = back_off else {
                return Err(error);
            };
            if !self.pause(back_off).await {
                return Err(stopped(attempts, maybe_applied));
            }
        }
    }

    /// One attempt, in its time. After "stop" a read ends at once, and a write
    /// gets a little longer.
    async fn try_once<T>(
        &self,
        operation: &Operation,
        sending: Attempt<'_, T>,
    ) -> Result<T, AwsError> {
        let stop = async {
            self.cancelled().await;
            if operation.writes {
                tokio::time::sleep(waits::scaled_timeout(STOP_GRACE)).await;
            }
        };
        let timeout = waits::scaled_timeout(operation.attempt_timeout);
        tokio::select! {
            biased;
            answered = tokio::time::timeout(timeout, sending) => match answered {
                Ok(answer) => answer,
                Err(_) => Err(operation.error(
                    ErrorKind::Lost,
                    format!("no answer within {} s", timeout.as_secs_f64()),
                )),
            },
            () = stop => Err(operation.error(ErrorKind::Cancelled, "stopped while it was under way")),
        }
    }
}

/// "Not there" as an answer and not an error.
pub(super) fn found<T>(result: Result<T, AwsError>) -> Result<Option<T>, AwsError> {
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Deleting what is not there is done.
pub(super) fn gone<T>(result: Result<T, AwsError>) -> Result<(), AwsError> {
    found(result).map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::events::RuleSettings;
    use super::super::testing::{Fake, Reply};
    use super::*;
    use crate::aws::{Aws, Settings};
    use tokio_util::sync::CancellationToken;

    const BUSY: Reply = Reply::Error(400, "ThrottlingException", "Rate exceeded");
    const CONCURRENT: Reply = Reply::Error(400, "ConcurrentModificationException", "busy");

    fn put() -> Reply {
        Reply::ok(r#"{"RuleArn":"arn:aws:events:eu-west-1:123456789012:rule/r"}"#)
    }

    fn rule() -> RuleSettings {
        RuleSettings {
            name: "r".into(),
            event_bus_name: "default".into(),
            state: "ENABLED".into(),
            ..RuleSettings::default()
        }
    }

    /// Puts a rule against `replies`: the answer, and the calls it took.
    async fn put_rule(replies: Vec<Reply>) -> (Result<String, AwsError>, usize) {
        let fake = Fake::scripted(replies).await;
        let result = fake.region().await.events().put_rule(&rule()).await;
        (result, fake.operations().len())
    }

    #[tokio::test]
    async fn throttling_and_other_writers_are_waited_out() {
        let (result, calls) = put_rule(vec![BUSY, CONCURRENT, BUSY, put()]).await;
        assert!(result.is_ok_and(|arn| arn.ends_with("rule/r")));
        assert_eq!(calls, 4);
    }

    #[tokio::test]
    async fn refusals_are_final_at_once() {
        for (code, kind) in [
            ("LimitExceededException", ErrorKind::LimitExceeded),
            ("AccessDeniedException", ErrorKind::AccessDenied),
            ("ValidationException", ErrorKind::Validation),
        ] {
            let (result, calls) = put_rule(vec![Reply::Error(400, code, "no")]).await;
            let error = result.expect_err(code);
            assert_eq!((error.kind, calls), (kind, 1), "{code}");
            assert_eq!(error.request_id.as_deref(), Some("req-1"));
            assert!(!error.maybe_applied);
        }
    }

    #[tokio::test]
    async fn lost_answers_are_asked_for_again() {
        let html = Reply::Body(500, "<html>oops</html>".into());
        let cut = Reply::ok(r#"{"RuleArn":"arn:aws"#);
        let (result, calls) = put_rule(vec![Reply::Drop, html, cut, Reply::Hang, put()]).await;
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(calls, 5);
    }

    #[tokio::test]
    async fn an_outage_ends_and_says_that_the_write_may_have_happened() {
        let (result, calls) = put_rule(vec![]).await;
        let error = result.expect_err("outage");
        assert_eq!(
            (error.kind, error.attempts as usize),
            (ErrorKind::Server, calls)
        );
        assert!(error.maybe_applied);
        assert_eq!(calls, 6);
    }

    #[tokio::test]
    async fn already_exists_after_a_lost_answer_may_be_ours() {
        let exists = Reply::Error(
            400,
            "ResourceAlreadyExistsException",
            "Event bus b already exists.",
        );
        let bus = crate::aws::events::BusSettings {
            name: "b".into(),
            ..Default::default()
        };
        for (replies, ours) in [
            (vec![Reply::Drop, exists.clone()], true),
            (vec![exists], false),
        ] {
            let fake = Fake::scripted(replies).await;
            let result = fake.region().await.events().create_bus(&bus).await;
            let error = result.expect_err("exists");
            assert_eq!(
                (error.kind, error.maybe_applied),
                (ErrorKind::AlreadyExists, ours)
            );
        }
    }

    #[tokio::test]
    async fn a_read_never_counts_as_applied() {
        let fake = Fake::scripted(vec![]).await;
        let error = fake
            .region()
            .await
            .events()
            .describe_rule("default", "r")
            .await;
        assert!(error.is_err_and(|error| !error.maybe_applied));
    }

    #[tokio::test]
    async fn what_may_have_been_written_is_remembered() {
        let refused = Reply::Error(400, "AccessDeniedException", "no");
        for (replies, written) in [
            (vec![put()], true),
            (vec![Reply::Drop, refused.clone()], true),
            (vec![refused], false),
            (
                vec![BUSY, Reply::Error(400, "ValidationException", "no")],
                false,
            ),
        ] {
            let fake = Fake::scripted(replies.clone()).await;
            let region = fake.region().await;
            let _ = region.events().describe_rule("default", "r").await;
            assert!(!region.has_written(), "a read writes nothing");
            let fake = Fake::scripted(replies.clone()).await;
            let region = fake.region().await;
            let _ = region.events().put_rule(&rule()).await;
            assert_eq!(region.has_written(), written, "{replies:?}");
        }
    }

    #[tokio::test]
    async fn nothing_listening_is_said_in_plain_words() {
        let mut settings = Fake::scripted(vec![]).await.settings();
        settings.max_retries = Some(2);
        let region = Aws::new(settings).region(None).await.expect("region");
        let error = region
            .events()
            .put_rule(&rule())
            .await
            .expect_err("refused");
        assert_eq!(error.kind, ErrorKind::Lost);
        assert!(error.message.contains("connection refused"), "{error}");
        assert!(!error.maybe_applied, "no connection, no write");
    }

    #[tokio::test]
    async fn stopping_ends_waits_and_lets_a_write_answer() {
        let cancel = CancellationToken::new();
        let fake = Fake::answering(|_| Some(BUSY)).await;
        let aws = Aws::new(fake.settings()).with_cancel(cancel.clone());
        let region = aws.region(None).await.expect("region");
        let calls = tokio::spawn(async move { region.events().put_rule(&rule()).await });
        tokio::time::sleep(Duration::from_millis(30)).await;
        cancel.cancel();
        let error = calls.await.expect("task").expect_err("stopped");
        assert_eq!(error.kind, ErrorKind::Cancelled);
        let region = aws.region(None).await.expect("region");
        let before = fake.operations().len();
        let error = region
            .events()
            .put_rule(&rule())
            .await
            .expect_err("stopped");
        assert!(error.is_cancelled());
        assert_eq!(fake.operations().len(), before, "no call is begun");
        let fake = Fake::scripted(vec![put()]).await;
        let deaf = Aws::new(fake.settings())
            .with_cancel(cancel)
            .without_cancel();
        let region = deaf.region(None).await.expect("region");
        assert!(region.events().put_rule(&rule()).await.is_ok());
    }

    #[tokio::test]
    async fn propagation_is_waited_for_by_message() {
        let fresh = Reply::Error(
            400,
            "ValidationException",
            "Provided role 'x' cannot be assumed by principal 'events.amazonaws.com'.",
        );
        let fake = Fake::scripted(vec![fresh.clone(), fresh, put()]).await;
        let region = fake.region().await;
        let events = region.events();
        let rule = rule();
        let result = region
            .retry_while(
                Duration::from_secs(120),
                AwsError::cannot_be_assumed,
                || events.put_rule(&rule),
            )
            .await;
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(fake.operations().len(), 3);
    }

    #[tokio::test]
    async fn without_credentials_the_error_says_what_to_do() {
        let fake = Fake::scripted(vec![]).await;
        let settings = Settings {
            access_key: None,
            secret_key: None,
            profile: Some("none".into()),
            shared_config_files: vec!["/dev/null".into()],
            shared_credentials_files: vec!["/dev/null".into()],
            skip_metadata_api_check: Some(true),
            ..fake.settings()
        };
        let region = Aws::new(settings).region(None).await.expect("region");
        let error = region.events().put_rule(&rule()).await.expect_err("none");
        assert_eq!(error.kind, ErrorKind::Credentials, "{error}");
        assert!(error.message.contains("no profile \"none\""), "{error}");
        assert!(fake.operations().is_empty());
    }

    #[tokio::test]
    async fn the_user_agent_is_ours() {
        let fake = Fake::scripted(vec![put()]).await;
        let mut settings = fake.settings();
        settings.user_agent.prefix = vec!["Terraform/1.11.4".into()];
        settings.user_agent.suffix = vec!["mine/1".into()];
        let region = Aws::new(settings).region(None).await.expect("region");
        region.events().put_rule(&rule()).await.expect("put");
        let agent = &fake.requests()[0].user_agent;
        assert!(
            agent.starts_with("Terraform/1.11.4 aws-sdk-rust/"),
            "{agent}"
        );
        assert!(agent.ends_with(" mine/1"), "{agent}");
    }
}
