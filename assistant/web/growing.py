"""What grows step by step on a thread of its own, so that whoever waits can be let go at once."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from threading import Semaphore
from typing import Generic, TypeVar

Step = TypeVar("Step")


class Crowded(Exception):
    """As many are growing as may, those included that nobody waits for any more."""


class Growing(Generic[Step]):
    """The steps of a generator, until it ends or is stopped.

    It is stopped for whoever waits at once, and for itself as soon as it has
    made the step it is at: nothing else can end a call of a language model.
    Until then it takes one of the places for all that grow.
    """

    def __init__(self, steps: Generator[Step], places: Semaphore) -> None:
        """Take the generator; it begins when it is iterated."""
        self._steps = steps
        self._places = places
        self._made: SimpleQueue[tuple[Step] | BaseException | None] = SimpleQueue()
        self._stopped = threading.Event()

    def __iter__(self) -> Iterator[Step]:
        """Yield the steps as they are made; raises what the generator raises, or Crowded."""
        if not self._places.acquire(blocking=False):
            raise Crowded
        work = partial(copy_context().run, self._work)  # Who asked, and in which language.
        threading.Thread(target=work, name="growing", daemon=True).start()
        while (made := self._made.get()) is not None and not self._stopped.is_set():
            if isinstance(made, BaseException):
                raise made
            yield made[0]

    def stop(self) -> None:
        """End the iteration, now."""
        self._stopped.set()
        self._made.put(None)

    def _work(self) -> None:
        try:
            for step in self._steps:
                if self._stopped.is_set():
                    break
                self._made.put((step,))
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            self._made.put(error)
        finally:
            self._steps.close()
            self._places.release()
            self._made.put(None)
