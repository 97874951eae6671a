// A contender in Node: `node contender.mjs child_process|jsonrpc`. It does what stdin says, as
// contender.py does: {"size", "count", "in_flight"} in, the nanoseconds of each exchange out.

import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ME = fileURLToPath(import.meta.url);
const [kind, role, address] = process.argv.slice(2);

const page = (rows) => ({
  items: Array.from({ length: rows }, (_, number) => ({
    id: `01000000-0000-0000-0000-${number.toString(16).padStart(12, "0")}`,
    kind: "technical",
    topic: "system-design",
    difficulty: "medium",
    prompt: `What would you measure first, and why? (${String(number).padStart(5, "0")})`,
  })),
  total: rows,
  next: null,
});
const MESSAGES = { "200 B": { text: "x".repeat(189) }, "10 kB": page(50), "1 MB": page(5_000) };

async function jsonRpc(socket) {
  const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = await import("vscode-jsonrpc/node");
  return createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
}

const serve = {
  child_process() {
    process.on("message", ([number, body]) => process.send([number, body]));
    process.send("ready");
  },
  jsonrpc() {
    createServer(async (socket) => {
      const connection = await jsonRpc(socket);
      connection.onRequest("echo", (body) => body);
      connection.listen();
    }).listen(address, () => process.send("ready"));
  },
};

const client = {
  child_process(child) {
    const waiting = new Map();
    let last = 0;
    child.on("message", ([number, body]) => {
      waiting.get(number)(body);
      waiting.delete(number);
    });
    return (body) =>
      new Promise((resolve) => {
        waiting.set(++last, resolve);
        child.send([last, body]);
      });
  },
  async jsonrpc(_, path) {
    const connection = await jsonRpc(connect(path));
    connection.listen();
    return (body) => connection.sendRequest("echo", body);
  },
};

async function main() {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const path = join(folder, "echo.sock");
  const child = fork(ME, [kind, "server", path]);
  await new Promise((resolve) => child.once("message", resolve));
  const ask = await client[kind](child, path);
  const caller = async (body, count, took) => {
    for (let i = 0; i < count; i++) {
      const began = process.hrtime.bigint();
      await ask(body);
      took.push(Number(process.hrtime.bigint() - began));
    }
  };
  console.log(JSON.stringify([process.pid, child.pid]));
  for await (const line of createInterface({ input: process.stdin })) {
    const { size, count, in_flight } = JSON.parse(line);
    const took = [];
    const each = count / in_flight;
    await Promise.all(Array.from({ length: in_flight }, () => caller(MESSAGES[size], each, took)));
    console.log(JSON.stringify(took));
  }
  child.kill();
  rmSync(folder, { recursive: true });
  process.exit();
}

await (role === "server" ? serve[kind]() : main());
