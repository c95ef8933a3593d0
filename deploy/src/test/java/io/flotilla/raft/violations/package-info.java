/**
 * Classes that break the rules for {@code raft} on purpose, so that a test can show each rule
 * failing. They are compiled and never run. Read {@code ArchitectureRules} first.
 */
@NullMarked
package io.flotilla.raft.violations;

import org.jspecify.annotations.NullMarked;
