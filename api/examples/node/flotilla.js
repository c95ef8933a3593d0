// A small client: sessions, retries, deadlines, errors and scans, over the generated stubs. It keeps
// no routes: any node takes any request and passes it on where it has to.
import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ErrorCode, ErrorDetailSchema, Outcome } from "./gen/flotilla/v1/errors_pb.js";
import { Kv } from "./gen/flotilla/v1/kv_pb.js";

const RANDOM_BITS = 22;
const FIRST_PAUSE_MILLIS = 8;
const MAX_PAUSE_MILLIS = 250;
/** A server keeps that many answers of a session that are not acknowledged. */
const WINDOW = 1_024n;

/** What a failed call says: why, what it left behind, and what is known of where. */
export class FlotillaError extends Error {
  constructor(detail, cause) {
    super(detail.message, { cause });
    this.code = ErrorCode[detail.code];
    this.outcome = Outcome[detail.outcome];
    this.shardId = detail.shardId;
    this.nodeId = detail.nodeId;
  }
}

/** The numbers that make a write exactly-once: a session, and a sequence for each write. */
export class Session {
  #id = (BigInt(Date.now()) << BigInt(RANDOM_BITS)) | BigInt(randomInt(2 ** RANDOM_BITS));
  #next = 1n;
  #open = new Set();

  /** Numbers a write; null: a slow one holds the session back, so take another session. */
  begin() {
    if (this.#next - this.#oldest() >= WINDOW) {
      return null;
    }
    const sequence = this.#next++;
    this.#open.add(sequence);
    return { sessionId: this.#id, sequence, acknowledgedSequence: this.#oldest() - 1n };
  }

  /** The write has been answered: it will not be sent again, nor asked about. */
  end({ sequence }) {
    this.#open.delete(sequence);
  }

  /** Sequences are numbered in order, and a set keeps the order in which they came. */
  #oldest() {
    return this.#open.values().next().value ?? this.#next;
  }
}

export class Flotilla {
  #nodes;
  #node = 0;
  #timeoutMillis;
  #session = new Session();

  /** Endpoints are HOST:PORT. The deadline of each call counts from its beginning. */
  constructor(endpoints, { timeoutMillis = 10_000 } = {}) {
    this.#nodes = endpoints.map((endpoint) =>
      createClient(Kv, createGrpcTransport({ baseUrl: `http://${endpoint}` })),
    );
    this.#timeoutMillis = timeoutMillis;
  }

  /** `{ value, revision }`, or null if the key is absent. */
  async get(key) {
    const { found, value, revision } = await this.#call("get", { key: bytes(key) });
    return found ? { value, revision } : null;
  }

  async put(key, value, { ttlMillis = 0 } = {}) {
    const request = { key: bytes(key), value: bytes(value), ttlMillis: BigInt(ttlMillis) };
    return (await this.#write("put", request)).revision;
  }

  async increment(key, delta) {
    return (await this.#write("increment", { key: bytes(key), delta: BigInt(delta) })).value;
  }

  /** The rows of [start, end), page by page, whichever shards hold them. */
  async *scan({ start = "", end = "", reverse = false, pageSize = 0 } = {}) {
    let range = { start: bytes(start), end: bytes(end) };
    while (range !== undefined) {
      // A page can be empty although there is more: only a missing `next` is the end.
      const page = await this.#call("scan", { range, reverse, limit: pageSize });
      yield* page.rows;
      range = page.next;
    }
  }

  async #write(method, request) {
    let session = this.#session;
    let number = session.begin();
    if (number === null) {
      session = this.#session = new Session();
      number = session.begin();
    }
    try {
      const reply = await this.#call(method, request, number);
      session.end(number);
      return reply;
    } catch (error) {
      if (error.outcome === "UNKNOWN") {
        // Whoever has the number may settle the write, so it must never be acknowledged.
        error.number = number;
        this.#session = new Session();
        throw error;
      }
      session.end(number);
      if (error.code === "SESSION_EXPIRED") {
        this.#session = new Session();
      }
      throw error;
    }
  }

  /** Tries until it is answered, refused for good, or out of time. */
  async #call(method, request, number = undefined) {
    const deadline = performance.now() + this.#timeoutMillis;
    let uncertain = false;
    for (let tries = 1; ; tries++) {
      const left = Math.max(1, Math.ceil(deadline - performance.now()));
      let detail;
      try {
        return await this.#nodes[this.#node][method](
          { ...request, context: { ...number, timeoutMillis: left } },
          { timeoutMs: left },
        );
      } catch (error) {
        detail = detailOf(error, number !== undefined);
        uncertain ||= detail.outcome === Outcome.UNKNOWN;
        const millis = Math.max(detail.retryAfterMillis, backoff(tries));
        if (isFinal(detail) || performance.now() + millis >= deadline) {
          // An earlier try may still be applied, whatever the last one says.
          throw new FlotillaError(uncertain ? { ...detail, outcome: Outcome.UNKNOWN } : detail, error);
        }
        await pause(millis);
      }
      this.#node = (this.#node + 1) % this.#nodes.length;
    }
  }
}

/** What was not applied may be sent again; so may what is unknown, with the same number. */
function isFinal({ outcome, code }) {
  return outcome === Outcome.REJECTED || code === ErrorCode.INTERNAL;
}

/** The server's word; without one, a write that has left may have been applied. */
export function detailOf(error, write) {
  const [detail] = ConnectError.from(error).findDetails(ErrorDetailSchema);
  if (detail !== undefined) {
    return detail;
  }
  return {
    code: ErrorCode.UNAVAILABLE,
    outcome: write ? Outcome.UNKNOWN : Outcome.NOT_APPLIED,
    message: error.message,
    shardId: 0n,
    nodeId: 0n,
    retryAfterMillis: 0,
  };
}

function backoff(tries) {
  const full = Math.min(MAX_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** Math.min(tries - 1, 10));
  return full / 2 + Math.random() * (full / 2);
}

export function bytes(text) {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}

export function text(value) {
  return new TextDecoder().decode(value);
}
