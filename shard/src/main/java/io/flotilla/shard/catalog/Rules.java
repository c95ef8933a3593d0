package io.flotilla.shard.catalog;

import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.PlacementRules;
import io.flotilla.contract.v1.RangeRule;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.List;

/** The rules of placement: what they may be, and what they say of a shard. */
public final class Rules {
  /** Three copies of everything, evened out. */
  public static final PlacementRules DEFAULT = of(3);

  private static final int MAX_REPLICAS = 7;
  private static final int MAX_RANGES = 1_000;

  /** Of the catalog, without which nothing can be repaired. */
  private static final int SYSTEM_REPLICAS = 5;

  private Rules() {}

  /** That many copies of everything, evened out. */
  public static PlacementRules of(int replicas) {
    return PlacementRules.newBuilder().setReplicas(replicas).setRebalance(true).build();
  }

  /** How many voters the shard should have. */
  public static int replicas(PlacementRules rules, ShardDescriptor shard) {
    if (shard.isSystem()) {
      return Math.max(rules.getReplicas(), SYSTEM_REPLICAS);
    }
    Payload start = shard.range().start();
    return rules.getRangesList().stream()
        .filter(rule -> Descriptors.fromProto(rule.getRange()).contains(start))
        .mapToInt(RangeRule::getReplicas)
        .findFirst()
        .orElse(rules.getReplicas());
  }

  /** What is wrong with rules; empty if nothing is. */
  static String fault(PlacementRules rules) {
    if (!isNumber(rules.getReplicas())) {
      return "replicas is " + Integer.toUnsignedString(rules.getReplicas()) + ", 1 to 7";
    }
    List<RangeRule> ranges = rules.getRangesList();
    if (ranges.size() > MAX_RANGES) {
      return "ranges has " + ranges.size() + " entries, at most " + MAX_RANGES;
    }
    for (int i = 0; i < ranges.size(); i++) {
      String fault = fault(ranges.get(i), ranges.subList(0, i));
      if (!fault.isEmpty()) {
        return "ranges[" + i + "]: " + fault;
      }
    }
    return "";
  }

  private static String fault(RangeRule rule, List<RangeRule> before) {
    if (!isNumber(rule.getReplicas())) {
      return "replicas is " + Integer.toUnsignedString(rule.getReplicas()) + ", 1 to 7";
    }
    if (isEmpty(rule.getRange())) {
      return "the range is empty: its start is not before its end";
    }
    var range = Descriptors.fromProto(rule.getRange());
    return before.stream().anyMatch(o -> range.overlaps(Descriptors.fromProto(o.getRange())))
        ? "the range overlaps another one"
        : "";
  }

  private static boolean isEmpty(KeyRange range) {
    return !range.getEnd().isEmpty()
        && Descriptors.payload(range.getStart()).compareTo(Descriptors.payload(range.getEnd()))
            >= 0;
  }

  private static boolean isNumber(int replicas) {
    return replicas >= 1 && replicas <= MAX_REPLICAS;
  }
}
