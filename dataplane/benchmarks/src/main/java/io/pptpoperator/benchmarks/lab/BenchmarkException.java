package io.pptpoperator.benchmarks.lab;

/** Something that a measurement needs did not work; the message says what. */
public final class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BenchmarkException(String message) {
        super(message);
    }
}
