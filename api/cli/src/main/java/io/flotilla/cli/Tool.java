package io.flotilla.cli;

/**
 * What all commands of one tool share.
 *
 * @param terminal the world around it
 * @param connector makes connections
 */
record Tool(Terminal terminal, Cluster.Connector connector) {}
