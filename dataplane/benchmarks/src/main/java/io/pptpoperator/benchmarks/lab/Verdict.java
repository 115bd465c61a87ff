package io.pptpoperator.benchmarks.lab;

/**
 * Whether a target is met.
 *
 * @param measure what was measured
 * @param target what it should be
 * @param figure what it is
 * @param met whether that is good enough
 */
public record Verdict(String measure, String target, String figure, boolean met) {}
