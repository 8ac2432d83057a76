//! Gathers targets that are put on (or taken off) one rule at about the same
//! time, so that they travel in one call, each with its own result.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::error::AwsError;
use super::waits;

/// Terraform starts what it may start together within a few milliseconds.
const WINDOW: Duration = Duration::from_millis(15);

/// What became of one entry.
pub(super) type Outcome = Result<(), AwsError>;

/// Open batches by where they go.
#[derive(Debug)]
pub(super) struct Gather<T> {
    open: Mutex<HashMap<String, Batch<T>>>,
    most: usize,
}

/// Entries that go in one call.
type Batch<T> = Arc<Mutex<Vec<Entry<T>>>>;

#[derive(Debug)]
struct Entry<T> {
    id: String,
    item: T,
    outcome: oneshot::Sender<Outcome>,
}

/// A batch of ours. Nobody can join it once it is closed, which it is at the
/// latest when its sender gives up: then those in it are told.
struct Opened<'a, T> {
    gather: &'a Gather<T>,
    place: &'a str,
    batch: Batch<T>,
}

impl<T> Opened<'_, T> {
    fn close(&self) -> Vec<Entry<T>> {
        let mut open = lock(&self.gather.open);
        if open
            .get(self.place)
            .is_some_and(|other| Arc::ptr_eq(other, &self.batch))
        {
            open.remove(self.place);
        }
        std::mem::take(&mut *lock(&self.batch))
    }
}

impl<T> Drop for Opened<'_, T> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<T: Send> Gather<T> {
    /// Batches of at most `most` entries.
    pub(super) fn new(most: usize) -> Self {
        Self {
            open: Mutex::default(),
            most,
        }
    }

    /// Puts an item into the batch that goes to `place`. Who opens a batch
    /// sends it; `None` is the answer when that sender gave up.
    pub(super) async fn send<F, Fut>(
        &self,
        place: &str,
        id: &str,
        item: T,
        send: F,
    ) -> Option<Outcome>
    where
        F: FnOnce(Vec<T>) -> Fut,
        Fut: Future<Output = Vec<Outcome>>,
    {
        let (outcome, waiting) = oneshot::channel();
        let entry = Entry {
            id: id.to_owned(),
            item,
            outcome,
        };
        if let Some(batch) = self.join(place, entry) {
            let opened = Opened {
                gather: self,
                place,
                batch,
            };
            tokio::time::sleep(waits::scaled(WINDOW)).await;
            let (items, outcomes): (Vec<T>, Vec<_>) = opened
                .close()
                .into_iter()
                .map(|entry| (entry.item, entry.outcome))
                .unzip();
            for (sender, outcome) in outcomes.into_iter().zip(send(items).await) {
                // Who no longer listens was cancelled.
                let _ = sender.send(outcome);
            }
        }
        waiting.await.ok()
    }

    /// Joins an open batch, or opens one and answers it.
    fn join(&self, place: &str, entry: Entry<T>) -> Option<Batch<T>> {
        let mut open = lock(&self.open);
        if let Some(batch) = open.get(place) {
            let mut entries = lock(batch);
            // AWS refuses one id twice in a call: the second goes in the next.
            let twice = entries.iter().any(|other| other.id == entry.id);
            if entries.len() < self.most && !twice {
                entries.push(entry);
                return None;
            }
        }
        let batch = Arc::new(Mutex::new(vec![entry]));
        open.insert(place.to_owned(), Arc::clone(&batch));
        Some(batch)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sizes(ids: &[&str], most: usize) -> Vec<usize> {
        let gather = Gather::new(most);
        let sizes = Mutex::new(Vec::new());
        let sends = ids.iter().map(|id| {
            let sizes = &sizes;
            gather.send("rule", id, (), move |items| async move {
                lock(sizes).push(items.len());
                items.iter().map(|()| Ok(())).collect()
            })
        });
        let outcomes = futures_util::future::join_all(sends).await;
        assert!(outcomes.iter().all(|outcome| outcome == &Some(Ok(()))));
        let mut sizes = lock(&sizes).clone();
        sizes.sort_unstable();
        sizes
    }

    #[tokio::test]
    async fn what_comes_together_goes_together() {
        assert_eq!(sizes(&["a", "b", "c"], 10).await, [3]);
        assert_eq!(sizes(&["a", "b", "c"], 2).await, [1, 2]);
        assert_eq!(sizes(&["a", "a"], 10).await, [1, 1]);
    }

    #[tokio::test]
    async fn when_the_sender_gives_up_the_others_are_told() {
        let gather = Gather::new(10);
        let send = |id: &'static str| {
            Box::pin(gather.send("rule", id, (), |items: Vec<()>| async move {
                items.iter().map(|()| Ok(())).collect()
            }))
        };
        let (mut first, mut second) = (send("a"), send("b"));
        let mut waits = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(first.as_mut().poll(&mut waits).is_pending());
        assert!(second.as_mut().poll(&mut waits).is_pending());
        drop(first);
        assert_eq!(second.await, None);
        assert_eq!(send("c").await, Some(Ok(())));
    }

    #[tokio::test]
    async fn each_entry_has_its_own_result() {
        let gather = Gather::new(10);
        let send = |id: &'static str| {
            gather.send("rule", id, id, |items| async move {
                let refuse = |id: &&str| match *id {
                    "bad" => Err(AwsError::configuration(crate::aws::Service::Events, "no")),
                    _ => Ok(()),
                };
                items.iter().map(refuse).collect()
            })
        };
        let (good, bad) = tokio::join!(send("good"), send("bad"));
        assert_eq!(good, Some(Ok(())));
        assert!(bad.is_some_and(|outcome| outcome.is_err()));
    }
}
