"""What becomes of the recorder when the program ends, forks or starts others? Nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from programs import environment, has_ended, run_program


# Each prints the pid of its recorder, then ends in its own way.
endings = {
    "end": "",
    "exit": "sys.exit(3)",
    "os._exit": "sys.stdout.flush(); os._exit(3)",
    "exception": "raise SystemExit('no')",
    "killed": "sys.stdout.flush(); os.kill(os.getpid(), 9)",
    "terminated": "sys.stdout.flush(); os.kill(os.getpid(), 15)",
    "atexit": "import atexit; atexit.register(lambda: print(profiler.stop().duration >= 0))",
}


@pytest.mark.parametrize("ending", list(endings))
def test_nothing_is_left_behind(ending: str) -> None:
    begin = """
        import os, sys, timesink
        from timesink._recorder import current_recorder
        profiler = timesink.Profiler()
        profiler.start()
        print(current_recorder().pid)
        """
    result = run_program(textwrap.dedent(begin) + endings[ending])
    pid, *rest = result.stdout.splitlines()
    assert has_ended(int(pid))
    assert "Traceback" not in result.stderr and "Warning" not in result.stderr
    if ending == "atexit":
        assert rest == ["True"]


def test_end_while_threads_record() -> None:
    result = run_program(
        """
        import threading, time, timesink
        def work():
            while True:
                with timesink.Profiler():
                    time.sleep(0.002)
        for _ in range(3):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(0.3)
        print("end")
        """
    )
    assert (result.returncode, result.stdout) == (0, "end\n"), result.stderr


def test_ctrl_c_is_for_the_program() -> None:
    program = """
        import os, signal, time, timesink
        profiler = timesink.Profiler()
        profiler.start()
        try:
            os.killpg(0, signal.SIGINT)
            time.sleep(5)
        except KeyboardInterrupt:
            pass
        print(profiler.stop().duration >= 0)
        """
    result = run_program(program, start_new_session=True)
    assert (result.returncode, result.stdout) == (0, "True\n"), result.stderr


def test_signals_of_broken_pipes() -> None:
    result = run_program(
        """
        import os, signal, time, timesink
        from timesink._recorder import current_recorder
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        profiler = timesink.Profiler()
        profiler.start()
        os.kill(current_recorder().pid, signal.SIGKILL)
        time.sleep(0.1)
        try:
            profiler.stop()
        except RuntimeError:
            print("goes on")
        """
    )
    assert (result.returncode, result.stdout) == (0, "goes on\n"), result.stderr


def test_fork() -> None:
    result = run_program(
        """
        import os, sys, time, timesink, warnings
        from timesink._recorder import current_recorder
        def busy():
            end = time.perf_counter() + 0.05
            while time.perf_counter() < end:
                sum(range(100))
        with timesink.Profiler() as outer:
            parent = current_recorder().pid
            child = os.fork()
            if child == 0:
                with timesink.Profiler() as own:
                    busy()
                    busy()
                assert current_recorder().pid != parent
                print("child", "busy" in own.output_text())
                with warnings.catch_warnings(record=True) as caught:
                    warnings.simplefilter("always")
                    outer.__exit__(None, None, None)
                print("forked" in str(caught[0].message))
                sys.stdout.flush()
                os._exit(0)
            os.waitpid(child, 0)
        print("parent", outer.last_session.duration > 0.04, current_recorder().pid == parent)
        """
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == ["child True", "True", "parent True True"]


def test_child_does_not_keep_the_recorder() -> None:
    program = """
        import os, sys, time, timesink
        from timesink._recorder import current_recorder
        timesink.Profiler().start()
        print(current_recorder().pid)
        sys.stdout.flush()
        if os.fork() == 0:
            os.close(1)
            os.close(2)
            time.sleep(60)
        print(os.getpid())
        sys.stdout.flush()
        time.sleep(60)
        """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        recorder = int(process.stdout.readline())
        process.stdout.readline()
        process.kill()
        assert has_ended(recorder)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        process.wait()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing(method: str, tmp_path: object) -> None:
    file = os.path.join(str(tmp_path), "program.py")
    with open(file, "w") as out:
        out.write(
            textwrap.dedent(
                """
                import multiprocessing, os, sys, time, timesink
                def work(number):
                    with timesink.Profiler() as profiler:
                        time.sleep(0.2)
                    return "work" in profiler.output_text(show_all=True)
                if __name__ == "__main__":
                    context = multiprocessing.get_context(sys.argv[1])
                    with timesink.Profiler() as profiler, context.Pool(2) as pool:
                        print(pool.map(work, range(4)))
                    print(profiler.last_session.duration > 0)
                """
            )
        )
    result = subprocess.run(
        [sys.executable, "-W", "ignore", file, method],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        timeout=60,
        env=environment(),
    )
    assert result.stdout.splitlines() == ["[True, True, True, True]", "True"], result.stderr


def test_no_warnings_with_development_mode() -> None:
    result = run_program(
        """
        import subprocess, sys
        program = "import timesink\\nwith timesink.Profiler() as p: sum(range(100))\\np.output_text()"
        sys.exit(subprocess.call([sys.executable, "-X", "dev", "-W", "error", "-c", program]))
        """
    )
    assert (result.returncode, result.stderr) == (0, "")
