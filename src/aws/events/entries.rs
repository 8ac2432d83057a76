//! Calls that take many entries and may refuse some: PutTargets, RemoveTargets.

use std::sync::{Mutex, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::super::call::{Operation, attempt};
use super::super::error::{AwsError, ErrorKind, FailedEntry};
use super::Events;

/// What became of each entry; `None` while it is still to be sent.
type Results = Vec<Option<Result<(), AwsError>>>;

impl Events {
    /// Sends entries until each is taken, or refused for good.
    ///
    /// `send` takes the indexes of the entries to send, `refused` reads the
    /// entries that an answer names as failed. An entry that met another
    /// writer or a throttle is sent again, alone or with others like it. AWS
    /// also refuses a whole call for one bad entry, or one too many: then each
    /// goes alone.
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
        let all: Vec<usize> = (0..ids.len()).collect();
        let call = |among: Vec<usize>| {
            let (results, send) = (&results, &send);
            self.region.run(operation, move || {
                let wanted = open(results, &among);
                let sending = send(wanted.clone());
                Box::pin(async move {
                    let answer = attempt(&operation, sending).await?;
                    let request_id = answer.request_id().map(str::to_owned);
                    let entries = refused(answer);
                    note(results, &operation, ids, &wanted, &entries, request_id)
                })
            })
        };
        let outcome = call(all.clone()).await;
        let left = open(&results, &all);
        if let Err(error) = &outcome
            && left.len() > 1
            && may_be_of_one(error)
        {
            for index in left {
                let alone = call(vec![index]).await.map_err(|alone| AwsError {
                    maybe_applied: alone.maybe_applied || error.maybe_applied,
                    ..alone
                });
                lock(&results)[index].get_or_insert(alone);
            }
        }
        let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        let results = results.into_iter();
        results
            .map(|result| result.unwrap_or_else(|| outcome.clone()))
            .collect()
    }
}

/// The entries that are still to be sent.
fn open(results: &Mutex<Results>, among: &[usize]) -> Vec<usize> {
    let results = lock(results);
    let open = among.iter().filter(|index| results[**index].is_none());
    open.copied().collect()
}

/// A refusal of a call that one of its entries may have brought upon all.
fn may_be_of_one(error: &AwsError) -> bool {
    matches!(
        error.kind,
        ErrorKind::Validation
            | ErrorKind::LimitExceeded
            | ErrorKind::AccessDenied
            | ErrorKind::Other
    )
}

/// Notes what an answer says of the entries sent. Entries worth another try
/// stay open, and the attempt counts as failed; so do all that are not named
/// where it refuses one without naming it.
fn note(
    results: &Mutex<Results>,
    operation: &Operation,
    ids: &[&str],
    wanted: &[usize],
    refused: &[FailedEntry],
    request_id: Option<String>,
) -> Result<(), AwsError> {
    let names = |entry: &FailedEntry, index: usize| entry.id.as_deref() == Some(ids[index]);
    let of = |index: usize| refused.iter().find(|entry| names(entry, index));
    let error = |entry: &FailedEntry| {
        let mut error = AwsError::from_entry(operation.service, operation.name, entry);
        error.request_id.clone_from(&request_id);
        error
    };
    let nameless = refused
        .iter()
        .find(|entry| !wanted.iter().any(|&index| names(entry, index)));
    let mut again = None;
    let mut results = lock(results);
    for &index in wanted {
        // A nameless one speaks of the only one that was sent.
        let refused = of(index).or(nameless.filter(|_| wanted.len() == 1));
        match refused.map(error) {
            None if nameless.is_none() => results[index] = Some(Ok(())),
            None => {}
            Some(error) if error.is_transient() => again = Some(error),
            Some(error) => results[index] = Some(Err(error)),
        }
    }
    let nameless = nameless.filter(|_| wanted.len() > 1).map(error);
    again.or(nameless).map_or(Ok(()), Err)
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

    /// Puts targets on a rule that takes `room` of them, and none of the name
    /// `bad`; the kinds of their errors, and the calls it took.
    async fn put(room: usize, ids: &[&str], bad: Reply) -> (Vec<Option<ErrorKind>>, usize) {
        let taken = std::sync::Mutex::new(Vec::new());
        let fake = Fake::answering(move |request| {
            let ids = request.body.split(r#""Id":""#).skip(1);
            let ids = ids.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()));
            let mut ids: Vec<String> = ids.collect();
            if ids.iter().any(|id| id == "bad") {
                return Some(bad.clone());
            }
            let mut taken = taken.lock().expect("taken");
            if taken.len() + ids.len() > room {
                return Some(Reply::Error(400, "LimitExceededException", "no room"));
            }
            taken.append(&mut ids);
            Some(answer(&[]))
        })
        .await;
        let events = fake.region().await.events();
        let targets = ids.iter().map(|id| target(id)).collect();
        let results = events.put_targets_as("default", "r", targets).await;
        let kinds = results.into_iter().map(|result| Some(result.err()?.kind));
        (kinds.collect(), fake.operations().len())
    }

    #[tokio::test]
    async fn a_call_that_is_refused_for_one_entry_is_not_refused_for_all() {
        let refused = Reply::Error(400, "ValidationException", "Parameter is not valid.");
        let (kinds, calls) = put(5, &["a", "bad", "c"], refused.clone()).await;
        assert_eq!(kinds, [None, Some(ErrorKind::Validation), None]);
        assert_eq!(calls, 4);
        let (kinds, _) = put(2, &["a", "b", "c"], refused.clone()).await;
        assert_eq!(kinds, [None, None, Some(ErrorKind::LimitExceeded)]);
        let (kinds, calls) = put(5, &["bad"], refused).await;
        assert_eq!((kinds, calls), (vec![Some(ErrorKind::Validation)], 1));
    }

    #[tokio::test]
    async fn a_refusal_without_a_name_is_nobody_elses() {
        let nameless =
            r#"{"FailedEntryCount":1,"FailedEntries":[{"ErrorCode":"AccessDeniedException"}]}"#;
        let (kinds, calls) = put(5, &["a", "bad", "c"], Reply::ok(nameless)).await;
        assert_eq!(kinds, [None, Some(ErrorKind::AccessDenied), None]);
        assert_eq!(calls, 4);
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
