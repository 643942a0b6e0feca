"""A pool of processes that ends with the one that started it, however that one ends."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    """Give a pool whose processes stop at once when the work is interrupted or this process dies.

    Parameters
    ----------
    count : int
        Number of processes.

    Yields
    ------
    Executor
        A pool of fresh processes, each with one thread for linear algebra.

    Notes
    -----
    Every worker holds the reading end of a pipe whose writing end is here alone. When that end is
    closed, by us or by the system because this process was killed, the workers see it and exit.
    """
    # One thread a process: small matrices gain nothing from more, and compete for the cores.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    context = get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    try:
        with ProcessPoolExecutor(count, context, initializer=_end_with, initargs=(reader,)) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                writer.close()
                raise
    finally:
        writer.close()
        reader.close()


def _end_with(parent: Connection) -> None:
    """Watch the pipe in a thread of this worker; Ctrl-C is the parent's to deal with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        # Nothing is ever written: readable means closed.
        parent.poll(None)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
