package io.flotilla.cli;

import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.PlacementRules;
import io.flotilla.client.PlacementRules.RangeRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "replicas",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows or sets how many voting replicas shards have: all of them, or those that begin in a"
          + " range of keys.",
      "With too few nodes a shard has the next lower odd number. The catalog has up to five."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla replicas                            what holds",
      "  flotilla replicas 5                          for all",
      "  flotilla replicas 5 --prefix orders/         for shards that begin there",
      "  flotilla replicas --prefix orders/ --reset   there, as for all the others again"
    })
final class ReplicasCommand extends ClusterCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NUMBER", description = "1 to 7.")
  @Nullable Integer number;

  @Option(names = "--reset", description = "Removes what was set for the range.")
  boolean reset;

  @Mixin RangeOptions range = new RangeOptions();
  @Mixin EncodingOptions encoding = new EncodingOptions();

  ReplicasCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    if (number != null && (number < 1 || number > 7)) {
      throw usage("NUMBER '" + number + "' is not from 1 to 7");
    }
    if (reset && (number != null || !range.isGiven())) {
      throw usage("--reset goes with a range alone: --prefix, or --from and --to");
    }
    if (number == null && !reset && range.isGiven()) {
      throw usage("a range goes with NUMBER or --reset");
    }
  }

  @Override
  int run(Cluster cluster) {
    PlacementRules rules = cluster.placement().rules();
    if (number != null || reset) {
      rules = cluster.placement().setRules(changed(rules));
    }
    show(rules);
    return 0;
  }

  private PlacementRules changed(PlacementRules rules) {
    if (!range.isGiven() && number != null) {
      return rules.withReplicas(number);
    }
    KeyRange wanted = range.scan(encoding).range();
    List<RangeRule> ranges = new ArrayList<>(rules.ranges());
    boolean known = ranges.removeIf(rule -> rule.range().equals(wanted));
    if (reset && !known) {
      throw new CommandFailure("NOT_FOUND", "nothing was set for this range");
    }
    if (number != null) {
      ranges.add(new RangeRule(wanted, number));
    }
    return rules.withRanges(ranges);
  }

  private void show(PlacementRules rules) {
    if (output.json()) {
      var object = OutputOptions.object().put("replicas", rules.replicas());
      var array = object.putArray("ranges");
      for (RangeRule rule : rules.ranges()) {
        var one = array.addObject();
        rule.range().start().ifPresent(key -> one.put("from", text(key)));
        rule.range().end().ifPresent(key -> one.put("to", text(key)));
        one.put("replicas", rule.replicas());
      }
      print(object);
      return;
    }
    print("each shard has " + rules.replicas() + " voting replicas");
    for (RangeRule rule : rules.ranges()) {
      print(
          "from %s to %s: %d"
              .formatted(
                  rule.range().start().map(this::text).orElse("(first)"),
                  rule.range().end().map(this::text).orElse("(last)"),
                  rule.replicas()));
    }
  }

  private String text(Key key) {
    return encoding.encoding().show(Arguments.bytes(key));
  }
}
