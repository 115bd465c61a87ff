package io.pptpoperator.benchmarks.tunnel;

/** One way to load a tunnel with TCP. */
enum Load {
    ONE_UP("1 stream, to the server", 1, false), ONE_DOWN("1 stream, to the client", 1, true),
    FOUR_UP("4 streams, to the server", 4, false), FOUR_DOWN("4 streams, to the client", 4, true);

    private final String label;
    private final int streams;
    private final boolean toClient;

    Load(String label, int streams, boolean toClient) {
        this.label = label;
        this.streams = streams;
        this.toClient = toClient;
    }

    /** What the tables call it. */
    String label() {
        return label;
    }

    /** Connections at once. */
    int streams() {
        return streams;
    }

    /** Whether the server sends. */
    boolean toClient() {
        return toClient;
    }
}
