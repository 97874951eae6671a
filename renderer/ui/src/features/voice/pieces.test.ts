/** Cutting sound, measuring it, and what a piece looks like on the wire. */

import { expect, test } from "vitest";
import { Cutter, type Level, LEVEL_SAMPLES, PIECE_SAMPLES, pieceFrame, wav } from "./pieces";

function cut(...blocks: Float32Array[]) {
  const pieces: Int16Array[] = [];
  const levels: Level[] = [];
  const cutter = new Cutter({
    piece: (pcm) => pieces.push(new Int16Array(pcm)),
    level: (level) => levels.push(level),
  });
  for (const block of blocks) cutter.push(block);
  return { cutter, pieces, levels };
}

test("pieces are 200 ms, and what is left comes when it is asked for", () => {
  const { cutter, pieces } = cut(new Float32Array(PIECE_SAMPLES + 100), new Float32Array(50));
  expect(pieces.map(({ length }) => length)).toEqual([PIECE_SAMPLES]);
  cutter.flush();
  cutter.flush();
  expect(pieces.map(({ length }) => length)).toEqual([PIECE_SAMPLES, 150]);
});

test("what is louder than can be written is cut off and doesn't turn over", () => {
  const { cutter, pieces } = cut(Float32Array.of(0, 0.5, 1, 1.7, -1, -3));
  cutter.flush();
  expect([...(pieces[0] ?? [])]).toEqual([0, 16_384, 32_767, 32_767, -32_767, -32_767]);
});

test("the level is told each 50 ms and forgets what was before", () => {
  const { levels } = cut(
    new Float32Array(LEVEL_SAMPLES).fill(-0.5),
    new Float32Array(LEVEL_SAMPLES).fill(0.25),
  );
  expect(levels).toEqual([
    { peak: 0.5, strength: 0.5 },
    { peak: 0.25, strength: 0.25 },
  ]);
});

test("a piece travels behind its recording's id and its number", () => {
  const id = "0199c0de-0001-7abc-8def-0123456789ab";
  const frame = pieceFrame(id, 0x01020304, Uint8Array.of(7, 8).buffer);
  expect(Buffer.from(frame).toString("hex")).toBe(`${id.replaceAll("-", "")}040302010708`);
});

test("what was heard can be played as a sound file", async () => {
  const pieces = [Int16Array.of(1, 2).buffer, Int16Array.of(3).buffer];
  const file = Buffer.from(await wav(pieces).arrayBuffer());
  expect(file.toString("latin1", 0, 4) + file.toString("latin1", 8, 16)).toBe("RIFFWAVEfmt ");
  expect([file.readUInt32LE(4), file.readUInt32LE(24), file.readUInt32LE(40)]).toEqual([
    42, 16_000, 6,
  ]);
  expect([44, 46, 48].map((at) => file.readInt16LE(at))).toEqual([1, 2, 3]);
});
