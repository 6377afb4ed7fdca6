//! Examples worked out by hand.

use cosmwasm_std::Uint256;
use glidepath_risk::slot::{Ended, Filled, Mark, Order, Slot, LEAST, ONE};
use glidepath_risk::RiskError;

use crate::book::{e, uint, Book};

#[test]
fn a_fill_is_shared_in_proportion() {
    let (mut book, [small, large]) = Book::with([100, 300]);
    // Half of 400 for 40 of collateral, then a tenth of 200 for 10.
    assert_eq!(book.fill(200, 40), Filled::default());
    assert_eq!((book.share(&small), book.share(&large)), ((50, 10), (150, 30)));
    assert_eq!(book.slot.product, uint(e(36) / 2));
    assert_eq!(book.slot.sum, Uint256::from(e(35)));
    book.fill(20, 10);
    // A quarter of 10 is 2½: rounded down.
    assert_eq!((book.share(&small), book.share(&large)), ((45, 12), (135, 37)));
    assert_eq!(book.held(), (180, 50));

    assert_eq!(book.cancel(&small), (45, 12));
    assert_eq!(book.cancel(&large), (135, 37));
    assert_eq!(book.held(), (0, 1));
}

#[test]
fn an_order_waits_for_the_end_of_its_block() {
    let (mut book, [old]) = Book::with([100]);
    let new = book.place(100);
    assert_eq!(book.slot.active(book.height).unwrap().u128(), 100);
    let over = book.slot.fill(uint(101), uint(1), book.height);
    assert_eq!(
        over,
        Err(RiskError::Underflow {
            held: 100,
            taken: 101
        })
    );

    let checkpoint = book.fill(50, 10).checkpoint.unwrap();
    assert_eq!(checkpoint, book.slot.mark());
    assert_eq!((book.share(&old), book.share(&new)), ((50, 10), (100, 0)));
    // Another fill and another order in the same block: both new orders begin behind the second fill.
    book.fill(25, 10);
    let newer = book.place(50);
    assert_eq!((book.share(&old), book.share(&new)), ((25, 20), (100, 0)));
    assert_eq!(newer.mark, book.kept.checkpoints[&book.height]);

    book.height += 1;
    assert_eq!(book.slot.active(book.height).unwrap().u128(), 175);
    assert!(book.fill(35, 7).checkpoint.is_none());
    assert_eq!(book.share(&old), (20, 21));
    assert_eq!((book.share(&new), book.share(&newer)), ((80, 4), (40, 2)));
}

/// The checkpoint of a block is not kept up once nobody waits; an order that comes after it begins at its own mark.
#[test]
fn an_old_checkpoint_of_the_block_gives_no_part_in_a_later_fill() {
    let (mut book, [old]) = Book::with([100]);
    let gone = book.place(9);
    assert!(book.fill(50, 10).checkpoint.is_some());
    assert_eq!(book.cancel(&gone), (9, 0));
    assert!(book.fill(25, 10).checkpoint.is_none());
    let new = book.place(25);
    book.height += 1;
    assert_eq!((book.share(&old), book.share(&new)), ((25, 20), (25, 0)));
    // The same where the second fill ends the run.
    let gone = book.place(9);
    assert!(book.fill(10, 1).checkpoint.is_some());
    book.cancel(&gone);
    book.fill_all_but(0, 1);
    let new = book.place(9);
    book.height += 1;
    assert_eq!(book.share(&new), (9, 0));
}

#[test]
fn what_is_claimed_is_claimed_once() {
    let (mut book, [mut old]) = Book::with([100]);
    let mut new = book.place(100);
    // Pending: nothing to claim, and the order stays.
    let before = new;
    assert_eq!((book.claim(&mut new), new), (0, before));
    book.fill(50, 10);
    book.height += 1;
    book.fill(75, 30);
    for (order, gained) in [(&mut old, 20), (&mut new, 20)] {
        assert_eq!(book.claim(order), gained);
        assert_eq!(order.mark, book.slot.mark());
        assert_eq!(book.claim(order), 0);
    }
    assert_eq!((old.amount, new.amount), (uint(25), uint(50)));
    assert_eq!(book.held(), (75, 0));
    book.fill(15, 3);
    assert_eq!((book.share(&old), book.share(&new)), ((20, 1), (40, 2)));
}

/// A claim of nothing leaves the order as it is, or whoever may claim for another would take a unit of it each time.
#[test]
fn a_claim_of_nothing_costs_nothing() {
    let (mut book, [mut order, _]) = Book::with([3, 7]);
    book.fill(1, 1);
    let before = order;
    assert_eq!((book.claim(&mut order), order), (0, before));
    assert_eq!(book.share(&order), (2, 0));
}

#[test]
fn a_fill_of_all_begins_anew() {
    let (mut book, [first, second]) = Book::with([100, 300]);
    book.fill(100, 8);
    let waiting = book.place(50);
    let filled = book.fill_all_but(0, 40);
    let sum = Uint256::from(8 * e(36) / 400 + 40 * e(36) / 400);
    assert_eq!(filled.ended, Some((0, Ended { sum, steps: None })));
    assert_eq!((book.share(&first), book.share(&second)), ((0, 12), (0, 36)));
    let anew = Mark {
        run: 1,
        product: ONE,
        sum: Uint256::zero(),
    };
    assert_eq!(filled.checkpoint, Some(anew));
    assert_eq!(
        book.slot.fill(uint(1), uint(1), book.height),
        Err(RiskError::Underflow { held: 0, taken: 1 })
    );

    book.height += 1;
    book.fill(20, 5);
    assert_eq!(book.share(&waiting), (30, 5));
    assert_eq!((book.share(&first), book.share(&second)), ((0, 12), (0, 36)));
    // An order without funds can be claimed, and is over.
    let mut second = second;
    assert_eq!((book.claim(&mut second), second.amount), (36, uint(0)));
    assert_eq!(book.cancel(&second), (0, 0));
    assert_eq!((book.cancel(&waiting), book.cancel(&first)), ((30, 5), (0, 12)));
    assert_eq!(book.held(), (0, 0));
}

