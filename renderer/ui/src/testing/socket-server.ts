/** A WebSocket server on loopback that speaks the page's protocol: what bridge.ts is tested against. */

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export interface Asked {
  id: string;
  channel: string;
  payload: unknown;
}

/** Source: RFC 6455, whole text and binary frames, as small as the tests need. */
export class SocketServer {
  readonly requests: Asked[] = [];
  readonly bytes: Buffer[] = [];
  /** What came, in the order it came. */
  readonly order: string[] = [];
  onRequest: (asked: Asked) => void = () => undefined;
  #sockets = new Set<Socket>();
  #server = createServer();

  async listen(port = 0): Promise<string> {
    this.#server.on("upgrade", (request, socket) => {
      const key = `${request.headers["sec-websocket-key"]}${MAGIC}`;
      const accept = createHash("sha1").update(key).digest("base64");
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      this.#accept(socket as Socket);
    });
    await new Promise<void>((done) => this.#server.listen(port, "127.0.0.1", done));
    return `ws://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  send(message: unknown): void {
    const body = Buffer.from(JSON.stringify(message));
    const short = body.length < 126;
    const head = short ? Buffer.from([0x81, body.length]) : Buffer.from([0x81, 126, 0, 0]);
    if (!short) head.writeUInt16BE(body.length, 2);
    for (const socket of this.#sockets) socket.write(Buffer.concat([head, body]));
  }

  answer(id: string, data: unknown): void {
    this.send({ type: "response", id, success: true, data });
  }

  /** Cut every connection, as a killed process does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((done) => this.#server.close(done));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    let buffer = Buffer.alloc(0);
    socket.on("error", () => this.#sockets.delete(socket));
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (data) => {
      buffer = Buffer.concat([buffer, data]);
      for (let frame = take(buffer); frame; frame = take(buffer)) {
        buffer = buffer.subarray(frame.size);
        if (frame.opcode === 1) this.#received(frame.body.toString());
        else if (frame.opcode === 2) this.#receivedBytes(frame.body);
        else socket.end();
      }
    });
  }

  #received(text: string): void {
    const asked = JSON.parse(text) as Asked;
    this.requests.push(asked);
    this.order.push(asked.channel);
    this.onRequest(asked);
  }

  #receivedBytes(body: Buffer): void {
    this.bytes.push(body);
    this.order.push("bytes");
  }
}

interface Frame {
  opcode: number;
  body: Buffer;
  size: number;
}

/** The first whole masked frame in `buffer`, if there is one. */
function take(buffer: Buffer): Frame | undefined {
  if (buffer.length < 6) return undefined;
  const short = (buffer[1] ?? 0) & 0x7f;
  const length = short === 126 ? buffer.readUInt16BE(2) : short;
  const maskAt = short === 126 ? 4 : 2;
  const size = maskAt + 4 + length;
  if (buffer.length < size) return undefined;
  const mask = buffer.subarray(maskAt, maskAt + 4);
  const body = buffer.subarray(maskAt + 4, size).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return { opcode: (buffer[0] ?? 0) & 0x0f, body: Buffer.from(body), size };
}
