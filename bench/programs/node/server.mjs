// An HTTP server that computes a little for each request, and awaits on the way.
//
// usage: server.mjs RESULT PORT_FILE
//
// Listens on a port of its own choice, which it leaves in PORT_FILE. Measures from the request `/begin` to `/end`, after which
// it ends.
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { leave, startWatch } from './work.mjs';

const [file, portFile] = process.argv.slice(2);

const orders = Array.from({ length: 200 }, (_, id) => ({
  id,
  customer: `customer ${id % 37}`,
  rows: Array.from({ length: 12 }, (_, row) => ({ item: `item ${row}`, price: (id * row) % 89, count: 1 + (row % 3) })),
}));

async function find(id) {
  await undefined;
  return structuredClone(orders[id % orders.length]);
}

async function priced(order) {
  const rows = order.rows.map((row) => ({ ...row, total: row.price * row.count }));
  return { ...order, rows, total: rows.reduce((sum, row) => sum + row.total, 0) };
}

async function answer(url) {
  const order = await priced(await find(Number(url.slice('/orders/'.length)) || 0));
  return JSON.stringify(order).padEnd(1000);
}

let taken;
let requests = 0;

const server = createServer(async (request, response) => {
  if (request.url === '/begin') {
    requests = 0;
    taken = startWatch();
  } else if (request.url === '/end') {
    leave(file, { ...taken(), requests });
    server.close();
    response.setHeader('Connection', 'close');
  } else requests++;
  const text = await answer(request.url);
  response.setHeader('Content-Type', 'application/json');
  response.end(text);
});

server.listen(0, '127.0.0.1', () => {
  writeFileSync(`${portFile}.part`, String(server.address().port));
  renameSync(`${portFile}.part`, portFile);
});
