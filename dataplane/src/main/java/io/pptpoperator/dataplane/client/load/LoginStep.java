package io.pptpoperator.dataplane.client.load;

/** The parts of a login whose time is measured, in order. */
enum LoginStep {
    TCP("tcp"), CONTROL("start-control"), CALL("call"), LCP("lcp"), AUTHENTICATION("authentication"),
    ENCRYPTION("mppe"), ADDRESSES("addresses");

    private final String label;

    LoginStep(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
