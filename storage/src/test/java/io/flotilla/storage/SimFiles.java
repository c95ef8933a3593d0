package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@link StoreFiles} in memory. What was not synced is lost at a crash; a file that was created
 * anew over an old one is lost with it.
 */
public final class SimFiles implements StoreFiles {

  private final TreeMap<String, Payload> durable = new TreeMap<>();
  private final TreeMap<String, Payload> visible = new TreeMap<>();

  /** Goes back to what is durable. */
  public synchronized void crash() {
    visible.clear();
    visible.putAll(durable);
  }

  /** Replaces the content of a file behind the back of the owner. */
  public synchronized void overwrite(String name, Payload content) {
    visible.put(name, content);
    durable.put(name, content);
  }

  @Override
  public synchronized SortedSet<String> list() {
    return new TreeSet<>(visible.keySet());
  }

  @Override
  public synchronized long size(String name) {
    Payload content = visible.get(name);
    return content == null ? -1 : content.size();
  }

  @Override
  public synchronized Appender create(String name) {
    durable.remove(name);
    visible.put(name, Payload.EMPTY);
    return new SimAppender(name);
  }

  @Override
  public synchronized Payload read(String name, long offset, int maxBytes) {
    Payload content = visible.get(name);
    if (content == null) {
      throw new StoreException("there is no file " + name);
    }
    int from = (int) Math.min(offset, content.size());
    int to = (int) Math.min((long) from + maxBytes, content.size());
    return Payload.of(Arrays.copyOfRange(content.toByteArray(), from, to));
  }

  @Override
  public synchronized @Nullable Payload readAll(String name) {
    return visible.get(name);
  }

  @Override
  public synchronized void replace(String name, Payload content) {
    overwrite(name, content);
  }

  @Override
  public synchronized void delete(String name) {
    visible.remove(name);
    durable.remove(name);
  }

  private final class SimAppender implements Appender {

    private final String name;
    private final ByteSink bytes = new ByteSink();

    SimAppender(String name) {
      this.name = name;
    }

    @Override
    public void append(Payload more) {
      bytes.raw(more);
      synchronized (SimFiles.this) {
        visible.put(name, bytes.toPayload());
      }
    }

    @Override
    public void sync() {
      synchronized (SimFiles.this) {
        durable.put(name, bytes.toPayload());
      }
    }

    @Override
    public void close() {}
  }
}
