package io.flotilla.client;

import java.util.List;

/**
 * The nodes of a cluster.
 *
 * @param clusterId random identity of the cluster, hexadecimal
 * @param nodes by id
 */
public record NodeList(String clusterId, List<NodeInfo> nodes) {}
