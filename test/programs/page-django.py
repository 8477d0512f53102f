"""A Django site that answers requests for a second: prices are looked up slowly, pages are templates."""

import re
import time

from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)

import django

django.setup()

from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path

RATES = "\n".join(f"day {day}: 1 EUR = 1.{day:03} USD" for day in range(1, 200))
PAGE = engines["django"].from_string(
    "<ul>{% for day, rate in rates %}<li>{{ day }}: {{ rate|floatformat:2 }}{% endfor %}</ul>"
)


def exchange_rate(day):
    for line in RATES.splitlines():
        found = re.match(r"day (\d+): 1 EUR = (\S+) USD", line)
        if int(found.group(1)) == day:
            return float(found.group(2))


def saved_days():
    with connection.cursor() as cursor:
        cursor.execute("select 180 union select 190 union select 199")
        return [day for day, in cursor.fetchall()]


def prices(request):
    rates = [(day, exchange_rate(day)) for day in saved_days() for _ in range(5)]
    return HttpResponse(PAGE.render({"rates": rates}))


urlpatterns = [path("prices/", prices)]


def main():
    client = Client()
    end = time.monotonic() + 1
    while time.monotonic() < end:
        assert client.get("/prices/").status_code == 200


main()
