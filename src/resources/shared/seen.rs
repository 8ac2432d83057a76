//! What is true after a failure: the look that keeps objects from being lost to
//! the state.

use std::time::Duration;

use crate::provider::Value;

/// How long such a look may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a look after a failure finds.
#[derive(Debug, PartialEq)]
pub enum Seen {
    /// The object as it is.
    There(Value),
    /// AWS says that it is not there.
    Gone,
    /// The look failed too: nothing is known. A create that may have written then
    /// stores what was planned. Better one too many in the state than one lost:
    /// the next refresh drops what is not there.
    NoAnswer,
}

impl Seen {
    /// Waits for a look, and not for ever.
    pub async fn by<E>(look: impl Future<Output = Result<Option<Value>, E>>) -> Self {
        match tokio::time::timeout(PATIENCE, look).await {
            Ok(Ok(Some(actual))) => Self::There(actual),
            Ok(Ok(None)) => Self::Gone,
            Ok(Err(_)) | Err(_) => Self::NoAnswer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_an_answer_says_that_it_is_gone() {
        let answer = |found: Result<Option<Value>, ()>| Seen::by(std::future::ready(found));
        let there = Value::from("a");
        assert_eq!(answer(Ok(Some(there.clone()))).await, Seen::There(there));
        assert_eq!(answer(Ok(None)).await, Seen::Gone);
        assert_eq!(answer(Err(())).await, Seen::NoAnswer);
    }
}
