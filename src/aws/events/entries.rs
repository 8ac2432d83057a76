//! Calls that take many entries and may refuse some: PutTargets, RemoveTargets.

use std::sync::{Mutex, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::super::call::{Operation, attempt};
use super::super::error::{AwsError, FailedEntry};
use super::Events;

/// What became of each entry; `None` while it is still to be sent.
type Results = Vec<Option<Result<(), AwsError>>>;

impl Events {
    /// Sends entries until each is taken, or refused for good.
    ///
    /// `send` takes the indexes of the entries to send, `refused` reads the
    /// entries that an answer names as failed. An entry that met another
    /// writer or a throttle is sent again, alone or with others like it.
    pub(super) async fn call_entries<T, E, F, Fut>(
        &self,
        operation: Operation,
        ids: &[&str],
        send: F,
        refused: fn(T) -> Vec<FailedEntry>,
    ) -> Vec<Result<(), AwsError>>
    where
        F: Fn(Vec<usize>) -> Fut + Send + Sync,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        T: RequestId + Send,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let results: Mutex<Results> = Mutex::new(vec![None; ids.len()]);
        let outcome = self
            .region
            .run(operation, || {
                let wanted: Vec<usize> = lock(&results)
                    .iter()
                    .enumerate()
                    .filter_map(|(index, result)| result.is_none().then_some(index))
                    .collect();
                let sending = send(wanted.clone());
                let results = &results;
                Box::pin(async move {
                    let answer = attempt(&operation, sending).await?;
                    let request_id = answer.request_id().map(str::to_owned);
                    let entries = refused(answer);
                    note(results, &operation, ids, &wanted, &entries, request_id)
                })
            })
            .await;
        let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        results
            .into_iter()
            .map(|result| match (result, &outcome) {
                (Some(result), _) => result,
                (None, Err(error)) => Err(error.clone()),
                (None, Ok(())) => Ok(()),
            })
            .collect()
    }
}

/// Notes what an answer says of the entries sent. Entries worth another try
/// stay open, and the attempt counts as failed.
fn note(
    results: &Mutex<Results>,
    operation: &Operation,
    ids: &[&str],
    wanted: &[usize],
    refused: &[FailedEntry],
    request_id: Option<String>,
) -> Result<(), AwsError> {
    let mut again = None;
    let mut results = lock(results);
    for &index in wanted {
        let entry = refused
            .iter()
            .find(|entry| entry.id.as_deref() == Some(ids[index]))
            // An entry without an id speaks of the only one that was sent.
            .or_else(|| {
                refused
                    .iter()
                    .find(|entry| entry.id.is_none() && wanted.len() == 1)
            });
        let Some(entry) = entry else {
            results[index] = Some(Ok(()));
            continue;
        };
        let mut error = AwsError::from_entry(operation.service, operation.name, entry);
        error.request_id = request_id.clone();
        if error.is_transient() {
            again = Some(error);
        } else {
            results[index] = Some(Err(error));
        }
    }
    match again {
        None => Ok(()),
        Some(error) => Err(error),
    }
}

fn lock(results: &Mutex<Results>) -> std::sync::MutexGuard<'_, Results> {
    results.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{Fake, Reply};
    use super::super::Target;
    use crate::aws::ErrorKind;

    fn target(id: &str) -> Target {
        Target {
            id: id.into(),
            arn: "arn:aws:sqs:eu-west-1:123456789012:q".into(),
            ..Target::default()
        }
    }

    fn failed(id: &str, code: &str) -> String {
        format!(r#"{{"TargetId":"{id}","ErrorCode":"{code}","ErrorMessage":"said so"}}"#)
    }

    fn answer(entries: &[String]) -> Reply {
        Reply::ok(&format!(
            r#"{{"FailedEntryCount":{},"FailedEntries":[{}]}}"#,
            entries.len(),
            entries.join(",")
        ))
    }

    #[tokio::test]
    async fn each_entry_has_its_own_end() {
        let busy = "ConcurrentModificationException";
        let fake = Fake::scripted(vec![
            answer(&[failed("b", "LimitExceededException"), failed("c", busy)]),
            answer(&[failed("c", busy)]),
            answer(&[]),
        ])
        .await;
        let events = fake.region().await.events();
        let targets = vec![target("a"), target("b"), target("c")];
        let results = events.put_targets_as("default", "r", targets).await;
        assert!(results[0].is_ok());
        let refused = results[1].as_ref().expect_err("refused");
        assert_eq!(refused.kind, ErrorKind::LimitExceeded);
        assert_eq!(
            refused.to_string(),
            "EventBridge PutTargets: LimitExceededException: said so (request id req-1)"
        );
        assert!(results[2].is_ok());
        let requests = fake.requests();
        assert_eq!(requests.len(), 3);
        assert!(
            !requests[1].body.contains(r#""Id":"a""#),
            "{}",
            requests[1].body
        );
        assert!(requests[1].body.contains(r#""Id":"c""#));
    }

    #[tokio::test]
    async fn removing_what_is_not_there_is_done() {
        let fake = Fake::scripted(vec![Reply::Error(
            400,
            "ResourceNotFoundException",
            "Rule r does not exist on EventBus default.",
        )])
        .await;
        let events = fake.region().await.events();
        assert_eq!(
            events.remove_target("default", "r", "a", false).await,
            Ok(())
        );
    }
}
