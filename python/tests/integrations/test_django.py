"""The Django middleware: every setting under both names, for WSGI and ASGI."""

from __future__ import annotations

import asyncio
import os
import pstats
import time
from pathlib import Path
from typing import Any, Iterator

import django
import pytest
from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.test import AsyncClient, Client, override_settings
from django.urls import path
from servers import asgi_server, functions_in, functions_of_all, wsgi_server
from work import awaits, busy, check_that_each_is_alone, count, works

from timesink import renderers

if not settings.configured:
    settings.configure(
        DEBUG=True,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="for tests",
        MIDDLEWARE=["timesink.middleware.ProfilerMiddleware"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    )
    django.setup()


def slow() -> None:
    time.sleep(0.12)


def index(request: Any) -> HttpResponse:
    slow()
    return HttpResponse("index", status=201, headers={"X-Own": "1"})


async def async_index(request: Any) -> HttpResponse:
    await asyncio.sleep(0.12)
    return HttpResponse("async")


def fails(request: Any) -> HttpResponse:
    slow()
    raise KeyError("on purpose")


def sync_work(request: Any) -> HttpResponse:
    busy(0.08)
    return HttpResponse("work")


def work(request: Any, number: int) -> HttpResponse:
    works[number]()
    return HttpResponse("work")


async def async_work(request: Any, number: int) -> HttpResponse:
    await awaits[number]()
    return HttpResponse("work")


def own_file(request: Any) -> FileResponse:
    file = open(__file__, "rb")
    opened.append(file)
    return FileResponse(file)


opened: list[Any] = []

urlpatterns = [
    path("", index),
    path("async", async_index),
    path("fails", fails),
    path("file", own_file),
    path("sync-work", sync_work),
    path("work/<int:number>", work),
    path("async-work/<int:number>", async_work),
    path("deep/<path:rest>", lambda request, rest: index(request)),
]


@pytest.fixture(params=["TIMESINK_", "PYINSTRUMENT_"])
def prefix(request: Any) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with override_settings(DEBUG=True):
        yield


def get(url: str, **more: Any) -> Any:
    return Client(raise_request_exception=False).get(url, **more)


def reports(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def allow_all(request: Any) -> bool:
    return True


def test_the_page_takes_the_place_of_the_response() -> None:
    answer = get("/?profile")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert not answer.has_header("X-Own")
    page = answer.content.decode()
    assert "GET /" in page and "index" in page and "slow" in page
    assert get("/").content == b"index" and get("/?profile=0").content == b"index"
    assert Client().post("/?profile=anything", {"a": 1}).status_code == 200


def test_also_of_views_that_fail() -> None:
    answer = get("/fails?profile")
    assert answer.status_code == 200 and "fails" in answer.content.decode()
    assert get("/nowhere?profile").status_code == 200
    assert get("/fails").status_code == 500


def test_the_url_argument(prefix: str) -> None:
    with override_settings(**{prefix + "URL_ARGUMENT": "slow"}):
        assert get("/?profile").content == b"index"
        assert get("/?slow=1").status_code == 200


def test_only_in_debug_mode_or_where_the_callback_says_yes(prefix: str) -> None:
    with override_settings(DEBUG=False):
        assert get("/?profile").content == b"index"
        with override_settings(**{prefix + "SHOW_CALLBACK": lambda request: "yes" in request.GET}):
            assert get("/?profile").content == b"index"
            assert get("/?profile&yes").status_code == 200
        with override_settings(**{prefix + "SHOW_CALLBACK": __name__ + ".allow_all"}):
            assert get("/?profile").status_code == 200
        with override_settings(**{prefix + "SHOW_CALLBACK": True}):
            assert get("/?profile").status_code == 200
    with override_settings(**{prefix + "SHOW_CALLBACK": lambda request: False}):
        assert get("/?profile").content == b"index"


def test_the_folder(prefix: str, tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    with override_settings(**{prefix + "PROFILE_DIR": str(folder)}):
        answer = get("/deep/a/b?x=1")
        assert (answer.status_code, answer.content, answer["X-Own"]) == (201, b"index", "1")
        (report,) = reports(folder)
        seconds, name, rest = report.name.split(" ")
        assert float(seconds[:-1]) >= 0.08 and name == "_deep_a_b?x=1" and rest.endswith(".html")
        assert abs(int(rest[:-5]) - time.time()) < 60
        assert "slow" in report.read_text(encoding="utf-8")
        assert get("/?profile").status_code == 200 and len(reports(folder)) == 2


@pytest.mark.parametrize(
    "url", ["/deep/../../../x", "/deep/%2e%2e%2fx", "/deep/..%5c..%5cx", "/deep/%00x", "/deep/" + "y" * 5000]
)
def test_no_url_leads_out_of_the_folder(tmp_path: Path, url: str) -> None:
    folder = tmp_path / "in" / "profiles"
    with override_settings(TIMESINK_PROFILE_DIR=str(folder), TIMESINK_FILENAME="{path}.{ext}"):
        get(url)
    assert len(reports(folder)) == 1
    assert os.listdir(str(tmp_path)) == ["in"] and os.listdir(str(tmp_path / "in")) == ["profiles"]


def test_the_renderer(prefix: str, tmp_path: Path) -> None:
    chosen = {prefix + "PROFILE_DIR": str(tmp_path), prefix + "PROFILE_DIR_RENDERER": "timesink.renderers.JSONRenderer"}
    with override_settings(**chosen):
        assert get("/?profile")["Content-Type"] == "text/html; charset=utf-8"
    (report,) = reports(tmp_path)
    assert report.name.endswith(".json") and "slow" in functions_in(report.read_text())


def test_pstats(tmp_path: Path) -> None:
    chosen = {
        "TIMESINK_PROFILE_DIR": str(tmp_path),
        "TIMESINK_PROFILE_DIR_RENDERER": "timesink.renderers.PstatsRenderer",
    }
    with override_settings(**chosen):
        assert get("/").content == b"index"
    (report,) = reports(tmp_path)
    assert "slow" in {name for _, _, name in pstats.Stats(str(report)).stats}  # type: ignore[attr-defined]


def test_wrong_renderers(prefix: str, tmp_path: Path) -> None:
    def ask_with(renderer: str) -> None:
        with override_settings(**{prefix + "PROFILE_DIR": str(tmp_path), prefix + "PROFILE_DIR_RENDERER": renderer}):
            Client().get("/")

    with pytest.raises(ImportError):
        ask_with("no.such.Renderer")
    with pytest.raises(ImportError):
        ask_with("timesink.renderers.NoSuchRenderer")
    with pytest.raises(ValueError, match="Renderer"):
        ask_with("collections.OrderedDict")


def test_names_of_files(prefix: str, tmp_path: Path) -> None:
    with override_settings(
        **{prefix + "PROFILE_DIR": str(tmp_path / "a"), prefix + "FILENAME": "{path}-{total_time:.0f}.{ext}"}
    ):
        get("/")
    assert [path.name for path in reports(tmp_path / "a")] == ["_-0.html"]

    def name(request: Any, session: Any, renderer: Any) -> Any:
        assert isinstance(renderer, renderers.HTMLRenderer) and session.duration > 0
        return request.GET.get("name")

    chosen = {prefix + "PROFILE_DIR": str(tmp_path / "b"), prefix + "FILENAME_CALLBACK": name}
    with override_settings(**chosen):
        get("/", data={"name": "../../mine.html"})
        with pytest.raises(ValueError, match="must give a str"):
            Client().get("/")
    assert [path.name for path in reports(tmp_path / "b")] == ["_._.._mine.html"]


def test_interval_number_of_files_and_threshold(prefix: str, tmp_path: Path) -> None:
    chosen = {prefix + "PROFILE_DIR": str(tmp_path), prefix + "INTERVAL": 0.01, prefix + "MAX_FILES": 2}
    with override_settings(**chosen):
        for _ in range(3):
            get("/")
        assert len(reports(tmp_path)) == 2
        with override_settings(**{prefix + "SLOWER_THAN": 5}):
            get("/deep/quick")
    assert not [path for path in reports(tmp_path) if "quick" in path.name]


def test_files_of_the_replaced_response_are_closed() -> None:
    assert get("/file?profile").status_code == 200
    assert opened[-1].closed


def test_the_request_carries_the_profiler() -> None:
    from timesink.middleware import ProfilerMiddleware

    seen: list[Any] = []

    def view(request: Any) -> HttpResponse:
        seen.append((request.profiler, request.profiler.is_running))
        slow()
        return HttpResponse("")

    from django.test import RequestFactory

    ProfilerMiddleware(view)(RequestFactory().get("/?profile"))
    ((profiler, was_running),) = seen
    assert was_running and not profiler.is_running and profiler.last_session.duration > 0


def ask_asynchronously(url: str) -> Any:
    return asyncio.run(AsyncClient(raise_request_exception=False).get(url))  # type: ignore[arg-type]


def test_asynchronous_views() -> None:
    page = ask_asynchronously("/async?profile").content.decode()
    assert "async_index" in page and "[await]" in page
    assert ask_asynchronously("/async").content == b"async"


def test_views_in_a_thread_under_asgi() -> None:
    answer = ask_asynchronously("/sync-work?profile=json")
    assert functions_in(answer.content.decode()) >= {"sync_work", "busy"}


def test_the_callback_may_ask_the_database_under_asgi() -> None:
    def callback(request: Any) -> bool:
        from django.db import connection

        with connection.cursor() as cursor:
            return bool(cursor.execute("select 1").fetchone()[0])

    with override_settings(TIMESINK_SHOW_CALLBACK=callback):
        assert "async_index" in ask_asynchronously("/async?profile").content.decode()


def test_many_at_once_by_wsgi() -> None:
    from django.core.wsgi import get_wsgi_application

    with wsgi_server(get_wsgi_application()) as url:
        urls = ["{}/work/{}?profile=json".format(url, number) for number in range(count)]
        check_that_each_is_alone("work", lambda: functions_of_all(urls))


def test_many_at_once_by_asgi() -> None:
    from django.core.asgi import get_asgi_application

    with asgi_server(get_asgi_application()) as url:
        urls = ["{}/async-work/{}?profile=json".format(url, number) for number in range(count)]
        check_that_each_is_alone("await", lambda: functions_of_all(urls))
