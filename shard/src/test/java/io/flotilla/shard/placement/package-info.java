/** What the planner finds in made-up clusters. Read first: {@code PlannerTest}. */
@NullMarked
package io.flotilla.shard.placement;

import org.jspecify.annotations.NullMarked;
