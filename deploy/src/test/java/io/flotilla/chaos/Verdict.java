package io.flotilla.chaos;

/**
 * One thing that must hold.
 *
 * @param what must hold, in words that are true if it does
 * @param holds whether it does
 * @param detail a figure or the first thing that is wrong
 */
record Verdict(String what, boolean holds, String detail) {}
