package io.flotilla.rules.violations.right;

import io.flotilla.rules.violations.left.Left;

/** Needs the left, which needs the right. */
public record Right(Left other) {}
