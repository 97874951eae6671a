// @vitest-environment node
/** The bridge against a real server on a real socket. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { Bridge, type BridgeOptions, CallError, type LinkState } from "./bridge";
import { SocketServer } from "./testing/socket-server";

let server: SocketServer;
let url: string;
let bridges: Bridge[];

beforeEach(async () => {
  server = new SocketServer();
  url = await server.listen();
  bridges = [];
});

afterEach(async () => {
  for (const bridge of bridges) bridge.close();
  await server.close();
});

function connect(options: BridgeOptions = {}): Bridge {
  const bridge = new Bridge(url, { backoffMs: [1], ...options });
  bridges.push(bridge);
  return bridge;
}

function reached(bridge: Bridge, state: LinkState): Promise<void> {
  return new Promise((done) => {
    const stop = bridge.link.subscribe((now) => {
      if (now === state) queueMicrotask(() => (stop(), done()));
    });
  });
}

function asked(): Promise<string> {
  return new Promise((done) => {
    server.onRequest = ({ id }) => done(id);
  });
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it was not refused"),
    (error: unknown) => error as CallError,
  );

test("a request goes out with its channel and payload and gets its answer", async () => {
  server.onRequest = ({ id }) => server.answer(id, { items: [], next: null });
  await expect(connect().call("db:session:history", { limit: 3 })).resolves.toEqual({
    items: [],
    next: null,
  });
  expect(server.requests[0]).toMatchObject({ channel: "db:session:history", payload: { limit: 3 } });
});

test("half an emoji is replaced, and the rest of the text goes out", async () => {
  server.onRequest = ({ id }) => server.answer(id, {});
  await connect().call("db:drafts:save", {
    session_question_id: "1",
    text: "before \ud83d after",
    elapsed_ms: 0,
  });
  expect(server.requests[0]).toMatchObject({ payload: { text: "before \ufffd after" } });
});

test("answers that come out of order reach the calls they belong to", async () => {
  const bridge = connect();
  const ids: string[] = [];
  server.onRequest = ({ id }) => {
    ids.push(id);
    if (ids.length === 2) for (const one of ids.toReversed()) server.answer(one, { version: one });
  };
  const first = bridge.call("app:health:get", {});
  const second = bridge.call("app:health:get", {});
  const versions = (await Promise.all([first, second])).map(({ version }) => version);
  expect(versions).toEqual(ids);
});

test("a refusal carries its code, message, remedy and details", async () => {
  const error = { code: "VAL001", message: "Empty.", remedy: "Write.", details: { field: "text" } };
  server.onRequest = ({ id }) => server.send({ type: "response", id, success: false, error });
  const refused = await failure(connect().call("app:health:get", {}));
  expect(refused).toBeInstanceOf(CallError);
  expect(refused).toMatchObject(error);
  expect(refused.outcomeUnknown).toBe(false);
});

test("an answer that never comes is IPC001, and its outcome is unknown", async () => {
  const refused = await failure(connect({ timeoutMs: () => 20 }).call("app:health:get", {}));
  expect(refused).toMatchObject({ code: "IPC001", outcomeUnknown: true });
});

test("a call whose connection is cut is told so at once as IPC003", async () => {
  const bridge = connect();
  const id = asked();
  const refused = failure(bridge.call("app:health:get", {}));
  await id;
  server.cut();
  expect(await refused).toMatchObject({ code: "IPC003", details: { sent: true } });
});

test("it connects again by itself, and a call made meanwhile is sent then", async () => {
  const bridge = connect();
  await reached(bridge, "open");
  const lost = reached(bridge, "lost");
  server.cut();
  await lost;
  server.onRequest = ({ id }) => server.answer(id, { version: "2" });
  await expect(bridge.call("app:health:get", {})).resolves.toMatchObject({ version: "2" });
  expect(bridge.link.value).toBe("open");
});

test("a call that could never be sent fails as IPC003 and not as an unknown answer", async () => {
  const port = server.port;
  await server.close();
  const bridge = connect({ timeoutMs: () => 30 });
  expect(await failure(bridge.call("app:health:get", {}))).toMatchObject({
    code: "IPC003",
    details: { sent: false },
  });
  server = new SocketServer();
  await server.listen(port);
  await reached(bridge, "open");
  expect(server.requests).toEqual([]);
});

test("events reach whoever listens, until they stop", async () => {
  const bridge = connect();
  await reached(bridge, "open");
  const topics: string[] = [];
  const stop = bridge.subscribe(({ topic }) => topics.push(topic));
  const next = () => new Promise<void>((done) => bridge.subscribe(() => done()));
  let arrived = next();
  server.send({ type: "event", topic: "sessions", ids: ["a"] });
  await arrived;
  stop();
  arrived = next();
  server.send({ type: "event", topic: "health", ids: [] });
  await arrived;
  expect(topics).toEqual(["sessions"]);
});

test("the way to the app is known as soon as it is told, and is no event", async () => {
  const bridge = connect();
  await reached(bridge, "open");
  const events: string[] = [];
  bridge.subscribe(({ topic }) => events.push(topic));
  const told = new Promise<void>((done) => bridge.way.subscribe((way) => way && done()));
  server.send({ type: "way", way: "http", chosen: false });
  await told;
  expect(bridge.way.value).toEqual({ type: "way", way: "http", chosen: false });
  expect(events).toEqual([]);
});

test("text beyond ASCII comes back as it was sent", async () => {
  const text = "שלום 😀 <script>alert(1)</script>";
  server.onRequest = ({ id, payload }) => server.answer(id, payload);
  const echo = await connect().call("db:drafts:save", {
    session_question_id: "q",
    text,
    elapsed_ms: 1,
  });
  expect(echo).toMatchObject({ text });
});

test("bytes go out before what is asked after them, also when they waited for the connection", async () => {
  server.onRequest = ({ id }) => server.answer(id, {});
  const bridge = connect();
  bridge.sendBytes(Uint8Array.of(1, 2));
  await bridge.call("app:health:get", {});
  server.cut();
  await reached(bridge, "lost");
  bridge.sendBytes(Uint8Array.of(3));
  await bridge.call("app:health:get", {});
  expect(server.order).toEqual(["bytes", "app:health:get", "bytes", "app:health:get"]);
  expect(server.bytes.map((bytes) => [...bytes])).toEqual([[1, 2], [3]]);
});
