"""Regions of known content, one after the other; prints for each what the recorder kept of it."""
import asyncio
import contextvars
import ctypes
import json
import sys
import threading
import time

from package.pipe import Recorder
from package.wrapper import passed_through

results = {}
bound = contextvars.ContextVar('bound')


def keep(name, answer):
    session = recorder.ask('session', session=answer['session'])['pyisession']
    results[name] = {'meta': answer['meta'], 'pyisession': session, 'session': answer['session']}


def busy(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def idle(seconds):
    time.sleep(seconds)


def split():
    recorder.start(1)
    begun = time.perf_counter()
    busy(0.12)
    between = time.perf_counter()
    idle(0.08)
    ended = time.perf_counter()
    keep('split', recorder.stop(1))
    results['split'].update(busy=between - begun, idle=ended - between)


def only_busy():
    recorder.start(2)
    busy(0.03)
    keep('short', recorder.stop(2))


def too_short():
    recorder.start(12, interval=10)
    busy(0.002)
    keep('too short', recorder.stop(12))


def overlapping():
    recorder.start(3)
    idle(0.04)
    recorder.start(4, interval=0.0005)
    busy(0.04)
    keep('inner', recorder.stop(4))
    idle(0.04)
    keep('outer', recorder.stop(3))


def in_thread(number, function):
    recorder.start(number)
    function(0.1)
    keep('thread %d' % number, recorder.stop(number))


def two_threads():
    threads = [
        threading.Thread(target=in_thread, args=(10, busy), name='spins'),
        threading.Thread(target=in_thread, args=(11, idle), name='sleeps'),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def all_threads():
    before = threading.Thread(target=idle, args=(0.15,), name='before')
    before.start()
    recorder.start(5, threads='all')
    idle(0.02)
    after = threading.Thread(target=busy, args=(0.06,), name='after')
    after.start()
    idle(0.1)
    keep('all', recorder.stop(5))
    results['all']['text'] = recorder.ask(
        'render', session=results['all']['session'], renderer='text', options={'threads': True}
    )
    before.join()
    after.join()


def paused():
    # As where each greenlet has an ident of its own.
    recorder.start(9, thread={'ident': id(paused), 'nativeId': threading.get_native_id(), 'name': 'greenlet'})
    busy(0.03)
    recorder.ask('pause', region=9, at=time.monotonic())
    idle(0.05)
    recorder.ask('resume', region=9, at=time.monotonic())
    busy(0.03)
    keep('paused', recorder.stop(9))


@passed_through
def wrapped():
    busy(0.05)


def decorated():
    recorder.start(6)
    wrapped()
    keep('decorated', recorder.stop(6))


def begun(number):
    """As a hook that runs before a request."""
    recorder.start(number, depth=1)


def away():
    begun(7)
    busy(0.04)
    keep('away', recorder.stop(7))


def many():
    for number in range(100, 150):
        recorder.start(number)
    busy(0.05)
    answers = [recorder.stop(number) for number in range(100, 150)]
    results['many'] = [recorder.ask('session', session=one['session'])['pyisession'] for one in answers]


class Bound:
    """Stands for one region in the contexts that it is bound to."""


async def burn():
    for _ in range(20):
        busy(0.004)
        await asyncio.sleep(0.001)


async def awaits(mode, number):
    value = Bound()
    bound.set(value)
    context = {'value': id(value), 'coroutine': id(asyncio.current_task().get_coro())}
    answer = recorder.start(number, asyncMode=mode, context=context)
    held = [ctypes.cast(address, ctypes.py_object).value for address in answer['coroutines']]
    await asyncio.sleep(0.1)
    busy(0.05)
    keep(mode, recorder.stop(number))
    results[mode]['coroutines'] = [one.__name__ for one in held]


async def bound_regions():
    for mode, number in (('enabled', 30), ('strict', 31)):
        other = asyncio.get_running_loop().create_task(burn())
        await asyncio.get_running_loop().create_task(awaits(mode, number))
        await other


def limited():
    recorder.start(8, maxSamples=10)
    for _ in range(150):
        busy(0.001)
        idle(0.001)
    keep('limited', recorder.stop(8))


def reports():
    session = results['split']['session']
    ask = recorder.ask
    results['text'] = ask('render', session=session, renderer='text', options={})
    results['html'] = ask('render', session=session, renderer='html')
    results['timesink'] = ask('render', session=session, renderer='timesink')
    results['tree'] = ask('tree', session=session)
    results['whole tree'] = ask('tree', session=session, trimStem=False)
    steps = [
        {'name': 'aggregate_repeated_calls'},
        {'name': 'remove_irrelevant_nodes', 'options': {'filter_threshold': 0.2}},
        {'name': 'group_library_frames_processor', 'options': {'hide_regex': '.*'}},
    ]
    results['processed'] = ask('process', tree=results['whole tree']['tree'], steps=steps)
    results['combined'] = ask('combine', sessions=[session, results['short']['session']])
    results['resampled'] = ask('resample', session=session, interval=0.01)
    text = json.dumps(results['split']['pyisession'])
    results['loaded'] = ask('load', source='text', content=text)
    results['loaded again'] = ask('load', source='base64', content=results['timesink']['base64'])


def mistakes():
    line = recorder.line
    results['mistakes'] = {
        'no json': line('{"id": 1'),
        'no object': line('[]'),
        'no kind': line('{"id": 5}'),
        'unknown kind': line('{"id": 6, "kind": "dance"}'),
        'wrong type': line('{"id": 7, "kind": "stop", "region": "1", "at": 0, "cpuTime": 0}'),
        'no region': line('{"id": 8, "kind": "stop", "region": 99, "at": 0, "cpuTime": 0}'),
        'no session': line('{"id": 9, "kind": "tree", "session": 12345}'),
        'no thread': recorder.start(20, thread={'ident': 42, 'nativeId': 0, 'name': 'nobody'}),
        'second hello': recorder.ask(
            'hello', protocol=1, pid=1, implementation='', version='', engine='auto', sysPath=[], sysPrefixes=[]
        ),
        'no renderer': line('{"id": 10, "kind": "render", "session": 1, "renderer": "crayon"}'),
        'no option': line('{"id": 11, "kind": "render", "session": 1, "renderer": "text", "options": {"big": true}}'),
    }
    recorder.start(21)
    results['mistakes']['region twice'] = recorder.start(21)
    recorder.ask('cancel', region=21)
    results['mistakes']['cancelled'] = recorder.stop(21)
    dropped = results['short']['session']
    recorder.ask('drop', sessions=[dropped])
    results['mistakes']['dropped'] = recorder.ask('session', session=dropped)


def idle_cost():
    """CPU time of the recorder while nothing is recorded, in clock ticks."""

    def ticks():
        with open('/proc/%d/stat' % recorder.process.pid) as stat:
            fields = stat.read().rpartition(')')[2].split()
        return int(fields[11]) + int(fields[12])

    before = ticks()
    time.sleep(0.3)
    results['idle ticks'] = ticks() - before


recorder = Recorder(engine='outside', contextVariable={'address': id(bound)})
results['hello'] = recorder.hello
split()
only_busy()
too_short()
overlapping()
two_threads()
all_threads()
paused()
decorated()
away()
many()
asyncio.run(bound_regions())
limited()
reports()
mistakes()
idle_cost()
recorder.process.stdin.close()
results['exit'] = recorder.process.wait(10)
json.dump(results, sys.stdout)
