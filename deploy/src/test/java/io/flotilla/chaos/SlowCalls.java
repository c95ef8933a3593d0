package io.flotilla.chaos;

import io.flotilla.client.CallListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Tells the tries of calls that took over a second: where the time went. Of one client. */
final class SlowCalls implements CallListener {
  private static final long SLOW_NANOS = 1_000_000_000L;

  private final Consumer<String> say;
  private final Map<Long, List<Attempt>> tries = new HashMap<>();

  SlowCalls(Consumer<String> say) {
    this.say = say;
  }

  @Override
  public synchronized void attempted(Call call, Attempt attempt) {
    tries.computeIfAbsent(call.id(), id -> new ArrayList<>()).add(attempt);
  }

  @Override
  public synchronized void ended(Call call, End end) {
    List<Attempt> of = tries.remove(call.id());
    if (end.nanos() < SLOW_NANOS) {
      return;
    }
    StringBuilder line = new StringBuilder(call.operation());
    line.append(String.format(Locale.ROOT, " took %,d ms:", end.nanos() / 1_000_000));
    for (Attempt attempt : of == null ? List.<Attempt>of() : of) {
      line.append(
          String.format(
              Locale.ROOT,
              " node %d of shard %d %s after %,d ms;",
              attempt.nodeId(),
              attempt.shardId(),
              attempt.failure().map(Enum::name).orElse("answered"),
              attempt.nanos() / 1_000_000));
    }
    say.accept(line.toString());
  }
}
