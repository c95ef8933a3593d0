/**
 * The code that the documents show, run against real servers, so that it cannot rot.
 *
 * <p>Between the markers of {@code SdkTour} stands exactly what the README shows, between those of
 * {@code Tutorial} what docs/tutorial.md shows; {@code ReadmeTest} and {@code TutorialTest} hold
 * each against its document, {@code TutorialIT} what is printed as well. {@code NodeExampleIT} runs
 * the example in another language.
 */
@NullMarked
package io.flotilla.examples;

import org.jspecify.annotations.NullMarked;
