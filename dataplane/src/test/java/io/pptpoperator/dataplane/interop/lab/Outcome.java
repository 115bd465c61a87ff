package io.pptpoperator.dataplane.interop.lab;

/**
 * How a command ended.
 *
 * @param status its exit status
 * @param output what it printed on both of its outputs, without the last line end
 */
public record Outcome(int status, String output) {

    /** Whether it ended with status 0. */
    public boolean succeeded() {
        return status == 0;
    }
}
