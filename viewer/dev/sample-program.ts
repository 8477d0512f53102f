/** What does the made-up program do? */

/** One way through the program: its part of the thread's time, and its frames. */
export interface SampleStack {
  readonly share: number;
  readonly waits?: boolean;
  readonly cells: readonly string[];
}

const module = '<module> /srv/shop/report.py:1@112';
const main = 'main /srv/shop/report.py:88@';
const pricing = '/srv/shop/pricing.py';
const library = '/usr/lib/python3.13/site-packages';
const decimal = '/usr/lib/python3.13/_pydecimal.py';

const price = [module, `${main}94`, `price_all ${pricing}:20@27`, `Quote.total ${pricing}:44@47`];
const sum = [...price, `Quote.<genexpr> ${pricing}:47@47`, `Decimal.__mul__ ${decimal}:1250@1291`];
const load = [module, `${main}91`, 'load /srv/shop/store.py:9@12'];
const query = [
  ...load,
  `Session.execute ${library}/sqlalchemy/orm/session.py:2020@2351`,
  `Connection.execute ${library}/sqlalchemy/engine/base.py:1370@1414`,
  `Connection._execute_context ${library}/sqlalchemy/engine/base.py:1780@1843`,
];
const walk = (depth: number): readonly string[] => Array(depth).fill('Tree.walk /srv/shop/tree.py:5@9');

/** By thread. */
export const sampleStacks: Readonly<Record<'main' | 'loader' | 'heartbeat', readonly SampleStack[]>> = {
  main: [
    { share: 0.31, cells: [...sum, `Decimal._fix ${decimal}:1652@1700`, `Decimal.adjusted ${decimal}:1940@1943`] },
    { share: 0.2, cells: [...sum, `Decimal.__new__ ${decimal}:470@512`] },
    { share: 0.12, cells: sum },
    { share: 0.05, cells: price },
    {
      share: 0.13,
      cells: [...query, `DefaultDialect.do_execute ${library}/sqlalchemy/engine/default.py:939@941`, 'execute()'],
    },
    {
      share: 0.05,
      cells: [...query, `Result.fetchall ${library}/sqlalchemy/engine/result.py:1300@1331`, 'fetchmany()'],
    },
    { share: 0.04, cells: [...load, `Store.parse /srv/shop/store.py:30@33`, 'loads()'] },
    { share: 0.05, cells: [module, `${main}97`, ...walk(40), 'Tree.leaf /srv/shop/tree.py:14@15'] },
    { share: 0.02, cells: [module, `${main}99`, 'Report.render /srv/shop/render.py:7@15', 'write()'] },
    { share: 0.012, cells: [module, `${main}99`, 'Report.render /srv/shop/render.py:7@11', 'format()'] },
    { share: 0.008, cells: [module, `${main}101`, 'Mail.send /srv/shop/mail.py:4@10', '[await]'], waits: true },
    {
      share: 0.01,
      cells: ['<module> /srv/shop/report.py:1@3', '_find_and_load <frozen importlib._bootstrap>:1349@1360'],
    },
  ],
  loader: [
    {
      share: 0.55,
      waits: true,
      cells: ['Thread.run /usr/lib/python3.13/threading.py:990@992', 'fetch /srv/shop/loader.py:6@8', 'recv()'],
    },
    {
      share: 0.25,
      cells: [
        'Thread.run /usr/lib/python3.13/threading.py:990@992',
        'unpack /srv/shop/loader.py:14@19',
        'decompress()',
      ],
    },
    { share: 0.2, cells: ['Thread.run /usr/lib/python3.13/threading.py:990@992', 'unpack /srv/shop/loader.py:14@21'] },
  ],
  heartbeat: [
    {
      share: 1,
      waits: true,
      cells: ['Thread.run /usr/lib/python3.13/threading.py:990@992', 'beat /srv/shop/heart.py:3@7', 'sleep()'],
    },
  ],
};

const pricingText = `"""Prices of what is in a basket."""
from decimal import Decimal

from rates import rate_of


class Quote:
    """What a customer is to pay."""

    def __init__(self, lines):
        self.lines = lines


def quotes(baskets):
    for basket in baskets:
        yield Quote(basket.lines)



def price_all(baskets):
    """Totals of all baskets, by customer."""
    totals = {}
    for quote in quotes(baskets):
        if not quote.lines:
            continue
        rate = rate_of(quote.customer)
        totals[quote.customer] = quote.total(rate)
    return totals













    # The heart of it.

    def total(self, rate):
        rows = (line.amount for line in self.lines)
        # Every product is a new Decimal.
        return sum(Decimal(x) * rate for x in rows)
`;

const storeText = `"""Where orders come from."""
import json

from sqlalchemy.orm import Session

QUERY = 'select * from orders where month = :month'


def load(month):
    """The orders of a month."""
    with Session(engine) as session:
        return session.execute(QUERY, {'month': month}).fetchall()
`;

/** Sources by path. */
export const sampleFiles: ReadonlyMap<string, string> = new Map([
  [pricing, pricingText],
  ['/srv/shop/store.py', storeText],
]);
