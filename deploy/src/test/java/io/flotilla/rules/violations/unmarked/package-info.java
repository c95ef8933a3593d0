/**
 * A package that does not say that nothing in it is null: for {@code ArchitectureTest}. Nothing
 * runs it.
 */
package io.flotilla.rules.violations.unmarked;
