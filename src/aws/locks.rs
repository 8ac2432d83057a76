//! One lock per thing that AWS lets only one writer change at a time: a bus's
//! policy, a rule, a function's policy.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// Locks by key, made on first use. Cheap to clone; clones share the locks.
#[derive(Clone, Debug, Default)]
pub struct Locks {
    by_key: Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Locks {
    /// Waits for the key's lock; it is held until the guard is dropped.
    pub async fn hold(&self, key: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
            // Locks that nobody holds or waits for are dropped as we pass by.
            if by_key.len() > 64 {
                by_key.retain(|_, lock| Arc::strong_count(lock) > 1);
            }
            Arc::clone(by_key.entry(key.to_owned()).or_default())
        };
        lock.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn one_writer_per_key() {
        let (locks, inside, most) = (
            Locks::default(),
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicUsize::new(0)),
        );
        let writers = (0..20).map(|_| {
            let (locks, inside, most) = (locks.clone(), inside.clone(), most.clone());
            tokio::spawn(async move {
                let _guard = locks.hold("bus").await;
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                inside.fetch_sub(1, Ordering::SeqCst);
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.expect("writer");
        }
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn keys_do_not_wait_for_each_other() {
        let locks = Locks::default();
        let _one = locks.hold("one").await;
        let _two = locks.hold("two").await;
    }
}
