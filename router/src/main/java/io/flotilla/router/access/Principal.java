package io.flotilla.router.access;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Somebody who may do something.
 *
 * @param name for people
 * @param grants what may be done; the first that fits is enough
 * @param certificates names in certificates that stand for it
 * @param tokens hashes of tokens that stand for it, each with its end in milliseconds since 1970
 */
public record Principal(
    String name, List<Grant> grants, Set<String> certificates, Map<String, Long> tokens) {}
