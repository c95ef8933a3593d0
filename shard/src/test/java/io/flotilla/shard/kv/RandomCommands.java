package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.batch;
import static io.flotilla.shard.kv.Commands.compareAndSet;
import static io.flotilla.shard.kv.Commands.condition;
import static io.flotilla.shard.kv.Commands.delete;
import static io.flotilla.shard.kv.Commands.deleteRange;
import static io.flotilla.shard.kv.Commands.deleting;
import static io.flotilla.shard.kv.Commands.expire;
import static io.flotilla.shard.kv.Commands.inSession;
import static io.flotilla.shard.kv.Commands.increment;
import static io.flotilla.shard.kv.Commands.put;
import static io.flotilla.shard.kv.Commands.putting;
import static io.flotilla.shard.kv.Commands.session;
import static io.flotilla.shard.kv.Commands.settle;
import static io.flotilla.shard.kv.Commands.utf8;

import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.internal.v1.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

/** Commands over a few keys, so that they meet; some of them come again. */
final class RandomCommands {
  private static final int KEYS = 12;
  private static final int SESSIONS = 4;

  private final SplittableRandom random;
  private final ToLongFunction<String> revisionOf;
  private final List<Command> sent = new ArrayList<>();
  private final long[] sequences = new long[SESSIONS];
  private long stamp = 1_000L << 16;
  private int values;

  /**
   * Commands from a seed.
   *
   * @param revisionOf the present revision of a key, so that conditions hold now and then
   */
  RandomCommands(SplittableRandom random, ToLongFunction<String> revisionOf) {
    this.random = random;
    this.revisionOf = revisionOf;
  }

  /** The clock of the leader: mostly it goes on, now and then it goes back. */
  long stamp() {
    stamp += random.nextInt(8) == 0 ? -random.nextLong(50L << 16) : random.nextLong(10L << 16);
    return stamp;
  }

  static String key(int number) {
    return "k%02d".formatted(number);
  }

  private String key() {
    return key(random.nextInt(KEYS));
  }

  Command next() {
    if (!sent.isEmpty() && random.nextInt(5) == 0) {
      return sent.get(random.nextInt(sent.size()));
    }
    if (!sent.isEmpty() && random.nextInt(8) == 0) {
      Command asked = sent.get(random.nextInt(sent.size()));
      return settle(key(), asked.getSessionId(), asked.getSequence());
    }
    Command command = fresh();
    if (random.nextInt(3) > 0) {
      int who = random.nextInt(SESSIONS);
      command = inSession(command, session(1_000 + who, who), ++sequences[who], 0);
      sent.add(command);
      if (random.nextInt(8) == 0) {
        return settle(key(), command.getSessionId(), command.getSequence());
      }
    }
    return command;
  }

  private Command fresh() {
    String key = key();
    return switch (random.nextInt(10)) {
      case 0 ->
          put(
              PutRequest.newBuilder()
                  .setKey(utf8(key))
                  .setValue(utf8(value()))
                  .setIfAbsent(random.nextBoolean())
                  .setReturnPrevious(random.nextBoolean())
                  .setTtlMillis(ttl()));
      case 1 -> delete(key, random.nextBoolean() ? 0 : expected(key), random.nextBoolean());
      case 2 -> compareAndSet(key, expected(key), value(), ttl());
      case 3 -> batch(conditions(), mutations());
      case 4, 5 -> increment(key, delta(), random.nextInt(3));
      case 6 -> deleteRange(key, random.nextBoolean() ? "" : key + "~", random.nextInt(4));
      case 7 -> put(key, value());
      default -> expire();
    };
  }

  /** Milliseconds that a few stamps take. */
  private long ttl() {
    return random.nextBoolean() ? 0 : 1 + random.nextLong(100);
  }

  /** Now and then so much that two of them do not fit. */
  private long delta() {
    long much = random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
    return random.nextInt(4) == 0 ? much : random.nextInt(20) - 10;
  }

  private String value() {
    return random.nextInt(3) == 0 ? "" + values++ : "v" + values++;
  }

  private long expected(String key) {
    return random.nextInt(4) == 0 ? random.nextLong(2_000) : revisionOf.applyAsLong(key);
  }

  private List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String key = key();
      conditions.add(condition(key, expected(key)));
    }
    return conditions;
  }

  private Mutation[] mutations() {
    Mutation[] mutations = new Mutation[1 + random.nextInt(3)];
    for (int i = 0; i < mutations.length; i++) {
      mutations[i] = random.nextInt(3) == 0 ? deleting(key()) : putting(key(), value(), ttl());
    }
    return mutations;
  }
}
