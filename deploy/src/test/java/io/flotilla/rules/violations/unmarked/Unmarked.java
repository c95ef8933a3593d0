package io.flotilla.rules.violations.unmarked;

/** Null or not, who knows. */
public record Unmarked(String name) {}
