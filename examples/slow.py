"""A report over the orders of a year. It is right, and slower than it need be: `timesink slow.py` shows where."""

import re
import sys
import time
from decimal import ROUND_HALF_UP, Decimal

# As a file with one rate for every day of the year would have it.
EXCHANGE_RATES = "\n".join("day %03d: 1 EUR = %s USD" % (day, Decimal(10500 + day) / 10000) for day in range(365))


class Warehouse:
    """Stands for a database: a query costs a round trip, however little it returns."""

    ROUND_TRIP = 0.003

    def __init__(self, customers):
        self.customers = customers

    def query(self, wanted):
        time.sleep(self.ROUND_TRIP)
        return [customer for customer in self.customers if customer["id"] in wanted]


def make_orders(count):
    return [
        {
            "customer": number % 150,
            "day": number * 7 % 365,
            "lines": ["%d x part-%04d @ %d.%02d" % (1 + i, number + i, 3 + i, number % 100) for i in range(18)],
        }
        for number in range(count)
    ]


def exchange_rate(day):
    for line in EXCHANGE_RATES.splitlines():
        match = re.match(r"day (\d+): 1 EUR = (\S+) USD", line)
        if int(match.group(1)) == day:
            return Decimal(match.group(2))
    raise LookupError("no rate for day %d" % day)


def price(order):
    total = Decimal(0)
    for line in order["lines"]:
        amount, _, unit = re.match(r"(\d+) x (\S+) @ (\d+\.\d+)", line).groups()
        net = int(amount) * Decimal(unit) * exchange_rate(order["day"])
        total += (net * Decimal("1.19")).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return total


def customer_name(order, warehouse):
    (customer,) = warehouse.query({order["customer"]})
    return customer["name"]


def total_by_customer(orders, warehouse):
    totals = {}
    for order in orders:
        name = customer_name(order, warehouse)
        totals[name] = totals.get(name, 0) + price(order)
    return totals


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    warehouse = Warehouse([{"id": number, "name": "customer %03d" % number} for number in range(150)])
    totals = total_by_customer(make_orders(count), warehouse)
    for name in sorted(totals, key=lambda name: (-totals[name], name))[:5]:
        print("%-14s %10s USD" % (name, totals[name]))


if __name__ == "__main__":
    main()
