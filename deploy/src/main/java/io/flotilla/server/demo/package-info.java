/**
 * {@code flotilla demo}: a story that ends by itself and checks what it tells.
 *
 * <p>{@link io.flotilla.server.demo.DemoCommand} sets the stage: three node processes in a
 * directory of their own. {@link io.flotilla.server.demo.Story} is the sequence of steps; each ends
 * verified or fails the whole. It sees the cluster only as any client does, and a node only as a
 * process it can kill and start.
 */
@NullMarked
package io.flotilla.server.demo;

import org.jspecify.annotations.NullMarked;
