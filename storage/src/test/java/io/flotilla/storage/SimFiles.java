package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@link StoreFiles} in memory. What was not synced is lost at a crash, or part of it; a file that
 * was created anew over an old one is lost with it. Each change of a file is a step at which a
 * process can be made to die, or a disk to fail.
 */
public final class SimFiles implements StoreFiles {

  /** When an armed crash strikes: the step has not happened, or it has and nobody knows. */
  public enum CrashPoint {
    BEFORE_STEP,
    AFTER_STEP
  }

  private final TreeMap<String, Payload> durable = new TreeMap<>();
  private final TreeMap<String, Payload> visible = new TreeMap<>();
  private Runnable onCrash = () -> {};
  private long steps;
  private long crashAtStep = -1;
  private CrashPoint crashPoint = CrashPoint.BEFORE_STEP;
  private long failAtStep = -1;
  private long struck;
  private long freeBytes = Long.MAX_VALUE;

  /** Goes back to what is durable. */
  public synchronized void crash() {
    visible.clear();
    visible.putAll(durable);
    disarm();
  }

  /** Goes back to what is durable, and perhaps to some of what was not. */
  synchronized void crash(RandomGenerator random) {
    visible.forEach(
        (name, content) -> {
          Payload synced = durable.getOrDefault(name, Payload.EMPTY);
          boolean grown = content.size() > synced.size() || !durable.containsKey(name);
          if (grown && random.nextBoolean()) {
            durable.put(name, torn(content, synced.size(), random));
          }
        });
    crash();
  }

  /** Some more than what was synced: as it was written, or a length without the bytes. */
  private static Payload torn(Payload content, int synced, RandomGenerator random) {
    int kept = synced + random.nextInt(content.size() - synced + 1);
    byte[] bytes = Arrays.copyOf(content.toByteArray(), kept);
    if (random.nextBoolean()) {
      Arrays.fill(bytes, synced, kept, (byte) 0);
    }
    return Payload.of(bytes);
  }

  /** The durable files, to go back to. */
  synchronized TreeMap<String, Payload> image() {
    return new TreeMap<>(durable);
  }

  synchronized void restore(TreeMap<String, Payload> image) {
    durable.clear();
    durable.putAll(image);
    crash();
  }

  /** Is told when an armed crash strikes; what called the file gets a {@link SimCrashException}. */
  public synchronized void onCrash(Runnable listener) {
    onCrash = listener;
  }

  /**
   * Crashes at a change of a file to come.
   *
   * @param number 1 for the next one
   */
  public synchronized void crashAtStep(int number, CrashPoint point) {
    crashAtStep = steps + number;
    crashPoint = point;
  }

  /** Fails a change of a file to come, once; 1 for the next one. */
  public synchronized void failAtStep(int number) {
    failAtStep = steps + number;
  }

  /** Takes back what was armed and has not struck. */
  public synchronized void disarm() {
    crashAtStep = -1;
    failAtStep = -1;
  }

  /** How many armed failures have struck. */
  public synchronized long struck() {
    return struck;
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
    step(
        "create " + name,
        () -> {
          durable.remove(name);
          visible.put(name, Payload.EMPTY);
        });
    return new SimAppender(name, Payload.EMPTY);
  }

  @Override
  public synchronized Appender resume(String name, long size) {
    Payload content = visible.get(name);
    if (content == null || content.size() < size) {
      throw new StoreException(name + " has less than " + size + " bytes");
    }
    Payload kept = Payload.of(Arrays.copyOf(content.toByteArray(), (int) size));
    step("resume " + name, () -> visible.put(name, kept));
    return new SimAppender(name, kept);
  }

  @Override
  public synchronized long freeBytes() {
    return freeBytes;
  }

  /** From now on there is room for so much, whatever is written. */
  public synchronized void freeBytes(long bytes) {
    freeBytes = bytes;
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

  /** Write, sync and rename come to one step: a crash before the rename leaves the old content. */
  @Override
  public synchronized void replace(String name, Payload content) {
    step("replace " + name, () -> overwrite(name, content));
  }

  @Override
  public synchronized void delete(String name) {
    step(
        "delete " + name,
        () -> {
          visible.remove(name);
          durable.remove(name);
        });
  }

  private void step(String what, Runnable change) {
    steps++;
    boolean crash = steps == crashAtStep;
    if (crash && crashPoint == CrashPoint.BEFORE_STEP) {
      die("before " + what);
    }
    if (steps == failAtStep) {
      struck++;
      throw new StoreException("simulated failure to " + what);
    }
    change.run();
    if (crash) {
      die("after " + what);
    }
  }

  private void die(String where) {
    onCrash.run();
    throw new SimCrashException(where);
  }

  private final class SimAppender implements Appender {

    private final String name;
    private final ByteSink bytes = new ByteSink();

    SimAppender(String name, Payload before) {
      this.name = name;
      bytes.raw(before);
    }

    @Override
    public void append(Payload more) {
      synchronized (SimFiles.this) {
        step(
            "append to " + name,
            () -> {
              bytes.raw(more);
              visible.put(name, bytes.toPayload());
            });
      }
    }

    @Override
    public void sync() {
      synchronized (SimFiles.this) {
        step("sync " + name, () -> durable.put(name, bytes.toPayload()));
      }
    }

    @Override
    public void close() {}
  }
}