/// A trillion is filled down to one, three times: the product goes a step each time, and one more ends what is followed.
#[test]
fn a_product_that_gets_too_small_is_scaled_up() {
    let (mut book, [order]) = Book::with([e(12)]);
    let filled = book.fill_all_but(1, 5 * e(6));
    let sum = Uint256::from(5 * e(30));
    assert_eq!(filled.ended, Some((0, Ended { sum, steps: Some(1) })));
    assert_eq!((book.slot.run, book.slot.product), (1, uint(e(33))));
    assert_eq!(book.share(&order), (1, 5 * e(6)));
    // Another trillion comes along; of every fill, the first order has 10⁻¹².
    let second = book.place(e(12) - 1);
    book.height += 1;
    book.fill(e(11), 3 * e(12));
    assert_eq!(book.share(&order), (0, 5 * e(6) + 3));
    assert_eq!(book.share(&second), (9 * e(11) - 1, 3 * e(12) - 3));
    // From 10³³ · 9/10 to 10²¹, scaled by one step to 10³⁰; the order is two steps away, and still gains.
    let filled = book.fill_all_but(1, 4 * e(12));
    assert_eq!(filled.ended.unwrap().1.steps, Some(1));
    assert_eq!(book.share(&order).1, 5 * e(6) + 3 + 4);
    assert_eq!(book.share(&second), (0, 7 * e(12) - 3 - 4));
    // A third step away, and all it would have gained is less than 10⁻¹⁸ of it.
    let third = book.place(e(12) - 1);
    book.height += 1;
    book.fill_all_but(1, 9 * e(24));
    book.fill(1, e(24));
    assert_eq!(book.slot.run, 4);
    assert_eq!(book.share(&order).1, 5 * e(6) + 3 + 4 + 9);
    assert_eq!(book.share(&third).0, 0);
}

/// One fill can take the product down by more than a step: it is scaled before it is rounded.
#[test]
fn one_fill_goes_several_steps() {
    for (amount, steps, product) in [
        (e(9), None, e(27)),
        (e(18), Some(1), e(27)),
        (e(27), Some(2), e(27)),
        (e(30), Some(3), e(33)),
        (e(36), Some(3), e(27)),
    ] {
        let (mut book, [order]) = Book::with([amount]);
        let ended = book.fill_all_but(1, 77).ended;
        assert_eq!(ended.map(|(_, ended)| ended.steps.unwrap()), steps);
        assert_eq!(book.slot.product.u128(), product);
        // 10⁻²⁷ of an order is still its; what is three steps away is nobody's.
        let left = if steps == Some(3) { 0 } else { 1 };
        assert_eq!((book.share(&order), book.held()), ((left, 77), (1, 77)));
    }
    // The smallest product and the largest amount: five steps, and no figure leaves its range.
    let (mut book, [_]) = Book::with([e(27)]);
    book.fill_all_but(1, 1);
    assert_eq!(book.slot.product, LEAST);
    let order = book.place(u128::MAX - 1);
    book.height += 1;
    let filled = book.fill_all_but(1, u128::MAX - 1);
    assert_eq!(filled.ended.unwrap().1.steps, Some(5));
    assert!(book.slot.product >= LEAST && book.slot.product < ONE);
    let (funds, gained) = book.share(&order);
    assert_eq!(funds, 0);
    // It is short of 10⁻²⁷ of itself.
    assert!(u128::MAX - 1 - gained <= u128::MAX / e(27) + 2, "{gained}");
}

#[test]
fn what_is_refused_changes_nothing() {
    let (mut book, [order]) = Book::with([100]);
    book.fill(10, 1);
    let before = book.slot.clone();
    let mut refuse = |paid, bought, error| {
        assert_eq!(book.slot.fill(uint(paid), uint(bought), 8), Err(error));
        assert_eq!(book.slot, before);
    };
    refuse(0, 5, RiskError::DivisionByZero);
    refuse(91, 5, RiskError::Underflow { held: 90, taken: 91 });
    refuse(90, u128::MAX, RiskError::Overflow);
    let most = u128::MAX - 90;
    assert_eq!(book.slot.place(uint(most + 1), 8), Err(RiskError::Overflow));
    assert_eq!(book.slot, before);
    // What was let in never gets in the way.
    let large = book.place(most);
    book.height += 1;
    assert_eq!(book.cancel(&order), (90, 1));
    assert_eq!(book.cancel(&large), (most, 0));
    assert!(Slot::default().fill(uint(1), uint(1), 1).is_err());
}

/// A cancelled order takes nothing that is not there, even one that was never placed.
#[test]
fn a_strange_order_is_an_error() {
    let (mut book, [order]) = Book::with([100]);
    let strange = Order {
        amount: uint(101),
        ..order
    };
    assert_eq!(
        book.slot.cancel(&strange, &book.kept, book.height),
        Err(RiskError::Underflow {
            held: 100,
            taken: 101
        })
    );
    let later = Mark {
        sum: Uint256::one(),
        ..order.mark
    };
    let strange = Order { mark: later, ..order };
    assert!(strange.share(&book.slot, &book.kept, book.height).is_err());
}
