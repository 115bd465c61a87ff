package io.pptpoperator.operator.cluster;

/** Loopback addresses for this test run, which others on this machine at the same time are unlikely to use. */
final class Loopback {

    private Loopback() {}

    /** The first two octets of 65,536 of them, with the dot behind. */
    static String network() {
        return "127." + (64 + ProcessHandle.current().pid() % 128) + ".";
    }
}
