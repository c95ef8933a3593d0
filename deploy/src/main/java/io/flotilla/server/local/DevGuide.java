package io.flotilla.server.local;

import io.flotilla.cli.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@code flotilla dev} tells once the cluster is up. Pure functions. */
final class DevGuide {
  private DevGuide() {}

  static List<String> lines(LocalCluster cluster, String command, Duration took) {
    List<String> lines = new ArrayList<>();
    int size = cluster.nodes().size();
    lines.add(
        "%d node%s up after %s; Ctrl-C stops."
            .formatted(size, size == 1 ? " is" : "s are", Durations.show(took)));
    lines.add("");
    for (NodeProcess node : cluster.nodes()) {
      lines.add(
          "  %s  %s  process %d  log %s"
              .formatted(
                  node.spec().name(),
                  node.spec().address(),
                  node.pid().orElse(0),
                  node.spec().log()));
    }
    lines.add("");
    lines.add("In another terminal:");
    lines.add("");
    lines.add("  export FLOTILLA_ENDPOINTS=" + String.join(",", cluster.endpoints()));
    lines.add(row(command, "put greeting hello", ""));
    lines.add(row(command, "get greeting", ""));
    lines.add(row(command, "scan --limit 10", ""));
    lines.add(row(command, "shard split h p --spread", "three shards from one"));
    lines.add(row(command, "shard show 2", "roles, terms and logs of its replicas"));
    lines.add(row(command, "status --watch", "then kill -9 one of the processes above"));
    return List.copyOf(lines);
  }

  private static String row(String command, String arguments, String comment) {
    String words = "  " + command + " " + arguments;
    return comment.isEmpty() ? words : "%-46s # %s".formatted(words, comment);
  }
}
