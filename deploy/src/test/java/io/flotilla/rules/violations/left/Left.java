package io.flotilla.rules.violations.left;

import io.flotilla.rules.violations.right.Right;

/** Needs the right, which needs the left. */
public record Left(Right other) {}
