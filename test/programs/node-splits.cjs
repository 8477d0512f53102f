// Spends time in pairs, three parts in the first for seven parts in the second, in many ways.
// Prints, for each way, the share of time that the first really had: 0.3, or measured where it sleeps.
'use strict';
const { setTimeout: sleep } = require('node:timers/promises');

const turns = 5;
const duration = 100;
const shares = {};
const slept = {};

const text = 'the quick brown fox jumps over the lazy dog '.repeat(20);

// Where V8 puts the code of one function into another, it can tell them apart only at calls.
function count(rounds) {
  let sum = 0;
  for (let round = 0; round < rounds; round++) sum += text.indexOf('nowhere', round % 7);
  return sum;
}

function firstCall() {
  return count(300);
}

function secondCall() {
  return count(700);
}

function calls() {
  firstCall();
  secondCall();
}

function firstRecursion(depth) {
  return count(100) + (depth > 1 ? firstRecursion(depth - 1) : 0);
}

function secondRecursion(depth) {
  return count(100) + (depth > 1 ? secondRecursion(depth - 1) : 0);
}

function recursion() {
  firstRecursion(12);
  secondRecursion(28);
}

class First {
  method() {
    return count(300);
  }
}

class Second {
  method() {
    return count(700);
  }
}

const [first, second] = [new First(), new Second()];

function methods() {
  first.method();
  second.method();
}

async function firstResumed() {
  await null;
  count(300);
}

async function secondResumed() {
  await null;
  count(700);
}

async function resumed() {
  await firstResumed();
  await secondResumed();
}

async function timed(name, work) {
  const started = process.hrtime.bigint();
  await work();
  slept[name] = (slept[name] ?? 0) + Number(process.hrtime.bigint() - started);
}

async function firstSleep() {
  await sleep(6);
}

async function secondSleep() {
  await sleep(14);
}

async function sleeps() {
  await timed('firstSleep', firstSleep);
  await timed('secondSleep', secondSleep);
}

async function firstBranch() {
  await sleep(6);
}

async function secondBranch() {
  await sleep(20);
}

// Both wait at the same time: what the second waits for longer is its own.
async function together() {
  await Promise.all([firstBranch(), secondBranch()]);
}

async function main() {
  for (let turn = 0; turn < turns; turn++) {
    for (const way of [calls, recursion, methods, resumed, sleeps, together]) {
      const end = performance.now() + duration;
      while (performance.now() < end) await way();
      shares[way.name] = 0.3;
    }
  }
  shares.sleeps = slept.firstSleep / (slept.firstSleep + slept.secondSleep);
  console.log(JSON.stringify(shares));
}

main();
