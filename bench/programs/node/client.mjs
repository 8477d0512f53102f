// Asks a server as fast as it answers, over ten connections that stay open.
//
// usage: client.mjs PORT REQUESTS
//
// A quarter of them come before `/begin`. All answers are taken to be as long as the first: to read them costs little then.
import { connect } from 'node:net';

const [port, requests] = process.argv.slice(2).map(Number);
const connections = 10;

const textOf = (path) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);

function lengthOf(answer) {
  const head = answer.indexOf('\r\n\r\n');
  const [, length] = /content-length: (\d+)/i.exec(answer.subarray(0, head).toString('latin1')) ?? [];
  if (head < 0 || length === undefined) throw new Error(`unexpected answer: ${answer.subarray(0, 200)}`);
  return head + 4 + Number(length);
}

class Connection {
  #socket = connect(port, '127.0.0.1');
  #length;
  #read = 0;
  #done;

  constructor() {
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (data) => {
      this.#read += data.length;
      this.#length ??= lengthOf(data);
      if (this.#read >= this.#length) this.#done();
    });
    this.#socket.on('error', (error) => {
      throw error;
    });
  }

  ask(path) {
    this.#read = 0;
    this.#socket.write(textOf(path));
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  end() {
    this.#socket.end();
  }
}

async function ask(all, count) {
  let next = 0;
  const askOn = async (each) => {
    while (next < count) await each.ask(`/orders/${next++}`);
  };
  await Promise.all(all.map(askOn));
}

async function askOnce(path) {
  const connection = new Connection();
  await connection.ask(path);
  connection.end();
}

const all = Array.from({ length: connections }, () => new Connection());
await ask(all, requests / 4);
await askOnce('/begin');
await ask(all, requests);
for (const each of all) each.end();
await askOnce('/end');
