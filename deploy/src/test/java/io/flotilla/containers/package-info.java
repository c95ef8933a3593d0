/**
 * Nodes in containers, from the image that the shipped Dockerfile builds: what a kill, a pause, a
 * lost network and a rolling restart leave of the data.
 *
 * <p>These tests need a container engine and are skipped, saying so, where there is none. {@code
 * .ci/run} starts one where it can. {@code TEST_IMAGE_BASE} names the image to build on; without it
 * the Dockerfile's own is pulled.
 */
@NullMarked
package io.flotilla.containers;

import org.jspecify.annotations.NullMarked;
