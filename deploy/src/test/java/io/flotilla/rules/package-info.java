/**
 * The rules of the house, checked: which module may see what, and how long things may be.
 *
 * <p>{@link io.flotilla.rules.ArchitectureRules} and {@link io.flotilla.rules.TidyRules} are lists
 * of rules as values. A test applies each to the whole project, and another to a small piece that
 * breaks it, because a rule that never fails may not look at anything. Nothing here runs product
 * code.
 */
@NullMarked
package io.flotilla.rules;

import org.jspecify.annotations.NullMarked;
