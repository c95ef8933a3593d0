/**
 * Benchmarks of the hot paths, one class each: {@code bin/jmh} runs them, the build only compiles
 * them. What they measure is the real code below the network; figures and how they were obtained
 * are in {@code docs/performance.md}.
 *
 * <p>Not null-marked: JMH makes subclasses of these classes and fills their fields.
 */
package io.flotilla.jmh;
