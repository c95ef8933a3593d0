/**
 * The code that the README shows, run against a real server, so that it cannot rot.
 *
 * <p>Between the markers of {@code SdkTour} stands exactly what the README shows; {@code
 * ReadmeTest} holds the two against each other.
 */
@NullMarked
package io.flotilla.examples;

import org.jspecify.annotations.NullMarked;
