//! From the store to the bus. Every event is published at least once: a process that dies between
//! the bus's answer and the row's deletion leaves a row that will be published again.

use std::time::Duration;

use tracing::{error, info, warn};

use crate::bus::{Bus, MAX_ENTRIES, Outcome};
use crate::store::{Loan, Store};

/// The pause after the first failed attempt; it doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// The events that are stored and not yet published.
#[derive(Clone)]
pub struct Outbox {
    store: Store,
    bus: Bus,
}

impl Outbox {
    /// Joins a store and a bus.
    pub fn new(store: Store, bus: Bus) -> Outbox {
        Outbox { store, bus }
    }

    /// Publishes one event; returns whether the bus has it. It stays queued if not.
    pub async fn publish(&self, loan: &Loan) -> bool {
        let outcomes = self.bus.put(&[&loan.detail]).await;
        let mut published = false;
        for outcome in outcomes {
            published = matches!(outcome, Outcome::Published(_));
            self.settle(loan, outcome).await;
        }
        published
    }

    /// Publishes what is due, one call of the bus; returns whether more may be due at once.
    pub async fn drain_some(&self) -> bool {
        let loans = match self.store.borrow(MAX_ENTRIES).await {
            Ok(loans) => loans,
            Err(error) => {
                warn!(%error, "the outbox can't be read");
                return false;
            }
        };
        if loans.is_empty() {
            return false;
        }
        let details: Vec<&str> = loans.iter().map(|loan| loan.detail.as_str()).collect();
        let mut more = loans.len() == MAX_ENTRIES;
        for (loan, outcome) in loans.iter().zip(self.bus.put(&details).await) {
            // A bus that fails is left alone until the next round.
            more &= !matches!(outcome, Outcome::Later(_));
            self.settle(loan, outcome).await;
        }
        more
    }

    /// Writes down what became of an event.
    async fn settle(&self, loan: &Loan, outcome: Outcome) {
        let Loan {
            product_id,
            attempt,
            ..
        } = loan;
        let written = match outcome {
            Outcome::Published(event_id) => {
                info!(product_id, attempt, event_id, "event published");
                self.store.published(loan).await
            }
            Outcome::Later(reason) => {
                warn!(product_id, attempt, reason, "event queued");
                self.store.later(loan, pause(*attempt), &reason).await
            }
            Outcome::Never(reason) => {
                error!(product_id, attempt, reason, "event parked");
                self.store.park(loan, &reason).await
            }
        };
        if let Err(error) = written {
            // The loan ends by itself, and the event is then tried again.
            warn!(product_id, %error, "the outbox can't be written");
        }
    }
}

/// The pause after a failed attempt, counted from 1.
fn pause(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    LONGEST_PAUSE.min(FIRST_PAUSE * 2_u32.pow(doublings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes() {
        let seconds = [1, 2, 3, 6, 7, 8, u32::MAX].map(|attempt| pause(attempt).as_secs());
        assert_eq!(seconds, [5, 10, 20, 160, 300, 300, 300]);
    }
}
