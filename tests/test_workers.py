"""No process outlives the one that started it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from forecasts.workers import processes

#: Starts two workers that would sleep for minutes, prints their ids, and waits for them.
SCRIPT = """
import os, signal, time
from forecasts.workers import processes

if __name__ == "__main__":
    # As in a terminal: whoever starts the tests in the background hands down a deaf ear to Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with processes(2) as pool:
        print(*(pool.submit(os.getpid).result() for _ in range(6)), flush=True)
        waiting = [pool.submit(time.sleep, 300) for _ in range(20)]
        time.sleep(1)
        print("asleep", *[process.pid for process in pool._processes.values()], flush=True)
        waiting[0].result()
"""
#: Seconds within which a worker must be gone.
PATIENCE = 20


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # What nobody has waited for yet still has a number.
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rsplit(")", 1)[1].split()[0] != "Z"


def gone(pids):
    until = time.monotonic() + PATIENCE
    while any(alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(alive(pid) for pid in pids)


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="reads /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_their_parent(how, tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(SCRIPT, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    parent.stdout.readline()
    pids = [int(word) for word in parent.stdout.readline().split()[1:]]
    assert len(pids) == 2
    assert all(alive(pid) for pid in pids)

    parent.send_signal(how)
    parent.wait(PATIENCE)

    assert gone(pids)


def test_an_error_in_the_middle_does_not_wait_for_the_queue():
    def interrupted():
        with processes(2) as pool:
            pool.submit(os.getpid).result()
            for _ in range(4):
                pool.submit(time.sleep, 300)
            raise ValueError("enough")

    started = time.monotonic()
    with pytest.raises(ValueError, match="enough"):
        interrupted()

    assert time.monotonic() - started < PATIENCE


def test_finished_work_comes_back():
    with processes(2) as pool:
        assert list(pool.map(abs, range(-5, 0))) == [5, 4, 3, 2, 1]
