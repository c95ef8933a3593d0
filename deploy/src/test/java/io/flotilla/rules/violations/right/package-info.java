/**
 * One of two packages that need each other on purpose: the cycle for {@code ArchitectureTest}.
 * Nothing runs it.
 */
@NullMarked
package io.flotilla.rules.violations.right;

import org.jspecify.annotations.NullMarked;
