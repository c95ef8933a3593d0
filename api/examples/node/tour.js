// node tour.js HOST:PORT [HOST:PORT ...]
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Flotilla, FlotillaError, Session, bytes, detailOf, text } from "./flotilla.js";
import { Admin } from "./gen/flotilla/v1/admin_pb.js";
import { Kv, Settlement } from "./gen/flotilla/v1/kv_pb.js";

const endpoints = process.argv.slice(2);
if (endpoints.length === 0) {
  console.error("usage: node tour.js HOST:PORT [HOST:PORT ...]");
  process.exit(2);
}
const flotilla = new Flotilla(endpoints);
const transport = createGrpcTransport({ baseUrl: `http://${endpoints[0]}` });

console.log("-- put and get");
const revision = await flotilla.put("node/greeting", "hello");
const greeting = await flotilla.get("node/greeting");
console.log(`${text(greeting.value)}, same revision: ${greeting.revision === revision}`);
console.log(`absent: ${(await flotilla.get("node/nobody")) === null}`);

console.log("-- a scan over two shards, six rows a page");
for (let i = 0; i < 20; i++) {
  await flotilla.put(`node/row/${String(i).padStart(2, "0")}`, `value ${i}`);
}
await createClient(Admin, transport).splitShard({ key: bytes("node/row/10") });
const rows = [];
for await (const row of flotilla.scan({ start: "node/row/", end: "node/row0", pageSize: 6 })) {
  rows.push(text(row.key));
}
console.log(`${rows.length} rows, ${rows[0]} to ${rows.at(-1)}`);
const down = [];
for await (const row of flotilla.scan({ start: "node/row/", end: "node/row0", reverse: true })) {
  down.push(text(row.key));
}
console.log(`the same downwards: ${down.reverse().join() === rows.join()}`);

console.log("-- exactly once: the same write is sent twice");
const kv = createClient(Kv, transport);
const session = new Session();
const number = session.begin();
const counter = bytes("node/counter");
for (let i = 0; i < 2; i++) {
  const reply = await kv.increment({ key: counter, delta: 1n, context: number });
  console.log(`the counter is ${reply.value}`);
}
session.end(number);

console.log("-- what became of a write that was never sent, and may not come any more");
const late = session.begin();
const { settlement } = await kv.settleWrite({ key: counter, context: late });
console.log(Settlement[settlement]);
await failure(() => kv.increment({ key: counter, delta: 1n, context: late }));
console.log(`the counter is ${await flotilla.increment(counter, 0)}`);

console.log("-- failures say why, and what they left behind");
await failure(() => flotilla.put("", "a key has at least one byte"));
await failure(() => flotilla.increment("node/greeting", 1));

console.log("-- nobody is there: the call ends by its deadline");
const nobody = new Flotilla(["127.0.0.1:9"], { timeoutMillis: 500 });
const begun = performance.now();
await failure(() => nobody.get("node/greeting"));
console.log(`in time: ${performance.now() - begun < 1_500}`);

async function failure(call) {
  try {
    await call();
    console.log("no failure");
  } catch (error) {
    const known = error instanceof FlotillaError ? error : new FlotillaError(detailOf(error, true));
    console.log(`${known.code}, ${known.outcome}`);
  }
}
