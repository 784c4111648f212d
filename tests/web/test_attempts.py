"""Who guesses has to wait; who knows does not."""

from __future__ import annotations

from assistant.web.attempts import MOST, WINDOW, Attempts


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_attempts_and_no_more_until_time_has_passed() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    assert [attempts.begin("10.0.0.1") for _ in range(MOST)] == [0.0] * MOST
    clock.now = 100.0
    assert attempts.begin("10.0.0.1") == WINDOW - 100
    assert attempts.begin("10.0.0.2") == 0.0
    clock.now = WINDOW
    assert attempts.begin("10.0.0.1") == 0.0


def test_waiting_attempts_do_not_make_the_wait_longer() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(5 * MOST):
        attempts.begin("10.0.0.1")
    clock.now = WINDOW
    assert attempts.begin("10.0.0.1") == 0.0


def test_what_was_right_is_not_counted() -> None:
    attempts = Attempts(Clock())
    for _ in range(5 * MOST):
        assert attempts.begin("10.0.0.1") == 0.0
        attempts.succeeded("10.0.0.1")


def test_a_network_of_version_6_is_one_address() -> None:
    attempts = Attempts(Clock())
    for number in range(MOST):
        attempts.begin(f"2001:db8::{number:x}")
    assert attempts.begin("2001:db8::ffff") > 0
    assert attempts.begin("2001:db8:0:1::1") == 0.0
