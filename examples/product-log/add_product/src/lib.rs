//! `add_product`: `POST /product` puts a row into MySQL and an event on a bus, both or neither.
//!
//! A request writes the product and, in the same transaction, an outbox row that holds the event.
//! Once that is committed the product is added, whatever becomes of the bus: the outbox is tried
//! until the bus takes the event, so each event is published at least once.
//!
//! In reading order:
//!
//! | module | holds | must not know |
//! |---|---|---|
//! | [`settings`] | the environment, read once | |
//! | [`product`] | a request's body, checked; the event made of it | MySQL, AWS |
//! | [`store`] | the tables in MySQL | HTTP, AWS |
//! | [`bus`] | PutEvents, and which of its errors are final | HTTP, MySQL |
//! | [`outbox`] | from the store to the bus: publish, try again, park | HTTP |
//! | [`api`] | the HTTP interface | AWS |
//! | [`server`] | the program as a server | |
//! | [`lambda`] | the program as a Lambda function | |

pub mod api;
pub mod bus;
pub mod lambda;
pub mod outbox;
pub mod product;
pub mod server;
pub mod settings;
pub mod store;
