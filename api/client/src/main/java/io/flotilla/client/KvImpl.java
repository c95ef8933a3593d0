package io.flotilla.client;

import static io.flotilla.client.Waiting.read;
import static io.flotilla.client.Waiting.write;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The blocking face over the futures. Its futures are completed in place and never handed out, so
 * that a callback which makes blocking calls does not wait for the executor it runs on.
 */
final class KvImpl implements Kv {
  private final AsyncKvImpl async;

  KvImpl(AsyncKvImpl async) {
    this.async = async;
  }

  @Override
  public Kv withTimeout(Duration timeout) {
    return new KvImpl(async.withTimeout(timeout));
  }

  @Override
  public Kv withReads(ReadOptions reads) {
    return new KvImpl(async.withReads(reads));
  }

  @Override
  public Kv withTraceparent(String traceparent) {
    return new KvImpl(async.withTraceparent(traceparent));
  }

  @Override
  public Optional<Entry> get(Key key) {
    return read(() -> async.get(key));
  }

  @Override
  public Reading inspect(Key key) {
    return read(() -> async.inspect(key));
  }

  @Override
  public Map<Key, Entry> multiGet(Collection<Key> keys) {
    return read(() -> async.multiGet(keys));
  }

  @Override
  public WriteResult put(Key key, Value value) {
    return write(() -> async.put(key, value));
  }

  @Override
  public PutAllResult putAll(Map<Key, Value> values) {
    return write(() -> async.putAll(values));
  }

  @Override
  public WriteResult putIfAbsent(Key key, Value value) {
    return write(() -> async.putIfAbsent(key, value));
  }

  @Override
  public WriteResult put(Key key, Value value, Duration ttl) {
    return write(() -> async.put(key, value, ttl));
  }

  @Override
  public WriteResult putIfAbsent(Key key, Value value, Duration ttl) {
    return write(() -> async.putIfAbsent(key, value, ttl));
  }

  @Override
  public WriteResult compareAndSet(Key key, long expectedRevision, Value value, Duration ttl) {
    return write(() -> async.compareAndSet(key, expectedRevision, value, ttl));
  }

  @Override
  public WriteResult getAndPut(Key key, Value value) {
    return write(() -> async.getAndPut(key, value));
  }

  @Override
  public WriteResult getAndPut(Key key, Value value, Duration ttl) {
    return write(() -> async.getAndPut(key, value, ttl));
  }

  @Override
  public WriteResult delete(Key key) {
    return write(() -> async.delete(key));
  }

  @Override
  public WriteResult getAndDelete(Key key) {
    return write(() -> async.getAndDelete(key));
  }

  @Override
  public WriteResult compareAndSet(Key key, long expectedRevision, Value value) {
    return write(() -> async.compareAndSet(key, expectedRevision, value));
  }

  @Override
  public WriteResult compareAndDelete(Key key, long expectedRevision) {
    return write(() -> async.compareAndDelete(key, expectedRevision));
  }

  @Override
  public Counted increment(Key key, long delta, long initial) {
    return write(() -> async.increment(key, delta, initial));
  }

  @Override
  public DeletedRange deleteRange(KeyRange range) {
    return write(() -> async.deleteRange(range));
  }

  @Override
  public DeletedRange deletePage(KeyRange range) {
    return write(() -> async.deletePage(range));
  }

  @Override
  public Settlement settle(WriteId id) {
    return write(() -> async.settle(id));
  }

  @Override
  public BatchResult batch(Batch batch) {
    return write(() -> async.batch(batch));
  }

  @Override
  public Page scanPage(Scan scan) {
    return read(() -> async.scan(scan));
  }

  @Override
  public Iterator<Entry> scanIterator(Scan scan) {
    return new ScanIterator(this, scan);
  }

  @Override
  public Stream<Entry> scan(Scan scan) {
    int traits = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(scanIterator(scan), traits), false);
  }
}
