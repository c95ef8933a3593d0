package io.flotilla.router;

/**
 * What a router did since it was made, in numbers.
 *
 * @param calls to other nodes
 * @param failedCalls to other nodes that brought no answer
 * @param refusedCalls that were not made because the node is left alone
 * @param retries tries of calls beyond the first
 * @param breakersOpened how often a node began to be left alone, or a probe of it failed
 * @param breakersOpen nodes that are left alone now
 */
public record RouterCounts(
    long calls,
    long failedCalls,
    long refusedCalls,
    long retries,
    long breakersOpened,
    int breakersOpen) {}
