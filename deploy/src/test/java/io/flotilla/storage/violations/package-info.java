/**
 * Classes that break the rules for {@code storage} on purpose, so that a test can show each rule
 * failing. They are compiled and never run. Read {@code ArchitectureRules} first.
 */
@NullMarked
package io.flotilla.storage.violations;

import org.jspecify.annotations.NullMarked;
