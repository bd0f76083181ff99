"""The peer of `embedded`: Parsl's monitoring database takes task status events into SQLite.

Runs under the interpreter of the peers' environment. Prints the events a second from the first one
put to the last one committed; each is one row of the table `status`, and the rows are counted.
"""

import datetime
import logging
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from parsl.monitoring.db_manager import dbm_starter
from parsl.monitoring.message_type import MessageType

STATES = ("pending", "launched", "running", "exec_done")
RUN = "benchmark"


def workflow() -> dict:
    now = datetime.datetime.now()
    return {
        "run_id": RUN,
        "python_version": "3",
        "parsl_version": "1",
        "workflow_name": "w",
        "workflow_version": "1",
        "time_began": now,
        "time_completed": None,
        "host": "h",
        "user": "u",
        "rundir": ".",
        "tasks_failed_count": 0,
        "tasks_completed_count": 0,
    }


def event(number: int) -> dict:
    now = datetime.datetime.now()
    return {
        "run_id": RUN,
        "task_id": number // len(STATES),
        "try_id": 0,
        "timestamp": now,
        "task_status_name": STATES[number % len(STATES)],
        "task_func_name": "f",
        "task_memoize": "False",
        "task_time_invoked": now,
        "task_fail_count": 0,
        "task_fail_cost": 0,
        "tasks_failed_count": 0,
        "tasks_completed_count": 0,
        "task_executor": "e",
        "task_depends": "",
        "task_hashsum": "0",
        "task_inputs": "",
        "task_outputs": "",
        "task_stdin": "",
        "task_stdout": "",
        "task_stderr": "",
        "task_fail_history": "",
        "task_joins": "",
        "task_try_time_launched": now,
        "task_try_time_running": None,
        "task_try_time_returned": None,
        "task_time_returned": None,
        "block_id": "",
        "hostname": "",
    }


def rows(path: Path) -> int:
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return database.execute("select count(*) from status").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitoring.db"
        queue, leave = multiprocessing.Queue(), multiprocessing.Event()
        manager = multiprocessing.Process(
            target=dbm_starter,
            args=(queue, f"sqlite:///{path}", folder, logging.WARNING, leave, None),
        )
        manager.start()
        queue.put((MessageType.WORKFLOW_INFO, workflow()))
        while not path.exists():
            time.sleep(0.05)
        time.sleep(1.0)  # its tables are made
        began = time.perf_counter()
        for number in range(count):
            queue.put((MessageType.TASK_INFO, event(number)))
        while rows(path) < count:
            time.sleep(0.02)
            if not manager.is_alive():
                sys.exit("the peer died")
        print(count / (time.perf_counter() - began))
        leave.set()
        manager.join()


if __name__ == "__main__":
    main(int(sys.argv[1]))
